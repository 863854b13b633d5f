/** Instants travel in UTC and are shown in the exchange's time unless the reader chose otherwise. */

export type ZoneChoice = "exchange" | "local" | "utc";

export const EXCHANGE_ZONE = "America/New_York";

const zoneNames: Record<ZoneChoice, string | undefined> = {
  exchange: EXCHANGE_ZONE,
  local: undefined,
  utc: "UTC",
};

const formatters = new Map<string, Intl.DateTimeFormat>();

function parts(iso: string, zone: string | undefined): Record<string, string> {
  const key = zone ?? "local";
  let formatter = formatters.get(key);
  if (!formatter) {
    formatter = new Intl.DateTimeFormat("en-US", {
      ...(zone ? { timeZone: zone } : {}),
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
      hourCycle: "h23",
      weekday: "short",
      timeZoneName: "short",
    });
    formatters.set(key, formatter);
  }
  const found: Record<string, string> = {};
  for (const part of formatter.formatToParts(new Date(iso))) found[part.type] = part.value;
  return found;
}

/** Print an instant to the minute with its zone: "2005-02-28 16:00 EST". */
export function formatInstant(iso: string | null | undefined, zone: ZoneChoice): string {
  if (!iso) return "\u2014";
  const at = parts(iso, zoneNames[zone]);
  return `${at.year}-${at.month}-${at.day} ${at.hour}:${at.minute} ${at.timeZoneName}`;
}

/** Return the exchange's calendar date of an instant: "2005-02-28". */
export function exchangeDate(iso: string): string {
  const at = parts(iso, EXCHANGE_ZONE);
  return `${at.year}-${at.month}-${at.day}`;
}

/** Return the reader's clock as if it were UTC, in whole seconds: what a chart's time axis needs. */
export function wallClockSeconds(iso: string, zone: ZoneChoice): number {
  const at = parts(iso, zoneNames[zone]);
  const text = `${at.year}-${at.month}-${at.day}T${at.hour}:${at.minute}:${at.second}Z`;
  return Math.floor(Date.parse(text) / 1000);
}

/** Say whether US equities trade now by the clock: Monday to Friday, 09:30 to 16:05; holidays count as open. */
export function isRegularSession(now: Date): boolean {
  const at = parts(now.toISOString(), EXCHANGE_ZONE);
  if (at.weekday === "Sat" || at.weekday === "Sun") return false;
  const minutes = Number(at.hour) * 60 + Number(at.minute);
  // Five minutes more: the close's fills and the last bar arrive then.
  return minutes >= 9 * 60 + 30 && minutes < 16 * 60 + 5;
}

/** Print an age in milliseconds in its largest whole unit: "12 s", "3 min", "2 h", "4 d". */
export function formatAge(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86_400)} d`;
}
