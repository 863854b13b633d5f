import { expect, test } from "vitest";
import { PLAIN_TERMS } from "../../../e2e/fixture/plain-order";
import { orderKind } from "./order-words";

test("an order says its type, its prices and how long it lasts", () => {
  expect(orderKind(PLAIN_TERMS)).toBe("market, day");
  expect(orderKind({ ...PLAIN_TERMS, order_type: "limit", limit_price: "41" })).toBe(
    "limit 41.00, day",
  );
  expect(
    orderKind({ ...PLAIN_TERMS, order_type: "stop_limit", stop_price: "40", limit_price: "39.5" }),
  ).toBe("stop limit 40.00 limit 39.50, day");
  expect(
    orderKind({
      ...PLAIN_TERMS,
      order_type: "trailing_stop",
      trail_percent: "5",
      time_in_force: "gtc",
    }),
  ).toBe("trailing stop by 5 %, gtc");
});

test("an entry with levels for its legs is still told as what was sent", () => {
  expect(orderKind({ ...PLAIN_TERMS, take_profit_price: "44", stop_loss_price: "38" })).toBe(
    "market, day",
  );
});

test("a leg that waits says for which price, and one that was let go also how", () => {
  const leg = { ...PLAIN_TERMS, parent: "qz1-entry" } as const;
  const stop = { ...leg, leg: "stop", stop_loss_price: "38" } as const;
  expect(orderKind({ ...stop, held: true })).toBe("stop 38.00");
  expect(orderKind(stop)).toBe("stop 38.00: market, day");
  expect(
    orderKind({
      ...stop,
      rests: true,
      order_type: "limit",
      limit_price: "44",
      take_profit_price: "44",
    }),
  ).toBe("target 44.00 or stop 38.00");
  expect(orderKind({ ...leg, leg: "time", held: true })).toBe("time stop");
  expect(
    orderKind({
      ...leg,
      leg: "stop",
      rests: true,
      order_type: "trailing_stop",
      trail_percent: "5",
    }),
  ).toBe("stop by 5 %");
});
