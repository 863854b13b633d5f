import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useApi } from "../../api/api-context";
import { disableStrategy, enableStrategy } from "../../api/strategies";

interface Change {
  name: string;
  enable: boolean;
  /** Null means the latest. */
  version: number | null;
}

/** Let a strategy trade or stop it; the error says why the API refused. */
export function useTradingSwitch() {
  const api = useApi();
  const queries = useQueryClient();
  const mutation = useMutation({
    mutationFn: ({ name, enable, version }: Change) =>
      enable ? enableStrategy(api, name, version) : disableStrategy(api, name),
    onSettled: (_data, _error, { name }) =>
      Promise.all([
        queries.invalidateQueries({ queryKey: ["strategies"] }),
        queries.invalidateQueries({ queryKey: ["strategy", name] }),
      ]),
  });
  return {
    change: mutation.mutate,
    isPending: mutation.isPending,
    error: mutation.error,
    name: mutation.variables?.name,
  };
}
