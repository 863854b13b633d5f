import { Progress, Stack, Text } from "@mantine/core";
import type { RiskState } from "../../api/types";
import { useLive } from "../../live/live-provider";
import { usePortfolio, useRisk } from "../../live/use-live-query";
import { formatMoney, formatPercent, formatQuantity, ratioOf } from "../../ui/format";
import { Panel } from "../../ui/panel";

function Usage({ risk }: { risk: RiskState }) {
  const share = ratioOf(risk.gross_exposure_used, risk.gross_exposure_limit);
  return (
    <div>
      <Text size="sm" className="figure">
        Gross used for risk: {formatMoney(risk.gross_exposure_used)} of{" "}
        {formatMoney(risk.gross_exposure_limit)}
        {share !== null && ` (${formatPercent(share)})`}
      </Text>
      <Progress
        mt={4}
        value={Math.min(100, (share ?? 0) * 100)}
        color={share !== null && share >= 0.9 ? "orange" : "blue"}
        aria-label="Share of the gross exposure limit in use"
      />
      <Text size="xs" c="dimmed" mt={4}>
        Positions and working orders together.
      </Text>
    </div>
  );
}

function Limits({ risk }: { risk: RiskState }) {
  return (
    <dl className="figures figure limits">
      <div>
        <dt>Limit per symbol</dt>
        <dd>{formatMoney(risk.symbol_exposure_limit)}</dd>
      </div>
      <div>
        <dt>Limit per order</dt>
        <dd>{formatMoney(risk.order_value_limit)}</dd>
      </div>
      <div>
        <dt>Price collar</dt>
        <dd>±{formatQuantity(risk.price_collar_percent)}%</dd>
      </div>
    </dl>
  );
}

/** How much of the account is at work, and how far that is from its limits. */
export function ExposurePanel() {
  const risk = useRisk();
  const portfolio = usePortfolio().data;
  const { staleAfter } = useLive();
  return (
    <Panel title="Exposure" source={risk} staleAfter={staleAfter} height={200}>
      {(data) => (
        <Stack gap="sm">
          <dl className="figures figure">
            <div>
              <dt>Gross</dt>
              <dd>{formatMoney(portfolio?.gross_exposure)}</dd>
            </div>
            <div>
              <dt>Net</dt>
              <dd>{formatMoney(portfolio?.net_exposure)}</dd>
            </div>
          </dl>
          <Usage risk={data} />
          <Limits risk={data} />
          <Text size="sm">
            <strong data-testid="risk-state">{data.state}</strong> · {data.message}
          </Text>
        </Stack>
      )}
    </Panel>
  );
}
