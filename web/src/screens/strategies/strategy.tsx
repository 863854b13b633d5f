import { Button, Group, Select, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useState } from "react";
import { useApi } from "../../api/api-context";
import { strategyQuery } from "../../api/strategies";
import type { StrategyDetail } from "../../api/types";
import { formatCount } from "../../ui/format";
import { Panel } from "../../ui/panel";
import { Problem } from "../../ui/problem";
import { useTradingSwitch } from "./trading-switch";

const route = getRouteApi("/strategies/$name");

function VersionPicker({
  detail,
  onChange,
}: {
  detail: StrategyDetail;
  onChange: (version: number) => void;
}) {
  const versions = Array.from({ length: detail.summary.latest_version }, (_, index) =>
    String(detail.summary.latest_version - index),
  );
  return (
    <Select
      size="xs"
      w={110}
      aria-label="Version"
      allowDeselect={false}
      data={versions.map((value) => ({ value, label: `version ${value}` }))}
      value={String(detail.version)}
      onChange={(value) => {
        if (value) onChange(Number(value));
      }}
    />
  );
}

function TradingButton({ detail }: { detail: StrategyDetail }) {
  const trading = useTradingSwitch();
  const { name, enabled, enabled_version: enabledVersion } = detail.summary;
  const isThisVersion = enabled && enabledVersion === detail.version;
  return (
    <>
      <Button
        size="xs"
        variant={isThisVersion ? "default" : "filled"}
        loading={trading.isPending}
        onClick={() => {
          trading.change({ name, enable: !isThisVersion, version: detail.version });
        }}
      >
        {isThisVersion ? "Disable" : `Enable version ${detail.version}`}
      </Button>
      {trading.error && <Problem error={trading.error} title={`${name} was not changed`} />}
    </>
  );
}

function describe(detail: StrategyDetail): string {
  const { enabled, enabled_version: version, universe, timeframe } = detail.summary;
  const trades = enabled ? `Version ${version ?? "?"} trades` : "Not trading";
  const warmUp = formatCount(detail.warm_up_bars, "bar");
  return `${trades}. ${universe.join(", ")}, bars of ${timeframe}; needs ${warmUp} before it may act.`;
}

export default function Strategy() {
  const { name } = route.useParams();
  const [version, setVersion] = useState<number | null>(null);
  const detail = useQuery(strategyQuery(useApi(), name, version));
  return (
    <>
      <Group justify="space-between" mb="sm">
        <Title order={1} size="h4">
          {name}
        </Title>
        <Link to="/strategies">All strategies</Link>
      </Group>
      <Panel
        title="Document"
        source={detail}
        staleAfter={Infinity}
        height={300}
        actions={
          detail.data && (
            <Group gap="xs">
              <VersionPicker detail={detail.data} onChange={setVersion} />
              <TradingButton detail={detail.data} />
            </Group>
          )
        }
      >
        {(data) => (
          <>
            <Text size="sm" mb="xs">
              {describe(data)}
            </Text>
            <pre className="document" tabIndex={0} role="region" aria-label="Document text">
              {data.document}
            </pre>
          </>
        )}
      </Panel>
    </>
  );
}
