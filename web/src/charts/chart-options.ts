import { ColorType, type ChartOptions, type DeepPartial } from "lightweight-charts";
import type { ChartColours } from "./chart-colours";

/** Return the look that all charts share; a daily chart names dates, others the time too. */
export function chartOptions(colours: ChartColours, isDaily: boolean): DeepPartial<ChartOptions> {
  return {
    autoSize: true,
    layout: {
      background: { type: ColorType.Solid, color: "transparent" },
      textColor: colours.text,
      fontSize: 11,
      fontFamily: "inherit",
      panes: { separatorColor: colours.border },
    },
    grid: { vertLines: { color: colours.grid }, horzLines: { color: colours.grid } },
    rightPriceScale: { borderColor: colours.border },
    timeScale: {
      borderColor: colours.border,
      timeVisible: !isDaily,
      secondsVisible: false,
      lockVisibleTimeRangeOnResize: true,
      // A daily axis says "Mar" or "2005": room for more would push whole months off a year's axis.
      tickMarkMaxCharacterLength: isDaily ? 6 : 8,
    },
  };
}
