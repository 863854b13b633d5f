import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { unwrap, type ApiClient } from "./client";
import type { Order, OrderList, Timeframe } from "./types";

const PAGE = 50;

/** Pages of fills read for one chart at most: 1,000 fills, newest first. */
const FILL_PAGES = 2;
const FILL_PAGE = 500;

interface FillQuery {
  symbol: string;
  limit: number;
  cursor?: string;
}

function cursorQuery(cursor: string | null) {
  return cursor === null ? {} : { cursor };
}

export function ordersQuery(api: ApiClient) {
  return infiniteQueryOptions({
    queryKey: ["orders"],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET("/v1/orders", {
          params: { query: { limit: PAGE, ...cursorQuery(pageParam) } },
          signal,
        }),
      ),
    getNextPageParam: (page) => page.next_cursor,
  });
}

/** An order with every step of it; one that works still changes. */
export function orderQuery(api: ApiClient, id: string) {
  return queryOptions({
    queryKey: ["order", id],
    queryFn: ({ signal }) =>
      unwrap(api.GET("/v1/orders/{order_id}", { params: { path: { order_id: id } }, signal })),
  });
}

export function decisionsQuery(api: ApiClient, symbol: string) {
  return infiniteQueryOptions({
    queryKey: ["decisions", symbol],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET("/v1/decisions", {
          params: { query: { symbol, limit: PAGE, ...cursorQuery(pageParam) } },
          signal,
        }),
      ),
    getNextPageParam: (page) => page.next_cursor,
  });
}

/** A decision never changes, so it is read once. */
export function decisionQuery(api: ApiClient, id: string) {
  return queryOptions({
    queryKey: ["decision", id],
    queryFn: ({ signal }) =>
      unwrap(
        api.GET("/v1/decisions/{decision_id}", {
          params: { path: { decision_id: id } },
          signal,
        }),
      ),
    staleTime: Infinity,
  });
}

export function barsQuery(api: ApiClient, symbol: string, timeframe: Timeframe) {
  return queryOptions({
    queryKey: ["bars", symbol, timeframe],
    queryFn: ({ signal }) =>
      unwrap(
        api.GET("/v1/bars", { params: { query: { symbol, timeframe, limit: 1000 } }, signal }),
      ),
  });
}

/** The filled orders of one symbol, all pages of them up to a ceiling. */
export function fillsQuery(api: ApiClient, symbol: string) {
  return queryOptions({
    queryKey: ["fills", symbol],
    queryFn: async ({ signal }) => {
      const fills: Order[] = [];
      let cursor: string | null = null;
      for (let page = 0; page < FILL_PAGES; page += 1) {
        const query: FillQuery = { symbol, limit: FILL_PAGE, ...cursorQuery(cursor) };
        const answer: OrderList = await unwrap(
          api.GET("/v1/orders", { params: { query }, signal }),
        );
        fills.push(...answer.orders.filter((order) => order.filled_at !== null));
        cursor = answer.next_cursor;
        if (cursor === null) break;
      }
      return fills;
    },
  });
}
