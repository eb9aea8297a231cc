// Moments as the clock on a wall in some time zone shows them. The zone is an IANA name; a summer time changes by itself.
import { formatDay, formatHour } from "./units.ts";

/** `14 May 2026` in the zone. */
export function dayIn(ms: number, zone: string): string {
  return formatDay(wallClock(ms, zone));
}

/** `14 May 2026 02:00` in the zone; the zone itself is not told. */
export function momentIn(ms: number, zone: string): string {
  const wall = wallClock(ms, zone);
  return `${formatDay(wall)} ${formatHour(wall)}`;
}

/** The epoch milliseconds at which a clock in UTC shows what a clock in the zone shows now. */
function wallClock(ms: number, zone: string): number {
  if (zone === "UTC") return ms;
  const parts = new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
  }).formatToParts(ms);
  const part = (type: Intl.DateTimeFormatPartTypes) =>
    Number(parts.find((each) => each.type === type)?.value);
  return Date.UTC(part("year"), part("month") - 1, part("day"), part("hour"), part("minute"));
}
