import {
  AreaSeries,
  createChart,
  HistogramSeries,
  type IChartApi,
  type ISeriesApi,
} from "lightweight-charts";
import { useEffect, useMemo, useRef } from "react";
import type { EquityPoint } from "../api/types";
import { formatPercent, formatWholeMoney } from "../ui/format";
import { useChartColours, type ChartColours } from "./chart-colours";
import { chartOptions } from "./chart-options";
import { drawdownPoints, equityPoints, type CurvePoint } from "./equity-points";

interface Drawn {
  chart: IChartApi;
  equity: ISeriesApi<"Area">;
  drawdown: ISeriesApi<"Histogram">;
}

function draw(box: HTMLElement, colours: ChartColours): Drawn {
  const chart = createChart(box, chartOptions(colours, true));
  const equity = chart.addSeries(AreaSeries, {
    lineColor: colours.line,
    topColor: colours.lineFill,
    bottomColor: "transparent",
    lineWidth: 2,
    priceLineVisible: false,
    priceFormat: {
      type: "custom",
      minMove: 0.01,
      formatter: (value: number) => formatWholeMoney(value.toFixed(0)),
    },
  });
  const drawdown = chart.addSeries(
    HistogramSeries,
    {
      color: colours.falling,
      priceLineVisible: false,
      lastValueVisible: false,
      priceFormat: {
        type: "custom",
        minMove: 0.01,
        formatter: (value: number) => formatPercent(value / 100),
      },
    },
    1,
  );
  chart.panes()[0]?.setStretchFactor(3);
  chart.panes()[1]?.setStretchFactor(1);
  return { chart, equity, drawdown };
}

/** Put points on a chart; the whole stays in view until the reader looks at a part of it. */
function show(drawn: Drawn, points: CurvePoint[], drawdowns: CurvePoint[]): void {
  const before = drawn.equity.data().length;
  const range = drawn.chart.timeScale().getVisibleLogicalRange();
  const showedAll = !range || before === 0 || (range.from <= 1 && range.to >= before - 2);
  drawn.equity.setData(points);
  drawn.drawdown.setData(drawdowns);
  if (showedAll) drawn.chart.timeScale().fitContent();
}

/** Draw the equity at every session's close, with the fall from its peak below. */
export default function EquityChart({ curve }: { curve: EquityPoint[] }) {
  const box = useRef<HTMLDivElement>(null);
  const drawn = useRef<Drawn | null>(null);
  const colours = useChartColours();
  const points = useMemo(() => equityPoints(curve), [curve]);
  const drawdowns = useMemo(() => drawdownPoints(points), [points]);

  useEffect(() => {
    if (!box.current) return;
    const made = draw(box.current, colours);
    drawn.current = made;
    return () => {
      drawn.current = null;
      made.chart.remove();
    };
  }, [colours]);

  useEffect(() => {
    if (drawn.current) show(drawn.current, points, drawdowns);
  }, [points, drawdowns, colours]);

  const worst = Math.min(0, ...drawdowns.map((point) => point.value));
  return (
    <figure className="chart">
      <div ref={box} className="chart-box" style={{ height: 300 }} data-points={points.length} />
      <figcaption>
        {`Equity at each session's close, ${points[0]?.time ?? ""} to ${points.at(-1)?.time ?? ""}, ` +
          `and below it the fall from its peak; deepest ${formatPercent(worst / 100)}.`}
      </figcaption>
    </figure>
  );
}
