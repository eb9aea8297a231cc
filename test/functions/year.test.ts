// A year of ticks over two profiles in two zones: exactly the due occurrences ran, each once.
import { expect, test } from "vitest";
import { stamp } from "../../src/core/run-id.ts";
import { tick } from "../../src/functions/tick.ts";
import { occurrences } from "../core/calendar.ts";
import { night, profileText, putProfile, seal, stateOf } from "./nights.ts";

const MINUTE = 60_000;
const FIVE = 5 * MINUTE;
const FROM = Date.UTC(2026, 0, 1);
const TO = Date.UTC(2027, 0, 1);

const SCHEDULES = {
  berlin: { cron: "30 2 * * *", zone: "Europe/Berlin" },
  denver: { cron: "0,30 1-2 * * 1-5", zone: "America/Denver" },
} as const;
type Name = keyof typeof SCHEDULES;
const NAMES = Object.keys(SCHEDULES) as Name[];

/** Numbers below 1 that are the same each time. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Whether the app was away at each of the 105,120 ticks: 40 outages from minutes to three weeks. */
function outages(random: () => number): Uint8Array {
  const away = new Uint8Array((TO - FROM) / FIVE);
  for (let n = 0; n < 40; n += 1) {
    const ticks = Math.ceil(3 ** (random() * 7.9));
    const start = 1 + Math.floor(random() * (away.length - 1));
    away.fill(1, start, start + ticks);
  }
  return away;
}

/** Of the occurrences between two ticks that came, the latest runs: told from the calendar alone. */
function expected(name: Name, away: Uint8Array): string[] {
  const all = occurrences(SCHEDULES[name], FROM, TO);
  const ran: string[] = [];
  let next = 0;
  for (let n = 0; n < away.length; n += 1) {
    if (away[n] === 1) continue;
    let latest: number | undefined;
    for (; (all[next] ?? Infinity) <= FROM + n * FIVE; next += 1) latest = all[next];
    // The first tick sees the profiles for the first time.
    if (latest !== undefined && n > 0) ran.push(`${name}-${stamp(latest)}`);
  }
  return ran;
}

test("a year of ticks with outages and ticks that come twice runs exactly what is due, each once", async () => {
  const random = numbers(4);
  const away = outages(random);
  const app = night(FROM);
  for (const name of NAMES) await putProfile(app.work, name, profileText(name, SCHEDULES[name]));
  const { deps, orchestrations, log } = app;
  for (let n = 0; n < away.length; n += 1) {
    if (away[n] === 1) continue;
    // A timer is late by seconds, and some ticks are delivered twice, one after the other or at once.
    app.now = FROM + n * FIVE + Math.floor(random() * 50_000);
    const twice = random() < 0.02;
    if (twice && random() < 0.5) await tick(deps, orchestrations, log);
    await Promise.all(Array.from({ length: twice ? 2 : 1 }, () => tick(deps, orchestrations, log)));
    // Each run ends before the next tick.
    for (const id of [...orchestrations.running]) {
      const name = NAMES.find((each) => id.startsWith(`${each}-`));
      if (name !== undefined) await seal(app, name, id);
    }
  }
  const ran = orchestrations.ids("backup");
  for (const name of NAMES) {
    const due = expected(name, away);
    expect(due.length).toBeGreaterThan(200);
    expect(ran.filter((id) => id.startsWith(`${name}-`))).toEqual(due);
    expect((await stateOf(app.work, name))?.openRun).toBeNull();
  }
  expect(ran).toHaveLength(orchestrations.started.length);
  expect(log.lines.filter((line) => line.startsWith("error"))).toEqual([]);
  // A day without a tick has no clean-up.
  const days = new Set(
    Array.from(away, (each, n) => (each === 1 ? -1 : Math.floor((n * FIVE) / (1440 * MINUTE)))),
  );
  expect(orchestrations.purgedBefore.length).toBeLessThanOrEqual(days.size);
  expect(orchestrations.purgedBefore.length).toBeGreaterThan(days.size / 2);
}, 30_000);
