import { Badge, Button, Group, Text, Title } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { StrategySummary } from "../../api/types";
import { useLive } from "../../live/live-provider";
import { useStrategies } from "../../live/use-live-query";
import { DataTable, type Column } from "../../ui/data-table";
import { Instant } from "../../ui/instant";
import { Panel } from "../../ui/panel";
import { Problem } from "../../ui/problem";
import { useTradingSwitch } from "./trading-switch";

function Trading({ strategy }: { strategy: StrategySummary }) {
  if (!strategy.enabled) return <Badge variant="default">– DISABLED</Badge>;
  return (
    <Badge variant="default" className="state-done">
      ✓ VERSION {strategy.enabled_version} TRADES
    </Badge>
  );
}

const columns: Column<StrategySummary>[] = [
  {
    title: "Strategy",
    cell: ({ name }) => (
      <Link to="/strategies/$name" params={{ name }}>
        {name}
      </Link>
    ),
  },
  { title: "Trading", cell: (strategy) => <Trading strategy={strategy} /> },
  { title: "Latest", numeric: true, cell: (strategy) => `v${strategy.latest_version}` },
  { title: "Symbols", cell: (strategy) => strategy.universe.join(", ") },
  { title: "Bars", cell: (strategy) => strategy.timeframe },
  { title: "Updated", cell: (strategy) => <Instant at={strategy.updated_at} /> },
];

export default function Strategies() {
  const strategies = useStrategies();
  const { staleAfter } = useLive();
  const trading = useTradingSwitch();
  const withSwitch: Column<StrategySummary>[] = [
    ...columns.slice(0, 2),
    {
      title: "Change",
      cell: (strategy) => (
        <Button
          size="compact-sm"
          variant="default"
          loading={trading.isPending && trading.name === strategy.name}
          onClick={() => {
            trading.change({ name: strategy.name, enable: !strategy.enabled, version: null });
          }}
        >
          {strategy.enabled ? "Disable" : "Enable"}
          <span className="visually-hidden"> {strategy.name}</span>
        </Button>
      ),
    },
    ...columns.slice(2),
  ];
  return (
    <>
      <Group justify="space-between" mb="sm">
        <Title order={1} size="h4">
          Strategies
        </Title>
        <Link to="/strategies/new" className="link-button">
          New strategy
        </Link>
      </Group>
      {trading.error && (
        <div className="spaced">
          <Problem
            error={trading.error}
            title={`${trading.name ?? "The strategy"} was not changed`}
          />
        </div>
      )}
      <Panel
        title="Stored strategies"
        source={strategies}
        staleAfter={staleAfter}
        isEmpty={(data) => data.strategies.length === 0}
        empty={
          <Text size="sm">
            No strategy is stored. <Link to="/strategies/new">Write the first one</Link>.
          </Text>
        }
      >
        {(data) => (
          <DataTable
            label="Stored strategies"
            rows={data.strategies}
            columns={withSwitch}
            rowKey={(strategy) => strategy.name}
          />
        )}
      </Panel>
    </>
  );
}
