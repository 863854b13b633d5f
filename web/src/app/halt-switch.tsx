import { Alert, Button, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { haltTrading } from "../api/account";
import { useApi } from "../api/api-context";
import { isWorking, stateOf, type Order } from "../api/types";
import { useOrders } from "../live/use-live-query";
import { formatCount } from "../ui/format";
import { OrderState } from "../ui/order-state";
import { Problem } from "../ui/problem";

function useWorkingOrders(): Order[] {
  const orders = useOrders();
  return orders.data?.pages.flatMap((page) => page.orders).filter(isWorking) ?? [];
}

function HaltForm({ onHalted }: { onHalted: (before: string[]) => void }) {
  const api = useApi();
  const client = useQueryClient();
  const working = useWorkingOrders();
  const [word, setWord] = useState("");
  const [reason, setReason] = useState("");
  const halt = useMutation({
    mutationFn: () => haltTrading(api, reason.trim()),
    onSuccess: (state) => {
      client.setQueryData(["risk"], state);
      onHalted(working.map((order) => order.client_order_id));
      return client.invalidateQueries();
    },
  });
  const isReady = word === "STOP" && reason.trim().length >= 3;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (isReady) halt.mutate();
      }}
    >
      <Stack gap="sm">
        <Text size="sm">
          No new order will be sent until an administrator resumes trading. Working orders are
          cancelled at the broker within seconds ({formatCount(working.length, "order")} now).
          Positions stay as they are.
        </Text>
        <TextInput
          label="Reason"
          description="Kept with the halt; at least three characters."
          value={reason}
          maxLength={200}
          required
          data-autofocus
          onChange={(event) => {
            setReason(event.currentTarget.value);
          }}
        />
        <TextInput
          label="Type STOP to confirm"
          value={word}
          autoComplete="off"
          required
          onChange={(event) => {
            setWord(event.currentTarget.value);
          }}
        />
        {halt.error && <Problem error={halt.error} title="Trading was not halted" />}
        <Group justify="flex-end">
          <Button
            type="submit"
            className="halt-button"
            disabled={!isReady}
            loading={halt.isPending}
          >
            Halt trading now
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function HaltResult({ before }: { before: string[] }) {
  const orders = useOrders();
  const affected =
    orders.data?.pages
      .flatMap((page) => page.orders)
      .filter((order) => before.includes(order.client_order_id)) ?? [];
  return (
    <Stack gap="sm">
      <Alert
        color="red"
        variant="light"
        className="problem"
        role="status"
        title="Trading is halted"
      >
        No new order is sent from now on. Working orders are being cancelled at the broker; a line
        below changes when its order is closed.
      </Alert>
      {affected.length === 0 ? (
        <Text size="sm">No order was working.</Text>
      ) : (
        <ul aria-label="Orders that were working">
          {affected.map((order) => (
            <li key={order.client_order_id}>
              {order.side} {order.quantity} {order.symbol} <OrderState state={stateOf(order)} />
            </li>
          ))}
        </ul>
      )}
    </Stack>
  );
}

/** The switch that stops new orders: always in the header, confirmed by typing STOP. */
export function HaltSwitch() {
  const [isOpen, dialog] = useDisclosure(false);
  const [before, setBefore] = useState<string[] | null>(null);
  return (
    <>
      <Button
        size="xs"
        className="halt-button"
        onClick={() => {
          setBefore(null);
          dialog.open();
        }}
      >
        Halt trading
      </Button>
      <Modal
        opened={isOpen}
        onClose={dialog.close}
        title="Halt trading"
        closeButtonProps={{ "aria-label": "Close" }}
      >
        {before ? <HaltResult before={before} /> : <HaltForm onHalted={setBefore} />}
      </Modal>
    </>
  );
}
