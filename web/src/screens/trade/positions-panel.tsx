import { Badge, Text } from "@mantine/core";
import type { Position } from "../../api/types";
import { useLive } from "../../live/live-provider";
import { usePositions } from "../../live/use-live-query";
import { DataTable, type Column } from "../../ui/data-table";
import { formatMoney, formatPrice, formatQuantity } from "../../ui/format";
import { Panel } from "../../ui/panel";
import { Profit } from "../../ui/profit";

const columns: Column<Position>[] = [
  { title: "Symbol", cell: (position) => position.symbol },
  { title: "Quantity", numeric: true, cell: (position) => formatQuantity(position.quantity) },
  { title: "Average", numeric: true, cell: (position) => formatPrice(position.average_price) },
  { title: "Price", numeric: true, cell: (position) => <Price position={position} /> },
  { title: "Value", numeric: true, cell: (position) => formatMoney(position.market_value) },
  {
    title: "Profit",
    numeric: true,
    cell: (position) => <Profit amount={position.unrealised_profit} />,
  },
];

function Price({ position }: { position: Position }) {
  return (
    <>
      {position.stale && (
        <Badge className="stale" size="xs">
          OLD
        </Badge>
      )}{" "}
      {formatPrice(position.price)}
    </>
  );
}

/** What the account holds; opening a position shows its chart. */
export function PositionsPanel({ onOpen }: { onOpen: (symbol: string) => void }) {
  const positions = usePositions();
  const { staleAfter } = useLive();
  return (
    <Panel
      title="Positions"
      source={positions}
      staleAfter={staleAfter}
      height={160}
      isEmpty={(data) => data.positions.length === 0}
      empty={
        <Text size="sm">The account holds cash only. A filled buy order opens a position.</Text>
      }
    >
      {(data) => (
        <DataTable
          label="Positions; Enter shows the chart of one"
          rows={data.positions}
          columns={columns}
          rowKey={(position) => position.symbol}
          onOpen={(position) => {
            onOpen(position.symbol);
          }}
        />
      )}
    </Panel>
  );
}
