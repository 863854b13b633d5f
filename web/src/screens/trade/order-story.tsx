import { List, Skeleton, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useApi } from "../../api/api-context";
import { orderQuery } from "../../api/trading";
import { stateOf, type OrderDetail, type OrderEvent } from "../../api/types";
import { formatPrice, formatQuantity } from "../../ui/format";
import { Instant } from "../../ui/instant";
import { OrderState } from "../../ui/order-state";
import { Problem } from "../../ui/problem";
import { orderKind } from "./order-words";

function Step({ step }: { step: OrderEvent }) {
  const said = [step.code, step.reason].filter(Boolean).join(": ");
  return (
    <List.Item>
      <Text size="sm" className="figure">
        <Instant at={step.at} /> {step.event.replaceAll("_", " ")}{" "}
        <OrderState state={step.to_state} />
      </Text>
      {step.filled_quantity !== null && (
        <Text size="sm" className="figure">
          {formatQuantity(step.filled_quantity)} filled at {formatPrice(step.fill_price)}
        </Text>
      )}
      {said && <Text size="sm">{said}</Text>}
      {step.broker_order_id !== null && (
        <Text size="xs" c="dimmed">
          the broker&apos;s word on <code>{step.broker_order_id}</code>
        </Text>
      )}
    </List.Item>
  );
}

function Story({ story: { order, origin, events, replaced_by } }: { story: OrderDetail }) {
  return (
    <Stack gap="xs">
      <Text className="figure">
        {order.side} {formatQuantity(order.quantity)} {order.symbol}{" "}
        <OrderState state={stateOf(order)} />
      </Text>
      <Text size="sm">{orderKind(order)}</Text>
      {origin === "manual" && <Text size="sm">Ordered by hand.</Text>}
      <List type="ordered" size="sm" spacing={6} aria-label="Every step of the order">
        {events.map((step) => (
          <Step key={step.version} step={step} />
        ))}
      </List>
      {replaced_by !== null && (
        <Text size="sm">
          Replaced by <code>{replaced_by}</code>
        </Text>
      )}
      <Text size="xs" c="dimmed">
        <code>{order.client_order_id}</code>
      </Text>
    </Stack>
  );
}

/** What happened to one order, from its intent to its end. */
export function OrderStory({ id }: { id: string }) {
  const story = useQuery(orderQuery(useApi(), id));
  if (story.data) return <Story story={story.data} />;
  if (story.error) {
    return (
      <Problem
        error={story.error}
        title="The order could not be loaded"
        onRetry={() => void story.refetch()}
      />
    );
  }
  return (
    <div role="status" aria-label="Loading the order">
      <Skeleton height={120} />
    </div>
  );
}
