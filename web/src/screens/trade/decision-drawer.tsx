import { Drawer, Skeleton, Stack, Table, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useApi } from "../../api/api-context";
import { decisionQuery } from "../../api/trading";
import { stateOf, type Decision, type Order } from "../../api/types";
import { useOrders } from "../../live/use-live-query";
import { formatNodeValue, formatPrice, formatQuantity } from "../../ui/format";
import { Instant } from "../../ui/instant";
import { OrderState } from "../../ui/order-state";
import { Problem } from "../../ui/problem";
import { ActionBadge } from "./action-badge";
import { OrderStory } from "./order-story";

function Facts({ decision }: { decision: Decision }) {
  const facts = [
    ["Strategy", `${decision.strategy}, version ${decision.version}`],
    ["Symbol", decision.symbol],
    ["Bar", <Instant key="bar" at={decision.closes_at} />],
    ["Close", formatPrice(decision.price)],
    ["Held when it decided", formatQuantity(decision.position)],
  ] as const;
  return (
    <Table verticalSpacing={3}>
      <Table.Tbody>
        {facts.map(([name, value]) => (
          <Table.Tr key={name}>
            <Table.Th>{name}</Table.Th>
            <Table.Td className="numeric">{value}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function Values({ decision }: { decision: Decision }) {
  const values = Object.entries(decision.values);
  if (values.length === 0) return <Text size="sm">No value was computed.</Text>;
  return (
    <Table verticalSpacing={3} aria-label="Values of every node">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Node</Table.Th>
          <Table.Th className="numeric">Value</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {values.map(([node, value]) => (
          <Table.Tr key={node}>
            <Table.Td>
              <code>{node}</code>
            </Table.Td>
            <Table.Td className="numeric">{formatNodeValue(value)}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function OrderLine({ order }: { order: Order }) {
  return (
    <div>
      <Text size="sm" className="figure">
        {order.side} {formatQuantity(order.quantity)} {order.symbol}{" "}
        <OrderState state={stateOf(order)} />
      </Text>
      {order.filled_at && (
        <Text size="sm" className="figure">
          {formatQuantity(order.filled_quantity)} filled at {formatPrice(order.average_fill_price)},{" "}
          <Instant at={order.filled_at} />
        </Text>
      )}
      {(order.code ?? order.reason) && (
        <Text size="sm">{[order.code, order.reason].filter(Boolean).join(": ")}</Text>
      )}
    </div>
  );
}

function Why({ decision }: { decision: Decision }) {
  const orders = useOrders();
  const caused =
    orders.data?.pages
      .flatMap((page) => page.orders)
      .filter((order) => order.decision_id === decision.id) ?? [];
  return (
    <Stack gap="md">
      <div>
        <ActionBadge action={decision.action} />
        <Text mt={6}>{decision.reason}</Text>
      </div>
      <Facts decision={decision} />
      <Values decision={decision} />
      {caused.map((order) => (
        <OrderLine key={order.client_order_id} order={order} />
      ))}
      <Text size="xs" c="dimmed">
        <code>{decision.id}</code>
      </Text>
    </Stack>
  );
}

function DecisionBody({ id }: { id: string }) {
  const decision = useQuery(decisionQuery(useApi(), id));
  if (decision.data) return <Why decision={decision.data} />;
  if (decision.error) {
    return (
      <Problem
        error={decision.error}
        title="The decision could not be loaded"
        onRetry={() => void decision.refetch()}
      />
    );
  }
  return (
    <div role="status" aria-label="Loading the decision">
      <Skeleton height={240} />
    </div>
  );
}

interface Opened {
  id: string | undefined;
  order: string | undefined;
  onClose: () => void;
}

/** An order by hand keeps a mark of its request where others name their decision. */
function isByHand(decision: string): boolean {
  return decision.startsWith("manual-");
}

/** Why a strategy acted or did not: every value it saw, and the orders that followed, step by step. */
export function DecisionDrawer({ id, order, onClose }: Opened) {
  return (
    <Drawer
      opened={id !== undefined || order !== undefined}
      onClose={onClose}
      position="right"
      size="md"
      title="Why"
      closeButtonProps={{ "aria-label": "Close" }}
    >
      <Stack gap="lg">
        {id !== undefined && !isByHand(id) && <DecisionBody id={id} />}
        {order !== undefined && <OrderStory id={order} />}
      </Stack>
    </Drawer>
  );
}
