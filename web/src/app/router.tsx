import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
} from "@tanstack/react-router";
import type { AppConfig } from "./config";
import { NotFound, ScreenFailed } from "./failures";
import { Shell } from "./shell";

interface RouterContext {
  stage: AppConfig["stage"];
}

const root = createRootRouteWithContext<RouterContext>()({ component: Root });

function Root() {
  const { stage } = root.useRouteContext();
  return <Shell stage={stage} />;
}

const overview = createRoute({
  getParentRoute: () => root,
  path: "/",
  component: lazyRouteComponent(() => import("../screens/overview/overview")),
});

/** What the trade screen shows: kept in the address, so that a link opens the same view. */
export interface TradeSearch {
  symbol?: string;
  timeframe?: string;
  decision?: string;
  order?: string;
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

const trade = createRoute({
  getParentRoute: () => root,
  path: "/trade",
  validateSearch: (search: Record<string, unknown>): TradeSearch => {
    const [symbol, timeframe, decision, order] = [
      search.symbol,
      search.timeframe,
      search.decision,
      search.order,
    ].map(text);
    return {
      ...(symbol ? { symbol } : {}),
      ...(timeframe ? { timeframe } : {}),
      ...(decision ? { decision } : {}),
      ...(order ? { order } : {}),
    };
  },
  component: lazyRouteComponent(() => import("../screens/trade/trade")),
});

const strategies = createRoute({
  getParentRoute: () => root,
  path: "/strategies",
  component: lazyRouteComponent(() => import("../screens/strategies/strategies")),
});

const newStrategy = createRoute({
  getParentRoute: () => root,
  path: "/strategies/new",
  component: lazyRouteComponent(() => import("../screens/strategies/new-strategy")),
});

const strategy = createRoute({
  getParentRoute: () => root,
  path: "/strategies/$name",
  component: lazyRouteComponent(() => import("../screens/strategies/strategy")),
});

/** Make the page's router; it answers every path of the site, so deep links need index.html. */
export function createAppRouter(stage: AppConfig["stage"]) {
  return createRouter({
    routeTree: root.addChildren([overview, trade, strategies, newStrategy, strategy]),
    context: { stage },
    defaultNotFoundComponent: NotFound,
    defaultErrorComponent: ScreenFailed,
    scrollRestoration: true,
  });
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}
