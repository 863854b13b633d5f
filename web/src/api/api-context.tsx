import { createContext, use, type ReactNode } from "react";
import type { ApiClient } from "./client";

const Context = createContext<ApiClient | null>(null);

export function ApiProvider({ client, children }: { client: ApiClient; children: ReactNode }) {
  return <Context value={client}>{children}</Context>;
}

export function useApi(): ApiClient {
  const client = use(Context);
  if (!client) throw new Error("ApiProvider must be around whatever calls the API.");
  return client;
}
