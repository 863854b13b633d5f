import { Button, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { resumeTrading } from "../api/account";
import { useApi } from "../api/api-context";
import { useInGroup } from "../auth/auth-context";
import { useRisk } from "../live/use-live-query";
import { Instant } from "../ui/instant";
import { Problem } from "../ui/problem";

function ResumeForm({ onDone }: { onDone: () => void }) {
  const api = useApi();
  const client = useQueryClient();
  const [reason, setReason] = useState("");
  const resume = useMutation({
    mutationFn: () => resumeTrading(api, reason.trim()),
    onSuccess: (state) => {
      client.setQueryData(["risk"], state);
      onDone();
      return client.invalidateQueries();
    },
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        resume.mutate();
      }}
    >
      <Stack gap="sm">
        <Text size="sm">Strategies may send orders again at once.</Text>
        <TextInput
          label="Reason"
          description="Why it is safe to trade again; at least three characters."
          value={reason}
          minLength={3}
          maxLength={200}
          required
          data-autofocus
          onChange={(event) => {
            setReason(event.currentTarget.value);
          }}
        />
        {resume.error && <Problem error={resume.error} title="Trading was not resumed" />}
        <Group justify="flex-end">
          <Button type="submit" disabled={reason.trim().length < 3} loading={resume.isPending}>
            Resume trading
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** Say across the page that trading is not active, since when, by whom and why. */
export function RiskBanner() {
  const risk = useRisk().data;
  const isAdministrator = useInGroup("admin");
  const [isOpen, dialog] = useDisclosure(false);
  if (!risk || risk.state === "ACTIVE") return null;
  return (
    <div className="risk-banner" role="status">
      <strong>{risk.state === "HALTED" ? "TRADING IS HALTED" : "ONLY REDUCING ORDERS"}</strong>
      <span>
        {risk.message}
        {risk.reason && ` Reason: ${risk.reason}.`}
        {risk.halted_by && ` By ${risk.halted_by}`}
        {risk.since && (
          <>
            {" since "}
            <Instant at={risk.since} />
          </>
        )}
      </span>
      <Button
        size="xs"
        variant="white"
        color="dark"
        disabled={!isAdministrator}
        onClick={dialog.open}
      >
        {isAdministrator ? "Resume" : "An administrator may resume"}
      </Button>
      <Modal
        opened={isOpen}
        onClose={dialog.close}
        title="Resume trading"
        closeButtonProps={{ "aria-label": "Close" }}
      >
        <ResumeForm onDone={dialog.close} />
      </Modal>
    </div>
  );
}
