import { describe, expect, test } from "vitest";
import type { Bar, Order } from "../api/types";
import { barIndexAt, fillMarkers, splitMarkers } from "./fill-markers";
import { PLAIN_TERMS } from "../../e2e/fixture/plain-order";

function bar(day: string): Bar {
  return {
    opens_at: `${day}T14:30:00Z`,
    closes_at: `${day}T21:00:00Z`,
    open: "10",
    high: "12",
    low: "9",
    close: "11",
    volume: 100,
  };
}

function filled(side: "buy" | "sell", at: string | null): Order {
  return {
    client_order_id: `o-${side}-${at ?? "none"}`,
    broker_order_id: null,
    strategy: "sma-cross",
    decision_id: "d",
    symbol: "AAPL",
    side,
    ...PLAIN_TERMS,
    quantity: "10",
    filled_quantity: "10",
    average_fill_price: "10.00",
    state: "FILLED",
    code: null,
    reason: null,
    limit: null,
    value: null,
    created_at: "2005-02-24T21:00:00Z",
    filled_at: at,
  };
}

const bars = ["2005-02-24", "2005-02-25", "2005-02-28"].map(bar);

describe("fill markers", () => {
  test("put a fill at the opening print on the bar that opens then", () => {
    const [marker] = fillMarkers(bars, [filled("buy", "2005-02-25T14:30:00Z")]);
    expect(marker).toMatchObject({ bar: 1, side: "buy" });
  });

  test("put a fill at the close on the bar that closes then", () => {
    expect(barIndexAt(bars, "2005-02-25T21:00:00Z")).toBe(1);
  });

  test("join fills of one side on one bar, and keep sides apart", () => {
    const at = "2005-02-25T15:00:00Z";
    const markers = fillMarkers(bars, [filled("buy", at), filled("buy", at), filled("sell", at)]);
    expect(markers.map(({ side, orders }) => [side, orders.length])).toEqual([
      ["buy", 2],
      ["sell", 1],
    ]);
  });

  test("leave out fills before the first bar, after the last, and orders without one", () => {
    const orders = [
      filled("buy", "2005-02-23T15:00:00Z"),
      filled("buy", "2005-03-01T14:30:00Z"),
      filled("buy", null),
    ];
    expect(fillMarkers(bars, orders)).toEqual([]);
    expect(fillMarkers([], orders)).toEqual([]);
  });

  test("come in the order of time", () => {
    const orders = [filled("sell", "2005-02-28T15:00:00Z"), filled("buy", "2005-02-24T15:00:00Z")];
    expect(fillMarkers(bars, orders).map((marker) => marker.bar)).toEqual([0, 2]);
  });
});

describe("split markers", () => {
  const split = { ex_date: "2005-02-28", new: 2, old: 1 };

  test("stand on the bar of the split's date", () => {
    expect(splitMarkers(bars, [split])).toEqual([{ bar: 2, split }]);
  });

  test("stand on the next bar when the date has none", () => {
    expect(splitMarkers(bars, [{ ...split, ex_date: "2005-02-26" }])[0]?.bar).toBe(2);
  });

  test("are left out before the first bar and after the last", () => {
    const outside = ["2000-06-21", "2014-06-09"].map((date) => ({ ...split, ex_date: date }));
    expect(splitMarkers(bars, outside)).toEqual([]);
    expect(splitMarkers([], [split])).toEqual([]);
  });
});
