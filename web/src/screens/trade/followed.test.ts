import { expect, test } from "vitest";
import type { Position, StrategySummary } from "../../api/types";
import { followedSymbols, timeframesOf } from "./followed";

function strategy(universe: string[], timeframe: string): StrategySummary {
  return {
    name: "s",
    latest_version: 1,
    enabled: true,
    enabled_version: 1,
    universe,
    timeframe,
    updated_at: "2005-01-01T00:00:00Z",
  };
}

const strategies = [strategy(["MSFT", "AAPL"], "1d"), strategy(["AAPL"], "5m")];

test("symbols come from strategies, positions and the address, each once", () => {
  const held = [{ symbol: "IBM" } as Position, { symbol: "AAPL" } as Position];
  expect(followedSymbols(strategies, held, "GOOG")).toEqual(["AAPL", "GOOG", "IBM", "MSFT"]);
});

test("timeframes are those in which strategies look at the symbol", () => {
  expect(timeframesOf(strategies, "AAPL")).toEqual(["1d", "5m"]);
  expect(timeframesOf(strategies, "IBM")).toEqual(["1d"]);
});
