// When the original runs lies in Windows Task Scheduler. A sheet that tells it all the same is believed only when nothing is
// left to guess: a time of day, or cron fields, and a time zone.
import { isCron, isZone, type Schedule } from "../../core/schedule.ts";

/** undefined: not clear. */
export function scheduleOf(when: string, zone: string): Schedule | undefined {
  const cron = isCron(when) ? when.trim().split(/\s+/).join(" ") : dailyAt(when);
  return cron !== undefined && isZone(zone) ? { cron, zone } : undefined;
}

/** Cron fields of a time of day, as 2:00, 02:00:00 or 2 PM; undefined for anything else. */
export function dailyAt(when: string): string | undefined {
  const found = /^(\d{1,2})(?::(\d{2}))?(?::00)?\s*(am|pm)?$/i.exec(when.trim());
  if (found === null || (found[2] === undefined && found[3] === undefined)) return undefined;
  const half = found[3]?.toLowerCase();
  const hour = Number(found[1]);
  const minute = Number(found[2] ?? 0);
  if (minute > 59 || (half === undefined ? hour > 23 : hour < 1 || hour > 12)) return undefined;
  return `${minute} ${half === undefined ? hour : (hour % 12) + (half === "pm" ? 12 : 0)} * * *`;
}
