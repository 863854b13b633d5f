import { Group, SegmentedControl, Select, Text } from "@mantine/core";
import { lazy } from "react";
import type { Order, Timeframe } from "../../api/types";
import { useLive } from "../../live/live-provider";
import { useBars, useFills } from "../../live/use-live-query";
import { LazyChart } from "../../ui/lazy-chart";
import { Panel } from "../../ui/panel";
import { Problem } from "../../ui/problem";

const CandleChart = lazy(() => import("../../charts/candle-chart"));

interface ChartPanelProps {
  symbol: string;
  symbols: string[];
  timeframe: Timeframe;
  timeframes: string[];
  onShow: (view: { symbol?: string; timeframe?: string }) => void;
  onOpenFill: (order: Order) => void;
}

/** Height of the chart in pixels. */
export const CHART_HEIGHT = 440;

/** Up to this many symbols are buttons; more are a list to type in. */
const MOST_BUTTONS = 6;

function Pickers({ symbol, symbols, timeframe, timeframes, onShow }: ChartPanelProps) {
  return (
    <Group gap="xs">
      {symbols.length <= MOST_BUTTONS ? (
        <SegmentedControl
          size="xs"
          aria-label="Symbol"
          data={symbols}
          value={symbol}
          onChange={(next) => {
            onShow({ symbol: next });
          }}
        />
      ) : (
        <Select
          size="xs"
          w={120}
          aria-label="Symbol"
          searchable
          allowDeselect={false}
          data={symbols}
          value={symbol}
          onChange={(next) => {
            if (next) onShow({ symbol: next });
          }}
        />
      )}
      {timeframes.length > 1 && (
        <SegmentedControl
          size="xs"
          aria-label="Timeframe"
          data={timeframes}
          value={timeframe}
          onChange={(next) => {
            onShow({ timeframe: next });
          }}
        />
      )}
    </Group>
  );
}

/** Candles of one symbol with its fills and splits. */
export function ChartPanel(props: ChartPanelProps) {
  const { symbol, timeframe, onOpenFill } = props;
  const bars = useBars(symbol, timeframe);
  const fills = useFills(symbol);
  const { staleAfter } = useLive();
  return (
    <Panel
      title={`${symbol} ${timeframe}, raw prices`}
      source={bars}
      staleAfter={staleAfter + 5_000}
      height={CHART_HEIGHT}
      actions={<Pickers {...props} />}
      isEmpty={(data) => data.bars.length === 0}
      empty={
        <Text size="sm">
          No bar of {symbol} has closed yet. The first appears at the close of its first session.
        </Text>
      }
    >
      {(data) => (
        <>
          {fills.error && (
            <Problem
              error={fills.error}
              title="The fills could not be loaded"
              onRetry={() => void fills.refetch()}
            />
          )}
          <LazyChart height={CHART_HEIGHT}>
            <CandleChart bars={data} fills={fills.data ?? []} onOpenFill={onOpenFill} />
          </LazyChart>
        </>
      )}
    </Panel>
  );
}
