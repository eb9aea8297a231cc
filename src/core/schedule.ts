// When a profile is due: five cron fields in an IANA time zone. The hosting plan knows no time zones, so this decides.
import { Cron } from "croner";

/** A profile's schedule: `cron` has five fields (minute to day of week), read in `zone`. */
export interface Schedule {
  readonly cron: string;
  /** IANA name, such as `America/Denver`. */
  readonly zone: string;
}

export const CRON_EXPECTED =
  "five cron fields: minute, hour, day of month, month, day of week, such as 0 2 * * *";
export const ZONE_EXPECTED = "an IANA time zone, such as America/Denver or UTC";

/** True for five fields that have a next occurrence. */
export function isCron(text: string): boolean {
  if (text.trim().split(/\s+/).length !== 5) return false;
  try {
    return new Cron(text, { timezone: "UTC", paused: true, mode: "5-part" }).nextRun(new Date(0)) !== null;
  } catch {
    // The library tells of a malformed field by throwing.
    return false;
  }
}

/** True for a zone that this runtime knows. */
export function isZone(text: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: text }).resolvedOptions().timeZone !== "";
  } catch {
    // So Intl tells of an unknown zone.
    return false;
  }
}

/** The first occurrence after `afterMs` (epoch milliseconds, whole minutes); undefined when there is none. */
export function nextOccurrence({ cron, zone }: Schedule, afterMs: number): number | undefined {
  const next = new Cron(cron, { timezone: zone, paused: true, mode: "5-part" }).nextRun(new Date(afterMs));
  return next?.getTime();
}
