import { Text, Title } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { timeframeFrom, type Decision, type Order } from "../../api/types";
import { useLive } from "../../live/live-provider";
import { usePositions, useStrategies } from "../../live/use-live-query";
import { Panel } from "../../ui/panel";
import { CHART_HEIGHT, ChartPanel } from "./chart-panel";
import { DecisionDrawer } from "./decision-drawer";
import { DecisionsPanel } from "./decisions-panel";
import { followedSymbols, timeframesOf } from "./followed";
import { OrdersPanel } from "./orders-panel";
import { PositionsPanel } from "./positions-panel";

const route = getRouteApi("/trade");

type OpenedOrder = Pick<Order, "decision_id" | "client_order_id">;

/** The screen's state is its address: symbol, timeframe, and the decision that is open. */
function useTradeView() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const queries = useQueryClient();
  const show = (change: Partial<typeof search>) => {
    void navigate({ search: (before) => ({ ...before, ...change }), resetScroll: false });
  };
  return {
    search,
    show,
    openDecision: (decision: Decision) => {
      queries.setQueryData(["decision", decision.id], decision);
      show({ decision: decision.id });
    },
    closeDecision: () => {
      void navigate({
        search: ({ symbol, timeframe }) => ({
          ...(symbol ? { symbol } : {}),
          ...(timeframe ? { timeframe } : {}),
        }),
        resetScroll: false,
      });
    },
  };
}

export default function Trade() {
  const { search, show, openDecision, closeDecision } = useTradeView();
  const strategies = useStrategies();
  const positions = usePositions();
  const symbols = followedSymbols(
    strategies.data?.strategies ?? [],
    positions.data?.positions ?? [],
    search.symbol,
  );
  const symbol = search.symbol ?? symbols[0];
  const timeframes = timeframesOf(strategies.data?.strategies ?? [], symbol);
  const timeframe = timeframeFrom(search.timeframe ?? timeframes[0]);
  const showSymbol = (next: string) => {
    show({ symbol: next });
  };
  const openOrder = ({ decision_id: decision, client_order_id: order }: OpenedOrder) => {
    show({ decision, order });
  };
  return (
    <>
      <Title order={1} size="h4" mb="sm">
        Trade
      </Title>
      <div className="columns">
        <div className="wide">
          {symbol ? (
            <ChartPanel
              symbol={symbol}
              symbols={symbols}
              timeframe={timeframe}
              timeframes={timeframes}
              onShow={show}
              onOpenFill={openOrder}
            />
          ) : (
            <NoSymbol />
          )}
        </div>
        <div className="narrow">
          <PositionsPanel onOpen={showSymbol} />
        </div>
        <OrdersPanel onOpen={openOrder} />
        {symbol && <DecisionsPanel symbol={symbol} onOpen={openDecision} />}
      </div>
      <DecisionDrawer id={search.decision} order={search.order} onClose={closeDecision} />
    </>
  );
}

/** The chart's place while no symbol is known: it keeps its height, so nothing moves under the pointer. */
function NoSymbol() {
  const strategies = useStrategies();
  const { staleAfter } = useLive();
  return (
    <Panel
      title="Chart"
      source={strategies}
      staleAfter={staleAfter}
      height={CHART_HEIGHT}
      isEmpty={() => true}
      empty={
        <Text size="sm">
          No strategy names a symbol yet. <Link to="/strategies/new">Create one</Link> and its
          symbols appear here.
        </Text>
      }
    >
      {() => null}
    </Panel>
  );
}
