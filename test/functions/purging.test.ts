import { expect, test } from "vitest";
import type { ProfileState } from "../../src/activities/run/state.ts";
import { stamp } from "../../src/core/run-id.ts";
import { runPaths, statePath } from "../../src/core/work-paths.ts";
import type { Store } from "../../src/clients/store/store.ts";
import { tick } from "../../src/functions/tick.ts";
import { type Night, night, profileText, putProfile } from "./nights.ts";

const DAY = 86_400_000;
const START = Date.UTC(2026, 0, 1, 2);

/** Records as a run leaves them. */
async function leaveRun(work: Store, id: string, items: number): Promise<void> {
  const paths = runPaths(id);
  const whole = [paths.run, paths.sealed, paths.results, paths.summary, paths.mail, paths.mailSent];
  const passing = [paths.profile, paths.plan(1), paths.claims(1), paths.books, `${paths.log}0-opening.json`];
  const each = Array.from({ length: items }, (_, n) => paths.outcome(1, `${n}`));
  for (const path of [...whole, ...passing, ...each]) await work.put(path, "{}");
}

async function setState(work: Store, name: string, state: Partial<ProfileState>): Promise<void> {
  await work.put(statePath(name), JSON.stringify({ openRun: null, lastRun: null, ...state }));
}

async function pathsOf(app: Night, id: string): Promise<number> {
  const listed = await app.work.list(`runs/${id}/`);
  return listed.ok ? listed.value.blobs.length : -1;
}

const KEPT = 6;
const WHOLE = 11;

function outline(id: string, dryRun = false) {
  return { id, dryRun } as NonNullable<ProfileState["runs"]>[number];
}

test("a tick a day deletes the history older than 30 days, however many ticks there are", async () => {
  const app = night(START);
  for (let hour = 0; hour < 72; hour += 1) {
    app.now = START + (hour * DAY) / 24;
    await tick(app.deps, app.orchestrations, app.log);
  }
  expect(app.orchestrations.purgedBefore).toEqual([-30, -29, -28].map((days) => START + days * DAY));
});

test("after 30 days a run keeps its report only, but for the last two and an open one", async () => {
  const app = night(START);
  await putProfile(app.work, "acme", profileText("acme"));
  await tick(app.deps, app.orchestrations, app.log);
  const ids = [0, 1, 2, 3, 4].map((day) => `acme-${stamp(START + day * DAY)}`);
  const [first = "", second = "", third = "", dry = "", open = ""] = ids;
  for (const id of ids) await leaveRun(app.work, id, 3);
  await leaveRun(app.work, `acme-two-${stamp(START)}`, 3);
  await setState(app.work, "acme", {
    openRun: { runId: open, profile: "acme", startedAt: START, startedBy: "http" },
    lastRun: dry,
    runs: [outline(dry, true), outline(third), outline(second), outline(first)],
  });
  app.orchestrations.running.add(open);
  const counts = () => Promise.all(ids.map((id) => pathsOf(app, id)));
  const ticksOn = async (day: number) => {
    app.now = START + day * DAY;
    // The first tick of a day purges the history.
    for (let n = 0; n < 2; n += 1) await tick(app.deps, app.orchestrations, app.log);
  };
  await ticksOn(29);
  expect(await counts()).toEqual([WHOLE + 3, WHOLE + 3, WHOLE + 3, WHOLE + 3, WHOLE + 3]);
  await ticksOn(40);
  expect(await counts()).toEqual([KEPT, WHOLE + 3, WHOLE + 3, WHOLE + 3, WHOLE + 3]);
  // A profile that nobody knows is left alone, also one whose name begins alike.
  expect(await pathsOf(app, `acme-two-${stamp(START)}`)).toBe(WHOLE + 3);

  // Two newer runs: what was passed over goes now.
  const newer = [38, 39].map((day) => outline(`acme-${stamp(START + day * DAY)}`));
  await setState(app.work, "acme", { lastRun: newer[1]?.id ?? null, runs: newer.toReversed() });
  await ticksOn(41);
  expect(await counts()).toEqual([KEPT, KEPT, KEPT, KEPT, KEPT]);
});

test("a tick deletes a bounded number of records, and the next ones go on", async () => {
  const app = night(START);
  await putProfile(app.work, "acme", profileText("acme"));
  await tick(app.deps, app.orchestrations, app.log);
  const id = `acme-${stamp(START)}`;
  await leaveRun(app.work, id, 4_500);
  await setState(app.work, "acme", {});
  app.now = START + 31 * DAY;
  await tick(app.deps, app.orchestrations, app.log);
  const left: number[] = [];
  for (let n = 0; n < 4; n += 1) {
    await tick(app.deps, app.orchestrations, app.log);
    left.push(await pathsOf(app, id));
  }
  expect(left).toEqual([WHOLE + 2_500, WHOLE + 500, KEPT, KEPT]);
});
