import type { AppConfig } from "./config";

const words: Record<AppConfig["stage"], string> = {
  local: "LOCAL REPLAY",
  paper: "PAPER",
  live: "LIVE",
};

/** Say in words whose money this page moves. */
export function StageBadge({ stage }: { stage: AppConfig["stage"] }) {
  return <span className={`stage stage-${stage}`}>{words[stage]}</span>;
}
