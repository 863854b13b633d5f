import { Badge } from "@mantine/core";
import type { Decision } from "../../api/types";

const words: Record<Decision["action"], string> = {
  enter_long: "▲ ENTER LONG",
  exit_long: "▼ EXIT LONG",
  enter_short: "▼ ENTER SHORT",
  exit_short: "▲ EXIT SHORT",
  hold: "– HOLD",
};

export function ActionBadge({ action }: { action: Decision["action"] }) {
  const tone = action === "hold" ? "ended" : "working";
  return (
    <Badge variant="default" size="sm" radius="sm" className={`state-${tone}`}>
      {words[action]}
    </Badge>
  );
}
