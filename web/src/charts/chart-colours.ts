import { useComputedColorScheme } from "@mantine/core";
import { useMemo } from "react";
import { usePreferences, type ProfitColours } from "../ui/preferences";

export interface ChartColours {
  text: string;
  grid: string;
  border: string;
  line: string;
  lineFill: string;
  rising: string;
  falling: string;
  split: string;
}

const profitPairs: Record<ProfitColours, Record<"light" | "dark", [string, string]>> = {
  blue_orange: { light: ["#0b6bcb", "#b35900"], dark: ["#4cc2ff", "#ff9f43"] },
  green_red: { light: ["#1a7f37", "#c02626"], dark: ["#3fb950", "#ff6b6b"] },
};

/** Return the colours of a canvas, which cannot read the page's style sheet. */
export function useChartColours(): ChartColours {
  const scheme = useComputedColorScheme("light");
  const { profitColours } = usePreferences();
  return useMemo(() => {
    const [rising, falling] = profitPairs[profitColours][scheme];
    const isDark = scheme === "dark";
    return {
      rising,
      falling,
      text: isDark ? "#b4bcc6" : "#4a535e",
      grid: isDark ? "#20262d" : "#eef1f4",
      border: isDark ? "#343c45" : "#d4dae1",
      line: isDark ? "#8fb8ff" : "#1c4fa0",
      lineFill: isDark ? "rgba(143, 184, 255, 0.16)" : "rgba(28, 79, 160, 0.10)",
      split: isDark ? "#c9a6ff" : "#6a00ff",
    };
  }, [profitColours, scheme]);
}
