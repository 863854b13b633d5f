import { Text, Title } from "@mantine/core";
import { lazy } from "react";
import type { Portfolio } from "../../api/types";
import { useLive } from "../../live/live-provider";
import { usePortfolio } from "../../live/use-live-query";
import { formatMoney, ratioOf } from "../../ui/format";
import { Instant } from "../../ui/instant";
import { LazyChart } from "../../ui/lazy-chart";
import { Panel } from "../../ui/panel";
import { Profit } from "../../ui/profit";
import { AlertsPanel } from "./alerts";
import { ExposurePanel } from "./exposure";
import { ServiceHealthPanel } from "./service-health";

const EquityChart = lazy(() => import("../../charts/equity-chart"));

/** Return the day's profit as a fraction of the equity that the day started with. */
function dayFraction(portfolio: Portfolio): number | null {
  const start = Number(portfolio.equity) - Number(portfolio.day_profit);
  return ratioOf(portfolio.day_profit, String(start));
}

function AccountFigures({ portfolio }: { portfolio: Portfolio }) {
  return (
    <dl className="figures figure">
      <div>
        <dt>Equity</dt>
        <dd data-testid="equity">
          {formatMoney(portfolio.equity)}
          <small>
            account {portfolio.account}, <Instant at={portfolio.market_time} />
          </small>
        </dd>
      </div>
      <div>
        <dt>Profit of the day</dt>
        <dd>
          <Profit amount={portfolio.day_profit} fraction={dayFraction(portfolio)} />
          <small>since the previous close</small>
        </dd>
      </div>
      <div>
        <dt>Cash</dt>
        <dd>{formatMoney(portfolio.cash)}</dd>
      </div>
    </dl>
  );
}

export default function Overview() {
  const portfolio = usePortfolio();
  const { staleAfter } = useLive();
  return (
    <>
      <Title order={1} size="h4" mb="sm">
        Overview
      </Title>
      <div className="columns">
        <Panel title="Account" source={portfolio} staleAfter={staleAfter}>
          {(data) => <AccountFigures portfolio={data} />}
        </Panel>
        <div className="wide">
          <Panel
            title="Equity"
            source={portfolio}
            staleAfter={staleAfter}
            height={330}
            isEmpty={(data) => data.equity_curve.length === 0}
            empty={
              <Text size="sm">
                No session has closed yet. The curve starts with the first close after trading
                begins.
              </Text>
            }
          >
            {(data) => (
              <LazyChart height={330}>
                <EquityChart curve={data.equity_curve} />
              </LazyChart>
            )}
          </Panel>
        </div>
        <div className="narrow">
          <ExposurePanel />
        </div>
        <div className="wide">
          <ServiceHealthPanel />
        </div>
        <div className="narrow">
          <AlertsPanel />
        </div>
      </div>
    </>
  );
}
