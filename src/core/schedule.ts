// When a profile is due: five cron fields in an IANA time zone. The hosting plan knows no time zones, so this decides.
import { Cron } from "croner";

/**
 * A profile's schedule: `cron` has five fields (minute to day of week), read in `zone`. When the clocks change:
 * - A fixed time (no `*` and no `/` in minute and hour) comes once on each of its days. One that the clocks skip comes at
 *   the first moment after the gap, one that they repeat comes the first time only.
 * - Any other time follows the clock on the wall: `0 * * * *` comes every real hour, what is skipped does not come, what
 *   is repeated comes twice.
 * A day that a zone leaves out of its calendar (Samoa's 30 December 2011) does not come, as the 31st of a short month.
 */
export interface Schedule {
  readonly cron: string;
  /** IANA name, such as `America/Denver`. */
  readonly zone: string;
}

export const CRON_EXPECTED =
  "five cron fields that some day meets: minute, hour, day of month, month, day of week, such as 0 2 * * *";
export const ZONE_EXPECTED = "an IANA time zone, such as America/Denver or UTC";

const MINUTE_MS = 60_000;

/** True for five fields that have a next occurrence: 31 February never comes. */
export function isCron(text: string): boolean {
  // "?" stands for the moment at which the text is read: no two readers would agree.
  if (text.trim().split(/\s+/).length !== 5 || text.includes("?")) return false;
  try {
    return parsed({ cron: text, zone: "UTC" }).nextRun(new Date(0)) !== null;
  } catch {
    // The library tells of a malformed field by throwing.
    return false;
  }
}

/** True for a zone that this runtime knows by a name; a bare offset such as +05:30 is none. */
export function isZone(text: string): boolean {
  if (!/^[A-Za-z]/.test(text)) return false;
  try {
    return new Intl.DateTimeFormat("en", { timeZone: text }).resolvedOptions().timeZone !== "";
  } catch {
    // So Intl tells of an unknown zone.
    return false;
  }
}

/** The first occurrence after `afterMs` (epoch milliseconds, whole minutes); undefined when there is none. */
export function nextOccurrence(schedule: Schedule, afterMs: number): number | undefined {
  return nextOf(known(schedule), afterMs);
}

/**
 * The last occurrence after `afterMs` and not after `untilMs` (epoch milliseconds); undefined when there is none. Halves
 * the span instead of walking it: a minute's schedule over a year takes some twenty steps.
 */
export function latestOccurrence(schedule: Schedule, afterMs: number, untilMs: number): number | undefined {
  const cron = known(schedule);
  const first = nextOf(cron, afterMs);
  if (first === undefined || first > untilMs) return undefined;
  let latest = first;
  // No occurrence lies in (until, untilMs].
  let until = untilMs;
  while (latest < until) {
    const middle = latest + Math.floor((until - latest) / 2 / MINUTE_MS) * MINUTE_MS;
    const next = nextOf(cron, middle);
    if (next !== undefined && next <= until) latest = next;
    else until = middle;
  }
  return latest;
}

/** How many occurrences lie after `afterMs` and not after `untilMs`; `most` when there are that many or more. */
export function countOccurrences(schedule: Schedule, afterMs: number, untilMs: number, most: number): number {
  const cron = known(schedule);
  let count = 0;
  for (let at = nextOf(cron, afterMs); at !== undefined && at <= untilMs; at = nextOf(cron, at)) {
    count += 1;
    if (count >= most) break;
  }
  return count;
}

interface Known {
  readonly cron: Cron;
  /** The last question and its answer: a tick asks the same one until the occurrence comes. */
  after?: number;
  next?: number | undefined;
}

/** Parsed schedules by their text; parsing one costs more than asking it. */
const kept = new Map<string, Known>();
const KEPT_MOST = 200;

function known(schedule: Schedule): Known {
  const key = `${schedule.cron}\n${schedule.zone}`;
  let found = kept.get(key);
  if (found === undefined) {
    if (kept.size >= KEPT_MOST) kept.clear();
    found = { cron: parsed(schedule) };
    kept.set(key, found);
  }
  return found;
}

function nextOf(known: Known, afterMs: number): number | undefined {
  if (known.after === afterMs) return known.next;
  known.next = known.cron.nextRun(new Date(afterMs))?.getTime();
  known.after = afterMs;
  return known.next;
}

/** "no-wildcard": lists and ranges are fixed times too, as Vixie cron has it; by itself the library skips `0,30 2 * * *`. */
function parsed({ cron, zone }: Schedule): Cron {
  return new Cron(cron, { timezone: zone, paused: true, mode: "5-part", fixedTimeRule: "no-wildcard" });
}
