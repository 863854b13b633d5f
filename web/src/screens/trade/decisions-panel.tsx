import { Text } from "@mantine/core";
import type { Decision } from "../../api/types";
import { useLive } from "../../live/live-provider";
import { useDecisions } from "../../live/use-live-query";
import { DataTable, type Column } from "../../ui/data-table";
import { formatPrice, formatQuantity } from "../../ui/format";
import { Instant } from "../../ui/instant";
import { LoadMore } from "../../ui/load-more";
import { Panel } from "../../ui/panel";
import { ActionBadge } from "./action-badge";

const columns: Column<Decision>[] = [
  { title: "Bar closed", cell: (decision) => <Instant at={decision.closes_at} /> },
  { title: "Strategy", cell: (decision) => `${decision.strategy} v${decision.version}` },
  { title: "Action", cell: (decision) => <ActionBadge action={decision.action} /> },
  { title: "Price", numeric: true, cell: (decision) => formatPrice(decision.price) },
  { title: "Held", numeric: true, cell: (decision) => formatQuantity(decision.position) },
  { title: "Why", prose: true, cell: (decision) => decision.reason },
];

interface DecisionsPanelProps {
  symbol: string;
  onOpen: (decision: Decision) => void;
}

/** What the strategies concluded about each bar of a symbol; opening one shows every value. */
export function DecisionsPanel({ symbol, onOpen }: DecisionsPanelProps) {
  const decisions = useDecisions(symbol);
  const { staleAfter } = useLive();
  return (
    <Panel
      title={`Decisions on ${symbol}`}
      source={decisions}
      staleAfter={staleAfter}
      height={240}
      isEmpty={(data) => data.pages.every((page) => page.decisions.length === 0)}
      empty={
        <Text size="sm">
          No decision on {symbol} yet. Every enabled strategy records one for each bar that closes.
        </Text>
      }
    >
      {(data) => (
        <>
          <DataTable
            label={`Decisions on ${symbol}, newest first; Enter opens one`}
            rows={data.pages.flatMap((page) => page.decisions)}
            columns={columns}
            rowKey={(decision) => decision.id}
            onOpen={onOpen}
            maxHeight={320}
          />
          <LoadMore source={decisions} noun="decisions" />
        </>
      )}
    </Panel>
  );
}
