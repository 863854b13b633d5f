import { Badge, Stack, Text } from "@mantine/core";
import type { ServiceAlert } from "../../api/types";
import { useLive } from "../../live/live-provider";
import { useServiceHealth } from "../../live/use-live-query";
import { Instant } from "../../ui/instant";
import { Panel } from "../../ui/panel";

const looks: Record<ServiceAlert["severity"], { className?: string; color?: string }> = {
  info: { color: "gray.7" },
  warning: { className: "stale" },
  critical: { color: "red.9" },
};

function AlertLine({ alert }: { alert: ServiceAlert }) {
  return (
    <li>
      <Badge size="sm" {...looks[alert.severity]}>
        {alert.severity}
      </Badge>{" "}
      <Text size="xs" c="dimmed" component="span">
        <Instant at={alert.time} />
      </Text>
      <Text size="sm">{alert.message}</Text>
    </li>
  );
}

/** What asked for attention, newest first. */
export function AlertsPanel() {
  const health = useServiceHealth();
  const { staleAfter } = useLive();
  return (
    <Panel
      title="Alerts"
      source={health}
      staleAfter={staleAfter}
      height={180}
      isEmpty={(data) => data.alerts.length === 0}
      empty={<Text size="sm">Nothing asks for attention.</Text>}
    >
      {(data) => (
        <Stack component="ul" gap="xs" className="plain-list" aria-label="Alerts">
          {data.alerts.map((alert) => (
            <AlertLine key={alert.id} alert={alert} />
          ))}
        </Stack>
      )}
    </Panel>
  );
}
