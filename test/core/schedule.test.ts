import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type Schedule,
  countOccurrences,
  isCron,
  isZone,
  latestOccurrence,
  nextOccurrence,
} from "../../src/core/schedule.ts";
import { occurrences, offsetChanges } from "./calendar.ts";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** The next occurrences after a moment, as `yyyy-MM-ddTHH:mm` in UTC. */
function next(cron: string, zone: string, after: string, count: number): string[] {
  const found: string[] = [];
  let at: number | undefined = Date.parse(`${after}:00Z`);
  while (found.length < count) {
    at = nextOccurrence({ cron, zone }, at);
    if (at === undefined) break;
    found.push(new Date(at).toISOString().slice(0, 16));
  }
  return found;
}

describe("nextOccurrence() when the clocks go forward", () => {
  it.each([
    // 02:00 becomes 03:00: 02:30 comes at 03:00.
    ["30 2 * * *", "Europe/Berlin", "2026-03-28T12:00", ["2026-03-29T01:00", "2026-03-30T00:30"]],
    ["30 2 * * *", "America/Denver", "2026-03-07T12:00", ["2026-03-08T09:00", "2026-03-09T08:30"]],
    // Two times in one gap come once.
    ["0,30 2 * * *", "Europe/Berlin", "2026-03-28T12:00", ["2026-03-29T01:00", "2026-03-30T00:00"]],
    ["15 2,14 * * *", "Europe/Berlin", "2026-03-28T14:00", ["2026-03-29T01:00", "2026-03-29T12:15"]],
    // Half an hour only: 02:00 becomes 02:30.
    ["15 2 * * *", "Australia/Lord_Howe", "2026-10-03T00:00", ["2026-10-03T15:30", "2026-10-04T15:15"]],
    // The day begins at 01:00.
    ["0 0 * * *", "Africa/Cairo", "2026-04-23T12:00", ["2026-04-23T22:00", "2026-04-24T21:00"]],
    // Every real hour; what the wall does not show does not come.
    ["0 * * * *", "Europe/Berlin", "2026-03-29T00:30", ["2026-03-29T01:00", "2026-03-29T02:00"]],
    ["*/30 2 * * *", "Europe/Berlin", "2026-03-28T12:00", ["2026-03-30T00:00", "2026-03-30T00:30"]],
    // Samoa had no 30 December 2011.
    ["0 0 * * *", "Pacific/Apia", "2011-12-29T00:00", ["2011-12-29T10:00", "2011-12-30T10:00"]],
    ["0 0 30 * *", "Pacific/Apia", "2011-12-01T00:00", ["2012-01-29T10:00", "2012-03-29T10:00"]],
  ])("%s in %s after %s", (cron, zone, after, expected) => {
    expect(next(cron, zone, after, 2)).toEqual(expected);
  });
});

describe("nextOccurrence() when the clocks go back", () => {
  it.each([
    ["30 1 * * *", "America/Denver", "2026-10-31T12:00", ["2026-11-01T07:30", "2026-11-02T08:30"]],
    ["30 2 * * *", "Europe/Berlin", "2026-10-24T12:00", ["2026-10-25T00:30", "2026-10-26T01:30"]],
    ["45 1 * * *", "Australia/Lord_Howe", "2026-04-04T00:00", ["2026-04-04T14:45", "2026-04-05T15:15"]],
    // Between the two 02:30s the first one is past.
    ["30 2 * * *", "Europe/Berlin", "2026-10-25T01:10", ["2026-10-26T01:30", "2026-10-27T01:30"]],
    // Every real hour, and both times that the wall shows.
    ["0 * * * *", "Europe/Berlin", "2026-10-24T23:30", ["2026-10-25T00:00", "2026-10-25T01:00"]],
    ["*/30 2 * * *", "Europe/Berlin", "2026-10-25T00:10", ["2026-10-25T00:30", "2026-10-25T01:00"]],
  ])("%s in %s after %s", (cron, zone, after, expected) => {
    expect(next(cron, zone, after, 2)).toEqual(expected);
  });
});

const ZONES = [
  ...["Europe/Berlin", "America/Denver", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia"],
  ...["Africa/Casablanca", "America/Santiago", "Africa/Cairo", "UTC"],
];

const SCHEDULES: fc.Arbitrary<Schedule> = fc.record({
  cron: fc
    .tuple(
      fc.constantFrom("0", "30", "59", "0,30", "15-20", "*/15", "*", "10-20/5"),
      fc.constantFrom("0", "1", "2", "3", "23", "2,14", "0-4", "*", "*/2"),
      fc.constantFrom("*", "*", "*", "1", "31", "1-7", "*/2"),
      fc.constantFrom("*", "*", "3,10", "*/2"),
      fc.constantFrom("*", "*", "0", "1-5"),
    )
    .map((fields) => fields.join(" ")),
  zone: fc.constantFrom(...ZONES),
});

const known = new Map<string, ReturnType<typeof offsetChanges>>();
function changesOf(zone: string, year: number): ReturnType<typeof offsetChanges> {
  const key = `${zone} ${year}`;
  const found = known.get(key) ?? offsetChanges(zone, Date.UTC(year, 0, 1), Date.UTC(year + 1, 0, 1));
  known.set(key, found);
  return found;
}

/** A span of some days around a change of the clocks, where there is one. */
const SPANS = fc
  .record({
    schedule: SCHEDULES,
    year: fc.constantFrom(2011, 2025, 2026),
    which: fc.nat(3),
    before: fc.integer({ min: 1, max: 2 * 1440 }),
  })
  .map(({ schedule, year, which, before }) => {
    const start = Date.UTC(year, 0, 1);
    const changes = changesOf(schedule.zone, year);
    const from =
      (changes[which % Math.max(changes.length, 1)]?.at ?? start + which * 91 * DAY) - before * MINUTE;
    return { schedule, from, to: from + 4 * DAY };
  });

describe("against a walk through the calendar, minute by minute", () => {
  it("nextOccurrence() gives every occurrence and no other, from any moment", () => {
    fc.assert(
      fc.property(SPANS, fc.nat(4 * 1440), ({ schedule, from, to }, minutes) => {
        const expected = occurrences(schedule, from, to);
        const found: number[] = [];
        for (let at = nextOccurrence(schedule, from - 1); at !== undefined && at < to;) {
          found.push(at);
          at = nextOccurrence(schedule, at);
        }
        expect(found).toEqual(expected);
        const after = from + minutes * MINUTE;
        const later = expected.find((at) => at > after);
        if (later !== undefined) expect(nextOccurrence(schedule, after)).toBe(later);
      }),
      { numRuns: 40 },
    );
  });

  it("latestOccurrence() and countOccurrences() agree with it on any span", () => {
    fc.assert(
      fc.property(SPANS, fc.nat(4 * 1440), fc.nat(4 * 1440), ({ schedule, from, to }, one, two) => {
        const [after, until] = [one, two].sort((a, b) => a - b).map((n) => from + n * MINUTE) as [
          number,
          number,
        ];
        const within = occurrences(schedule, from, to).filter((at) => at > after && at <= until);
        expect(latestOccurrence(schedule, after, until)).toBe(within.at(-1));
        expect(countOccurrences(schedule, after, until, 7)).toBe(Math.min(within.length, 7));
      }),
      { numRuns: 40 },
    );
  });
});

it("nextOccurrence() answers for more schedules than it keeps in mind, and for the first one again", () => {
  const after = Date.UTC(2026, 0, 1, 12);
  for (const nth of [...Array.from({ length: 250 }, (_, n) => n), 0]) {
    const cron = `${nth % 60} ${Math.floor(nth / 60)} * * *`;
    expect(nextOccurrence({ cron, zone: "UTC" }, after)).toBe(Date.UTC(2026, 0, 2) + nth * MINUTE);
  }
});

describe("latestOccurrence()", () => {
  it("finds the last of half a million missed minutes without walking them", () => {
    const until = Date.UTC(2027, 0, 1) + 30_000;
    const started = performance.now();
    expect(latestOccurrence({ cron: "* * * * *", zone: "Europe/Berlin" }, Date.UTC(2026, 0, 1), until)).toBe(
      Date.UTC(2027, 0, 1),
    );
    // Walking them takes half a minute.
    expect(performance.now() - started).toBeLessThan(1000);
  });
});

describe("isCron()", () => {
  it.each(["0 2 * * *", "0 2 29 2 *", "*/15 * * * 1-5", "0 2 L * *", "30 1 1,15 jan-mar MON"])(
    "takes %s",
    (cron) => {
      expect(isCron(cron)).toBe(true);
    },
  );

  it.each([
    // Days that never come.
    ...["0 2 31 2 *", "0 2 30 2 *", "0 2 31 4,6,9,11 *"],
    ...["0 0 2 * * *", "0 2 * *", "@daily", "", "60 2 * * *", "0 24 * * *", "5/10 * * * *", "a b c d e"],
    // Would mean the moment at which it is read.
    ...["? 2 * * *", "0 2 * * ?"],
  ])("refuses %s", (cron) => {
    expect(isCron(cron)).toBe(false);
  });
});

describe("isZone()", () => {
  it("takes names and refuses offsets and what is no zone", () => {
    expect(["America/Denver", "UTC", "Asia/Kathmandu"].filter((zone) => !isZone(zone))).toEqual([]);
    expect(["+05:30", "Mars/Olympus", "", " UTC", "GMT+25"].filter(isZone)).toEqual([]);
  });
});
