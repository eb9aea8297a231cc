// NCRONTAB schedules of timer triggers: six fields (seconds first) or five, in UTC. Unlike cron, the day of the month
// and the day of the week must both fit.

interface Field {
  readonly name: string;
  readonly first: number;
  readonly last: number;
  readonly words?: readonly string[];
}

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const DAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const FIELDS = [
  { name: "second", first: 0, last: 59 },
  { name: "minute", first: 0, last: 59 },
  { name: "hour", first: 0, last: 23 },
  { name: "day", first: 1, last: 31 },
  { name: "month", first: 1, last: 12, words: MONTHS },
  { name: "day of week", first: 0, last: 6, words: DAYS },
] as const satisfies readonly Field[];

const DAY_MS = 24 * 3600 * 1000;
// 29 February on a given weekday comes within 28 years, also across 2100 within 40.
const SEARCH_DAYS = 41 * 366;

export interface Schedule {
  /** The first occurrence after a moment, both in epoch milliseconds; undefined when there is none. */
  next(afterMs: number): number | undefined;
}

function numberOf(text: string, field: Field, whole: string): number {
  const word = (field.words ?? []).findIndex((one) => text.toLowerCase().startsWith(one));
  const value = word === -1 ? Number(text) : word + field.first;
  if (text !== "" && Number.isInteger(value) && value >= field.first && value <= field.last) return value;
  const range = `${String(field.first)} to ${String(field.last)}`;
  throw new Error(`The schedule "${whole}" has "${text}" as its ${field.name}; it must be ${range}`);
}

function valuesOf(text: string, field: Field, whole: string): ReadonlySet<number> {
  const values = new Set<number>();
  for (const part of text.split(",")) {
    const [range = "", stepText, ...more] = part.split("/");
    const step = stepText === undefined ? 1 : Number(stepText);
    if (more.length > 0 || !Number.isInteger(step) || step < 1) {
      throw new Error(`The schedule "${whole}" has "${part}" as its ${field.name}; a step must be 1 or more`);
    }
    const [from = "", to, ...rest] = range.split("-");
    if (rest.length > 0) throw new Error(`The schedule "${whole}" has "${part}" as its ${field.name}`);
    const first = range === "*" ? field.first : numberOf(from, field, whole);
    let last = first;
    if (to !== undefined) last = numberOf(to, field, whole);
    // A step without a range goes on to the field's end: "5/10" is 5, 15, 25 ...
    else if (range === "*" || stepText !== undefined) last = field.last;
    if (last < first)
      throw new Error(`The schedule "${whole}" has "${part}" as its ${field.name}: it runs backwards`);
    for (let value = first; value <= last; value += step) values.add(value);
  }
  return values;
}

/** Reads a schedule; throws a sentence that names the wrong field. */
export function parseNcrontab(text: string): Schedule {
  const given = text.trim().split(/\s+/);
  const parts = given.length === 5 ? ["0", ...given] : given;
  if (parts.length !== 6) {
    throw new Error(
      `The schedule "${text}" has ${String(given.length)} fields; NCRONTAB has 6, or 5 without seconds`,
    );
  }
  const sets = FIELDS.map((field, index) => valuesOf(parts[index] ?? "", field, text));
  const fits = (index: number, value: number): boolean => sets[index]?.has(value) === true;
  const sorted = (index: number): readonly number[] => [...(sets[index] ?? [])].sort((a, b) => a - b);
  const timesOfDay: number[] = [];
  for (const hour of sorted(2)) {
    for (const minute of sorted(1)) {
      for (const second of sorted(0)) timesOfDay.push(((hour * 60 + minute) * 60 + second) * 1000);
    }
  }
  return {
    next: (afterMs) => {
      const firstDay = Math.floor(afterMs / DAY_MS);
      for (let day = firstDay; day < firstDay + SEARCH_DAYS; day += 1) {
        const date = new Date(day * DAY_MS);
        if (!fits(3, date.getUTCDate()) || !fits(4, date.getUTCMonth() + 1) || !fits(5, date.getUTCDay()))
          continue;
        const time = timesOfDay.find((one) => day * DAY_MS + one > afterMs);
        if (time !== undefined) return day * DAY_MS + time;
      }
      return undefined;
    },
  };
}
