import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { ApiProvider } from "../api/api-context";
import { ApiError } from "../api/api-error";
import { createApiClient } from "../api/client";
import { AuthProvider, useAuthState } from "../auth/auth-context";
import { AuthStore } from "../auth/auth-store";
import { SignIn } from "../auth/sign-in";
import { LiveProvider } from "../live/live-provider";
import { PreferencesProvider } from "../ui/preferences";
import { authenticatorFor } from "./authenticator";
import type { AppConfig } from "./config";
import { createAppRouter } from "./router";
import { StageBadge } from "./stage-badge";
import { theme } from "./theme";

function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        // A refusal stays one; a lost packet or a cold start deserves one more try before it shows.
        retry: (failures, error) =>
          failures < 1 && error instanceof ApiError && (error.status === 0 || error.status >= 500),
        retryDelay: 500,
        // "online" of the browser says nothing about an API on this machine.
        networkMode: "always",
      },
      mutations: { networkMode: "always" },
    },
  });
}

interface Services {
  config: AppConfig;
  auth: AuthStore;
}

function SignedIn({ config, auth }: Services) {
  const [queries] = useState(createQueryClient);
  const [router] = useState(() => createAppRouter(config.stage));
  const [api] = useState(() => createApiClient(config.apiBase, auth));
  // What one person saw must not greet the next: the data goes with the session.
  useEffect(
    () => () => {
      queries.clear();
    },
    [queries],
  );
  return (
    <QueryClientProvider client={queries}>
      <ApiProvider client={api}>
        <LiveProvider>
          <RouterProvider router={router} />
        </LiveProvider>
      </ApiProvider>
    </QueryClientProvider>
  );
}

function Gate({ config, auth }: Services) {
  const state = useAuthState();
  if (state.status === "signed_in") return <SignedIn config={config} auth={auth} />;
  return <SignIn notice={state.notice} stage={<StageBadge stage={config.stage} />} />;
}

export function App({ config }: { config: AppConfig }) {
  const [auth] = useState(() => new AuthStore(authenticatorFor(config)));
  return (
    <MantineProvider theme={theme} defaultColorScheme="auto">
      <PreferencesProvider>
        <AuthProvider store={auth}>
          <Gate config={config} auth={auth} />
        </AuthProvider>
      </PreferencesProvider>
    </MantineProvider>
  );
}
