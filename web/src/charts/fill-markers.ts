import type { Bar, Order, Split } from "../api/types";
import { exchangeDate } from "../ui/time";

/** The fills of one side on one bar, drawn as one arrow. */
export interface FillMarker {
  /** Index of the bar among those of the chart. */
  bar: number;
  side: "buy" | "sell";
  orders: Order[];
}

/** Return the index of the bar in which an instant lies, or of the last bar before it; -1 before the first. */
export function barIndexAt(bars: Bar[], instant: string): number {
  const time = Date.parse(instant);
  let low = 0;
  let high = bars.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const bar = bars[middle];
    if (bar && Date.parse(bar.opens_at) <= time) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** Place fills on the bars in which they happened, oldest first; fills outside the bars are left out. */
export function fillMarkers(bars: Bar[], orders: Order[]): FillMarker[] {
  const found = new Map<string, FillMarker>();
  const last = bars.at(-1);
  if (!last) return [];
  for (const order of orders) {
    if (!order.filled_at || Date.parse(order.filled_at) > Date.parse(last.closes_at)) continue;
    const bar = barIndexAt(bars, order.filled_at);
    if (bar < 0) continue;
    const key = `${bar}/${order.side}`;
    const marker = found.get(key);
    if (marker) marker.orders.push(order);
    else found.set(key, { bar, side: order.side, orders: [order] });
  }
  return [...found.values()].sort((one, two) => one.bar - two.bar);
}

/** Return the index of the first bar at or after a split's date, for splits inside the bars. */
export function splitMarkers(bars: Bar[], splits: Split[]): { bar: number; split: Split }[] {
  const first = bars[0];
  if (!first) return [];
  const dates = bars.map((bar) => exchangeDate(bar.opens_at));
  return splits.flatMap((split) => {
    const bar = dates.findIndex((date) => date >= split.ex_date);
    const isInside = bar > 0 || (bar === 0 && dates[0] === split.ex_date);
    return isInside ? [{ bar, split }] : [];
  });
}
