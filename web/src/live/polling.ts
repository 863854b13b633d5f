import { isRegularSession } from "../ui/time";

/** What the page knows about how fast things change now. */
export interface Activity {
  workingOrders: boolean;
  marketClock: "machine" | "replay";
  /** Milliseconds of machine time since market time last moved; null when it was never seen. */
  marketTimeIdleFor: number | null;
  now: Date;
}

const WORKING = 2_000;
const OPEN = 5_000;
const CLOSED = 60_000;

/** A replay whose clock stood still this long is over or paused. */
const REPLAY_IDLE = 120_000;

function isOpen(activity: Activity): boolean {
  if (activity.marketClock === "machine") return isRegularSession(activity.now);
  return activity.marketTimeIdleFor === null || activity.marketTimeIdleFor < REPLAY_IDLE;
}

/** Return how many milliseconds to wait between two looks: 2 s, 5 s or 60 s. */
export function choosePollingInterval(activity: Activity): number {
  if (!isOpen(activity)) return CLOSED;
  return activity.workingOrders ? WORKING : OPEN;
}

/** Return the age from which data fetched at this pace is stale: three looks missed, and one timeout. */
export function staleAfter(interval: number): number {
  return interval * 3 + 4_000;
}
