import { Badge } from "@mantine/core";

type Tone = "working" | "done" | "attention" | "refused" | "ended";

const tones: Record<string, Tone> = {
  HELD: "ended",
  INTENT: "working",
  SUBMITTING: "working",
  ACCEPTED: "working",
  PARTIAL: "working",
  UNKNOWN: "attention",
  FILLED: "done",
  REJECTED: "refused",
  DENIED: "refused",
  ABANDONED: "refused",
  CANCELED: "ended",
  EXPIRED: "ended",
  REPLACED: "ended",
};

const marks: Record<Tone, string> = {
  working: "◌",
  done: "✓",
  attention: "?",
  refused: "✕",
  ended: "–",
};

/** Show an order's state as a word with a mark; the colour only repeats them. */
export function OrderState({ state }: { state: string }) {
  const tone = tones[state] ?? "attention";
  return (
    <Badge className={`state state-${tone}`} variant="default" size="sm" radius="sm">
      <span aria-hidden="true">{marks[tone]}</span> {state}
    </Badge>
  );
}
