import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { portfolioQuery, positionsQuery, riskQuery, serviceHealthQuery } from "../api/account";
import { useApi } from "../api/api-context";
import { strategiesQuery } from "../api/strategies";
import { barsQuery, decisionsQuery, fillsQuery, ordersQuery } from "../api/trading";
import type { Timeframe } from "../api/types";
import { useLive } from "./live-provider";

export function usePortfolio() {
  return useQuery({ ...portfolioQuery(useApi()), refetchInterval: useLive().interval });
}

export function usePositions() {
  return useQuery({ ...positionsQuery(useApi()), refetchInterval: useLive().interval });
}

export function useServiceHealth() {
  return useQuery({ ...serviceHealthQuery(useApi()), refetchInterval: useLive().interval });
}

export function useRisk() {
  return useQuery({ ...riskQuery(useApi()), refetchInterval: useLive().interval });
}

export function useOrders() {
  return useInfiniteQuery({ ...ordersQuery(useApi()), refetchInterval: useLive().interval });
}

export function useDecisions(symbol: string) {
  return useInfiniteQuery({
    ...decisionsQuery(useApi(), symbol),
    refetchInterval: useLive().interval,
  });
}

export function useStrategies() {
  return useQuery({ ...strategiesQuery(useApi()), refetchInterval: useLive().interval });
}

/** A chart's data is the heaviest answer of the API, so it is read at most every five seconds. */
function useChartInterval(): number {
  return Math.max(useLive().interval, 5_000);
}

export function useBars(symbol: string, timeframe: Timeframe) {
  return useQuery({
    ...barsQuery(useApi(), symbol, timeframe),
    refetchInterval: useChartInterval(),
  });
}

export function useFills(symbol: string) {
  return useQuery({ ...fillsQuery(useApi(), symbol), refetchInterval: useChartInterval() });
}
