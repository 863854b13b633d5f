import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { createContext, use, useMemo, useState, type ReactNode } from "react";
import { serviceHealthQuery } from "../api/account";
import { useApi } from "../api/api-context";
import { ordersQuery } from "../api/trading";
import { isWorking } from "../api/types";
import { useNow } from "../ui/use-now";
import { choosePollingInterval, staleAfter } from "./polling";

interface Live {
  /** Milliseconds between two looks. */
  interval: number;
  /** Age in milliseconds from which data is stale. */
  staleAfter: number;
}

const FIRST: Live = { interval: 5_000, staleAfter: staleAfter(5_000) };

const Context = createContext<Live>(FIRST);

export function useLive(): Live {
  return use(Context);
}

/** Remember when market time was last seen to move, in machine milliseconds; null before it was seen. */
function useLastMove(marketTime: string | null | undefined, now: number): number | null {
  const [seen, setSeen] = useState<{ time: string; at: number } | null>(null);
  if (marketTime && marketTime !== seen?.time) setSeen({ time: marketTime, at: now });
  return seen?.at ?? null;
}

/** Choose the pace of every panel from the orders that work and the market's clock. */
export function LiveProvider({ children }: { children: ReactNode }) {
  const api = useApi();
  const [interval, setInterval] = useState(FIRST.interval);
  const health = useQuery({ ...serviceHealthQuery(api), refetchInterval: interval });
  const orders = useInfiniteQuery({ ...ordersQuery(api), refetchInterval: interval });
  const now = useNow();
  const lastMove = useLastMove(health.data?.market_time, now);

  const chosen = choosePollingInterval({
    workingOrders: orders.data?.pages.some((page) => page.orders.some(isWorking)) ?? false,
    marketClock: health.data?.market_clock ?? "replay",
    marketTimeIdleFor: lastMove === null ? null : now - lastMove,
    now: new Date(now),
  });
  if (chosen !== interval) setInterval(chosen);

  const live = useMemo(() => ({ interval, staleAfter: staleAfter(interval) }), [interval]);
  return <Context value={live}>{children}</Context>;
}
