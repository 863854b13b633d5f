import { Badge, Text } from "@mantine/core";
import type { ServiceState } from "../../api/types";
import { useLive } from "../../live/live-provider";
import { useServiceHealth } from "../../live/use-live-query";
import { DataTable, type Column } from "../../ui/data-table";
import { Instant } from "../../ui/instant";
import { Panel } from "../../ui/panel";

function Verdict({ service }: { service: ServiceState }) {
  if (service.late) return <Badge className="stale">LATE</Badge>;
  if (!service.last_success) return <Badge variant="default">NOT YET</Badge>;
  return (
    <Badge variant="default" className="state-done">
      <span aria-hidden="true">✓</span> ON TIME
    </Badge>
  );
}

const columns: Column<ServiceState>[] = [
  { title: "Service", cell: (service) => service.service.replaceAll("_", " ") },
  { title: "State", cell: (service) => <Verdict service={service} /> },
  { title: "Last success", cell: (service) => <Instant at={service.last_success} /> },
  { title: "Detail", prose: true, cell: (service) => service.detail },
];

/** When each part last did its work, and which are late. */
export function ServiceHealthPanel() {
  const health = useServiceHealth();
  const { staleAfter } = useLive();
  return (
    <Panel
      title="Service health"
      source={health}
      staleAfter={staleAfter}
      height={180}
      isEmpty={(data) => data.services.length === 0}
      empty={<Text size="sm">No part has reported yet. Each does after its first run.</Text>}
      actions={health.data && <Overall status={health.data.status} />}
    >
      {(data) => (
        <>
          <DataTable
            label="Services"
            rows={data.services}
            columns={columns}
            rowKey={(service) => service.service}
          />
          {data.market_clock === "replay" && (
            <Text size="xs" c="dimmed" mt={4}>
              Market time comes from replayed data, so lateness by the machine&apos;s clock is not
              judged.
            </Text>
          )}
        </>
      )}
    </Panel>
  );
}

function Overall({ status }: { status: "healthy" | "degraded" }) {
  return status === "healthy" ? (
    <Badge variant="default" className="state-done">
      <span aria-hidden="true">✓</span> HEALTHY
    </Badge>
  ) : (
    <Badge className="stale">! DEGRADED</Badge>
  );
}
