import type { EquityPoint } from "../api/types";
import { exchangeDate } from "../ui/time";

export interface CurvePoint {
  /** The exchange's date of the close. */
  time: string;
  value: number;
}

/** Return one point a session, the last of its day, oldest first: what a daily time axis accepts. */
export function equityPoints(curve: EquityPoint[]): CurvePoint[] {
  const byDate = new Map<string, number>();
  for (const point of curve) byDate.set(exchangeDate(point.time), Number(point.equity));
  return [...byDate]
    .map(([time, value]) => ({ time, value }))
    .sort((one, two) => (one.time < two.time ? -1 : 1));
}

/** Return the fall from the highest equity so far as a negative percentage, point by point. */
export function drawdownPoints(points: CurvePoint[]): CurvePoint[] {
  let peak = -Infinity;
  return points.map(({ time, value }) => {
    peak = Math.max(peak, value);
    return { time, value: peak > 0 ? (value / peak - 1) * 100 : 0 };
  });
}
