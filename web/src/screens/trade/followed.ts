import type { Position, StrategySummary } from "../../api/types";

/** Return the symbols worth a chart: of every strategy and position, and the one asked for. */
export function followedSymbols(
  strategies: StrategySummary[],
  positions: Position[],
  asked: string | undefined,
): string[] {
  const found = new Set(strategies.flatMap((strategy) => strategy.universe));
  for (const position of positions) found.add(position.symbol);
  if (asked) found.add(asked);
  return [...found].sort();
}

/** Return the timeframes in which strategies look at a symbol; a day when none does. */
export function timeframesOf(strategies: StrategySummary[], symbol: string | undefined): string[] {
  const found = strategies
    .filter((strategy) => symbol !== undefined && strategy.universe.includes(symbol))
    .map((strategy) => strategy.timeframe);
  return found.length === 0 ? ["1d"] : [...new Set(found)];
}
