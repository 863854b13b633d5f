import type { CandlestickData, SeriesMarker, Time, UTCTimestamp } from "lightweight-charts";
import type { Bar, Order, Split } from "../api/types";
import { formatCount, formatPrice, formatQuantity } from "../ui/format";
import { exchangeDate, wallClockSeconds, type ZoneChoice } from "../ui/time";
import type { ChartColours } from "./chart-colours";
import { fillMarkers, splitMarkers } from "./fill-markers";

/** Return a bar's place on the time axis: its date when bars last a session, else the reader's clock. */
export function barTime(bar: Bar, timeframe: string, zone: ZoneChoice): Time {
  if (timeframe.endsWith("d")) return exchangeDate(bar.opens_at);
  return wallClockSeconds(bar.opens_at, zone) as UTCTimestamp;
}

export function candles(bars: Bar[], timeframe: string, zone: ZoneChoice): CandlestickData[] {
  return bars.map((bar) => ({
    time: barTime(bar, timeframe, zone),
    open: Number(bar.open),
    high: Number(bar.high),
    low: Number(bar.low),
    close: Number(bar.close),
  }));
}

/** Return the arrows of the fills and the squares of the splits, in the order of time. */
export function markers(
  data: CandlestickData[],
  bars: Bar[],
  fills: Order[],
  splits: Split[],
  colours: ChartColours,
): SeriesMarker<Time>[] {
  const arrows = fillMarkers(bars, fills).map(({ bar, side, orders }) => ({
    bar,
    marker: {
      position: side === "buy" ? ("belowBar" as const) : ("aboveBar" as const),
      shape: side === "buy" ? ("arrowUp" as const) : ("arrowDown" as const),
      color: side === "buy" ? colours.rising : colours.falling,
      text: (side === "buy" ? "B" : "S") + (orders.length > 1 ? ` ×${orders.length}` : ""),
    },
  }));
  const squares = splitMarkers(bars, splits).map(({ bar, split }) => ({
    bar,
    marker: {
      position: "belowBar" as const,
      shape: "square" as const,
      color: colours.split,
      text: `split ${split.new}:${split.old}`,
    },
  }));
  return [...arrows, ...squares]
    .sort((one, two) => one.bar - two.bar)
    .flatMap(({ bar, marker }) => {
      const time = data[bar]?.time;
      return time === undefined ? [] : [{ ...marker, time }];
    });
}

/** Say what a bar holds and what was filled in it, for the line above the chart. */
export function describeBar(bar: Bar, fills: Order[], timeframe: string, when: string): string {
  const label = timeframe.endsWith("d") ? exchangeDate(bar.opens_at) : when;
  const prices = `O ${formatPrice(bar.open)}  H ${formatPrice(bar.high)}  L ${formatPrice(bar.low)}  C ${formatPrice(bar.close)}`;
  const filled = fillMarkers([bar], fills).flatMap((marker) =>
    marker.orders.map(
      (order) =>
        `${order.side} ${formatQuantity(order.filled_quantity)} at ${formatPrice(order.average_fill_price)}`,
    ),
  );
  return [`${label}  ${prices}  V ${formatQuantity(String(bar.volume))}`, ...filled].join(" · ");
}

/** Say in words what the chart shows, for readers who do not see it. */
export function describeChart(
  symbol: string,
  timeframe: string,
  bars: Bar[],
  fills: number,
): string {
  const first = bars[0];
  const last = bars.at(-1);
  if (!first || !last) return `${symbol}: no bars.`;
  return (
    `${symbol}, ${formatCount(bars.length, "bar")} of ${timeframe}, ` +
    `${exchangeDate(first.opens_at)} to ${exchangeDate(last.opens_at)}, ` +
    `${formatCount(fills, "fill")}: ▲ B bought, ▼ S sold. Prices are raw, not adjusted for splits.`
  );
}
