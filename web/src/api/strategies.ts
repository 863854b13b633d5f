import { queryOptions } from "@tanstack/react-query";
import { unwrap, type ApiClient } from "./client";
import type { StrategyDetail, StrategySummary, ValidationResult } from "./types";

export function strategiesQuery(api: ApiClient) {
  return queryOptions({
    queryKey: ["strategies"],
    queryFn: ({ signal }) => unwrap(api.GET("/v1/strategies", { signal })),
  });
}

/** One version of a strategy's document; the latest when version is null. */
export function strategyQuery(api: ApiClient, name: string, version: number | null) {
  return queryOptions({
    queryKey: ["strategy", name, version],
    queryFn: ({ signal }) =>
      unwrap(
        api.GET("/v1/strategies/{name}", {
          params: { path: { name }, query: version === null ? {} : { version } },
          signal,
        }),
      ),
  });
}

/** Let a version trade; the latest when version is null. */
export function enableStrategy(
  api: ApiClient,
  name: string,
  version: number | null,
): Promise<StrategySummary> {
  return unwrap(
    api.POST("/v1/strategies/{name}/enable", { params: { path: { name } }, body: { version } }),
  );
}

export function disableStrategy(api: ApiClient, name: string): Promise<StrategySummary> {
  return unwrap(api.POST("/v1/strategies/{name}/disable", { params: { path: { name } } }));
}

export function validateDocument(api: ApiClient, document: string): Promise<ValidationResult> {
  return unwrap(api.POST("/v1/strategies/validate", { body: { document } }));
}

/** Store a document as the next version of the strategy that it names. */
export function storeDocument(api: ApiClient, document: string): Promise<StrategyDetail> {
  return unwrap(api.POST("/v1/strategies", { body: { document } }));
}
