import { usePreferences } from "./preferences";
import { formatInstant } from "./time";

/** Show an instant in the reader's zone, with the zone written; the UTC text is in the tooltip. */
export function Instant({ at }: { at: string | null | undefined }) {
  const { zone } = usePreferences();
  if (!at) return <span>{formatInstant(at, zone)}</span>;
  return (
    <time dateTime={at} title={at} className="figure">
      {formatInstant(at, zone)}
    </time>
  );
}
