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
  { title: "Quantity", numeric: true, cell: (position) => <Held position={position} /> },
  { title: "Price", numeric: true, cell: (position) => <Price position={position} /> },
  { title: "Profit", numeric: true, cell: (position) => <Result position={position} /> },
];

function Held({ position }: { position: Position }) {
  return (
    <>
      {formatQuantity(position.quantity)}
      <span className="second-line">at {formatPrice(position.average_price)}</span>
    </>
  );
}

function Price({ position }: { position: Position }) {
  return (
    <>
      {formatPrice(position.price)}
      {position.stale && (
        <span className="second-line">
          <Badge className="stale" size="xs" title="Older than two bars of market time">
            STALE
          </Badge>
        </span>
      )}
    </>
  );
}

function Result({ position }: { position: Position }) {
  return (
    <>
      <Profit amount={position.unrealised_profit} />
      <span className="second-line">value {formatMoney(position.market_value)}</span>
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
