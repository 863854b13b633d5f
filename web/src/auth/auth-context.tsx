import { createContext, use, useSyncExternalStore, type ReactNode } from "react";
import type { AuthState, AuthStore } from "./auth-store";

const Context = createContext<AuthStore | null>(null);

export function AuthProvider({ store, children }: { store: AuthStore; children: ReactNode }) {
  return <Context value={store}>{children}</Context>;
}

export function useAuthStore(): AuthStore {
  const store = use(Context);
  if (!store) throw new Error("AuthProvider must be around whatever asks who is signed in.");
  return store;
}

export function useAuthState(): AuthState {
  const store = useAuthStore();
  return useSyncExternalStore(store.subscribe, store.read);
}

/** Say whether the signed-in person is in one of the groups. The API decides; this only greys out. */
export function useInGroup(...groups: string[]): boolean {
  const state = useAuthState();
  return state.status === "signed_in" && state.session.groups.some((g) => groups.includes(g));
}
