import { ActionIcon } from "@mantine/core";
import { useIsFetching, useQueryClient } from "@tanstack/react-query";
import { Link, Outlet } from "@tanstack/react-router";
import { useLive } from "../live/live-provider";
import { usePortfolio, useServiceHealth } from "../live/use-live-query";
import { Instant } from "../ui/instant";
import type { AppConfig } from "./config";
import { HaltSwitch } from "./halt-switch";
import { RiskBanner } from "./risk-banner";
import { SettingsMenu } from "./settings-menu";
import { ShortcutHelp } from "./shortcuts";
import { StageBadge } from "./stage-badge";

const pages = [
  { to: "/", title: "Overview" },
  { to: "/trade", title: "Trade" },
  { to: "/strategies", title: "Strategies" },
] as const;

function Refresh() {
  const client = useQueryClient();
  const isFetching = useIsFetching() > 0;
  const { interval } = useLive();
  const label = `Refresh now (by itself every ${interval / 1000} s)`;
  return (
    <ActionIcon
      variant="default"
      size={30}
      aria-label={label}
      title={label}
      aria-busy={isFetching}
      onClick={() => void client.invalidateQueries()}
    >
      <span aria-hidden="true">↻</span>
    </ActionIcon>
  );
}

function StageMismatch({ stage }: { stage: AppConfig["stage"] }) {
  const actual = usePortfolio().data?.stage;
  if (!actual || actual === stage) return null;
  return (
    <div className="risk-banner" role="alert">
      This page is configured for {stage} but the API trades {actual}: config.json is wrong. Deploy
      the site again before you act.
    </div>
  );
}

/** The frame of every screen: whose money, what time it is in the market, and the halt switch. */
export function Shell({ stage }: { stage: AppConfig["stage"] }) {
  const health = useServiceHealth();
  return (
    <div className="shell">
      <a className="skip-link" href="#main">
        Skip to the content
      </a>
      <header className="shell-header">
        <div className="shell-bar">
          <span className="brand">QuantumZero</span>
          <StageBadge stage={stage} />
          <span className="market-time">
            <span className="market-label">Market time </span>
            <Instant at={health.data?.market_time} />
          </span>
          <span className="push" />
          <Refresh />
          <SettingsMenu />
          <ShortcutHelp />
          <HaltSwitch />
        </div>
        <StageMismatch stage={stage} />
        <RiskBanner />
      </header>
      <nav className="shell-nav" aria-label="Screens">
        <ul>
          {pages.map((page) => (
            <li key={page.to}>
              <Link to={page.to} activeOptions={{ exact: page.to === "/", includeSearch: false }}>
                {page.title}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      <main className="shell-main" id="main" tabIndex={-1}>
        <Outlet />
      </main>
    </div>
  );
}
