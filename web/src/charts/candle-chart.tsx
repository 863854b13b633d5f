import {
  CandlestickSeries,
  createChart,
  createSeriesMarkers,
  type CandlestickData,
  type IChartApi,
  type ISeriesApi,
  type ISeriesMarkersPluginApi,
  type SeriesMarker,
  type Time,
} from "lightweight-charts";
import { useEffect, useEffectEvent, useMemo, useRef, useState } from "react";
import type { BarList, Order } from "../api/types";
import { usePreferences } from "../ui/preferences";
import { formatInstant } from "../ui/time";
import { candles, describeBar, describeChart, markers } from "./candle-data";
import { useChartColours, type ChartColours } from "./chart-colours";
import { chartOptions } from "./chart-options";

/** Bars shown at first: enough to see a trend, few enough to see a candle; young data does not stand in a corner. */
const FIRST_VIEW = 160;
const LEAST_VIEW = 60;

interface Drawn {
  chart: IChartApi;
  series: ISeriesApi<"Candlestick">;
  markers: ISeriesMarkersPluginApi<Time>;
}

function draw(box: HTMLElement, colours: ChartColours, isDaily: boolean): Drawn {
  const chart = createChart(box, chartOptions(colours, isDaily));
  const series = chart.addSeries(CandlestickSeries, {
    // Rising candles are hollow, falling ones filled: the shape says it without the colour.
    upColor: "transparent",
    borderUpColor: colours.rising,
    wickUpColor: colours.rising,
    downColor: colours.falling,
    borderDownColor: colours.falling,
    wickDownColor: colours.falling,
  });
  return { chart, series, markers: createSeriesMarkers(series, []) };
}

/** Put data on a chart, keeping the view that the reader chose once there was one. */
function show(drawn: Drawn, data: CandlestickData[], marks: SeriesMarker<Time>[]): void {
  const wasEmpty = drawn.series.data().length === 0;
  drawn.series.setData(data);
  drawn.markers.setMarkers(marks);
  if (wasEmpty && data.length > 0) {
    const from = Math.max(data.length - FIRST_VIEW, Math.min(0, data.length - LEAST_VIEW));
    drawn.chart.timeScale().setVisibleLogicalRange({ from, to: data.length + 4 });
  }
}

interface CandleChartProps {
  bars: BarList;
  fills: Order[];
  onOpenFill: (order: Order) => void;
}

/** Draw candles with an arrow for every fill and a square for every split; a click opens a fill. */
export default function CandleChart({ bars, fills, onOpenFill }: CandleChartProps) {
  const box = useRef<HTMLDivElement>(null);
  const drawn = useRef<Drawn | null>(null);
  const colours = useChartColours();
  const { zone } = usePreferences();
  const [hovered, setHovered] = useState<number | null>(null);
  const data = useMemo(() => candles(bars.bars, bars.timeframe, zone), [bars, zone]);
  const marks = useMemo(
    () => markers(data, bars.bars, fills, bars.splits, colours),
    [data, bars, fills, colours],
  );

  const isDaily = bars.timeframe.endsWith("d");
  const onClick = useEffectEvent((logical: number) => {
    const bar = bars.bars[logical];
    const order = bar && fills.find((each) => isWithin(each, bar.opens_at, bar.closes_at));
    if (order) onOpenFill(order);
  });

  useEffect(() => {
    if (!box.current) return;
    const made = draw(box.current, colours, isDaily);
    drawn.current = made;
    made.chart.subscribeCrosshairMove((event) => {
      setHovered(event.logical ?? null);
    });
    made.chart.subscribeClick((event) => {
      if (event.logical !== undefined) onClick(event.logical);
    });
    return () => {
      drawn.current = null;
      made.chart.remove();
    };
  }, [colours, isDaily, bars.symbol]);

  useEffect(() => {
    if (drawn.current) show(drawn.current, data, marks);
  }, [data, marks]);

  const bar = hovered === null ? bars.bars.at(-1) : bars.bars[hovered];
  const arrows = marks.filter((mark) => mark.shape !== "square").length;
  return (
    <figure className="chart">
      <p className="chart-legend figure">
        {bar && describeBar(bar, fills, bars.timeframe, formatInstant(bar.opens_at, zone))}
      </p>
      <div
        ref={box}
        className="chart-box"
        style={{ height: 380 }}
        data-testid="candles"
        data-bars={data.length}
        data-fill-markers={arrows}
      />
      <figcaption>{describeChart(bars.symbol, bars.timeframe, bars.bars, arrows)}</figcaption>
    </figure>
  );
}

function isWithin(order: Order, from: string, to: string): boolean {
  if (!order.filled_at) return false;
  const at = Date.parse(order.filled_at);
  return at >= Date.parse(from) && at <= Date.parse(to);
}
