import { queryOptions } from "@tanstack/react-query";
import { unwrap, type ApiClient } from "./client";
import type { RiskState } from "./types";

export function portfolioQuery(api: ApiClient) {
  return queryOptions({
    queryKey: ["portfolio"],
    queryFn: ({ signal }) => unwrap(api.GET("/v1/portfolio", { signal })),
  });
}

export function positionsQuery(api: ApiClient) {
  return queryOptions({
    queryKey: ["positions"],
    queryFn: ({ signal }) => unwrap(api.GET("/v1/positions", { signal })),
  });
}

export function serviceHealthQuery(api: ApiClient) {
  return queryOptions({
    queryKey: ["service-health"],
    queryFn: ({ signal }) => unwrap(api.GET("/v1/service-health", { signal })),
  });
}

export function riskQuery(api: ApiClient) {
  return queryOptions({
    queryKey: ["risk"],
    queryFn: ({ signal }) => unwrap(api.GET("/v1/risk", { signal })),
  });
}

/** Refuse every new order from now on and cancel the working ones. */
export function haltTrading(api: ApiClient, reason: string): Promise<RiskState> {
  return unwrap(api.POST("/v1/risk/halt", { body: { reason } }));
}

export function resumeTrading(api: ApiClient, reason: string): Promise<RiskState> {
  return unwrap(api.POST("/v1/risk/resume", { body: { reason } }));
}
