// An independent reader of schedules for tests: walks minute by minute with the offsets that Intl tells, as slow as it is plain.
import type { Schedule } from "../../src/core/schedule.ts";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const STEP = DAY / 4;

interface Change {
  /** First moment of the new offset. */
  readonly at: number;
  readonly offset: number;
}

/** Every occurrence in [from, to), both whole minutes in epoch ms. */
export function occurrences({ cron, zone }: Schedule, from: number, to: number): number[] {
  const [minute = "", hour = "", day = "", month = "", weekday = ""] = cron.split(" ");
  const fields = {
    minute: values(minute, 0, 59),
    hour: values(hour, 0, 23),
    day: values(day, 1, 31),
    month: values(month, 1, 12),
    weekday: values(weekday, 0, 6),
  };
  const isFixed = !/[*/]/.test(`${minute}${hour}`);
  const fits = (local: number): boolean => {
    const date = new Date(local);
    if (!fields.minute.has(date.getUTCMinutes()) || !fields.hour.has(date.getUTCHours())) return false;
    const onDay = fields.day.has(date.getUTCDate());
    const onWeekday = fields.weekday.has(date.getUTCDay());
    const isToday = day === "*" || weekday === "*" ? onDay && onWeekday : onDay || onWeekday;
    return isToday && fields.month.has(date.getUTCMonth() + 1);
  };
  const changes = offsetChanges(zone, from, to);
  const found: number[] = [];
  let offset = offsetAt(zone, from);
  // Until here the wall shows what it has shown before.
  let repeatedUntil = -Infinity;
  for (let at = from; at < to; at += MINUTE) {
    let isCaught = false;
    if (changes[0]?.at === at) {
      const before = offset;
      offset = changes.shift()?.offset ?? offset;
      repeatedUntil = at + before - offset;
      // A whole day that is left out does not come at all.
      const gapEnd = offset - before < DAY ? at + offset : -Infinity;
      for (let local = at + before; local < gapEnd; local += MINUTE) isCaught ||= isFixed && fits(local);
    }
    const isRepeated = at < repeatedUntil;
    if (isCaught || (fits(at + offset) && !(isFixed && isRepeated))) found.push(at);
  }
  return found;
}

/** The moments at which the zone's offset changes. */
export function offsetChanges(zone: string, from: number, to: number): Change[] {
  const changes: Change[] = [];
  for (let at = from; at < to; at += STEP) {
    const offset = offsetAt(zone, at + STEP);
    if (offset === offsetAt(zone, at)) continue;
    let moment = at + MINUTE;
    while (offsetAt(zone, moment) !== offset) moment += MINUTE;
    changes.push({ at: moment, offset });
  }
  return changes;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function offsetAt(zone: string, at: number): number {
  const part = "numeric" as const;
  const format =
    formats.get(zone) ??
    new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      hourCycle: "h23",
      ...{ year: part, month: part, day: part, hour: part, minute: part },
    });
  formats.set(zone, format);
  const told = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
  const { year = 0, month = 0, day = 0, hour = 0, minute = 0 } = told;
  return Date.UTC(year, month - 1, day, hour, minute) - at;
}

function values(field: string, first: number, last: number): ReadonlySet<number> {
  const all = new Set<number>();
  for (const part of field.split(",")) {
    const [range = "", step = "1"] = part.split("/");
    const [from = first, to = range === "*" ? last : from] =
      range === "*" ? [] : range.split("-").map(Number);
    for (let value = from; value <= to; value += Number(step)) all.add(value);
  }
  return all;
}
