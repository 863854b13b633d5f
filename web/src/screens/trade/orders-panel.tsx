import { Text } from "@mantine/core";
import { isWorking, stateOf, type Order } from "../../api/types";
import { useLive } from "../../live/live-provider";
import { useOrders } from "../../live/use-live-query";
import { DataTable, type Column } from "../../ui/data-table";
import { formatPrice, formatQuantity } from "../../ui/format";
import { Instant } from "../../ui/instant";
import { LoadMore } from "../../ui/load-more";
import { OrderState } from "../../ui/order-state";
import { Panel } from "../../ui/panel";
import { orderKind } from "./order-words";

const columns: Column<Order>[] = [
  { title: "Symbol", cell: (order) => order.symbol },
  { title: "Side", cell: (order) => order.side },
  { title: "State", cell: (order) => <State order={order} /> },
  { title: "Created", cell: (order) => <Instant at={order.created_at} /> },
  { title: "Quantity", numeric: true, cell: (order) => formatQuantity(order.quantity) },
  { title: "Filled", numeric: true, cell: (order) => formatQuantity(order.filled_quantity) },
  { title: "Average", numeric: true, cell: (order) => formatPrice(order.average_fill_price) },
  { title: "Type", cell: (order) => orderKind(order) },
  { title: "Strategy", cell: (order) => order.strategy },
  { title: "Refusal", prose: true, cell: (order) => refusal(order) },
];

function State({ order }: { order: Order }) {
  return (
    <>
      <OrderState state={stateOf(order)} />
      {order.cancel_requested && isWorking(order) && (
        <span className="second-line">cancel asked for</span>
      )}
    </>
  );
}

function refusal(order: Order): string {
  if (!order.code && !order.reason) return "";
  return [order.code, order.reason].filter(Boolean).join(": ");
}

/** The newest orders of the account; opening one shows the decision behind it. */
export function OrdersPanel({ onOpen }: { onOpen: (order: Order) => void }) {
  const orders = useOrders();
  const { staleAfter } = useLive();
  return (
    <Panel
      title="Orders"
      source={orders}
      staleAfter={staleAfter}
      height={240}
      isEmpty={(data) => data.pages.every((page) => page.orders.length === 0)}
      empty={
        <Text size="sm">
          No order yet. An enabled strategy sends one when its rule says so; the decisions below say
          why it has not.
        </Text>
      }
    >
      {(data) => (
        <>
          <DataTable
            label="Orders, newest first; Enter opens the decision behind one"
            rows={data.pages.flatMap((page) => page.orders)}
            columns={columns}
            rowKey={(order) => order.client_order_id}
            onOpen={onOpen}
            maxHeight={320}
          />
          <LoadMore source={orders} noun="orders" />
        </>
      )}
    </Panel>
  );
}
