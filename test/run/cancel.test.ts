// Runs that are canceled at random instants: each ends sealed, its books balance, and nothing of it stays at the portal.
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { random } from "../../bench/campaign/campaign.ts";
import { parseExportTitle } from "../../src/core/export-title.ts";
import type { RunStatus } from "../../src/core/run.ts";
import { openStore } from "../azurite.ts";
import { type SamplePortal, startPortal } from "../portal/portal.ts";
import { leanSeed } from "../portal/seed/lean.ts";
import { type App, PASSWORD, sampleProfile, startApp, startRun, stateFolder, statusOf } from "./app.ts";
import { readRestorePoint, value } from "./restore-point.ts";

/** `npm run bench -- cancel` takes 20. */
const RUNS = Number(process.env["CANCEL_RUNS"] ?? 4);
/** Another seed gives other instants. */
const SEED = Number(process.env["CANCEL_SEED"] ?? 20261124);
const container = `cancel-${randomUUID()}`;

let portal: SamplePortal;
let app: App;
const cleanUp: (() => Promise<void>)[] = [];

beforeAll(async () => {
  value(await openStore("work").ready());
  portal = await startPortal({
    scale: 60,
    password: PASSWORD,
    seed: leanSeed({ maps: 10, layers: 3, minutes: 4 }),
  });
  cleanUp.push(() => portal.stop());
  const state = await stateFolder();
  cleanUp.unshift(state.remove);
  app = await startApp(sampleProfile(portal.url, container), { stateFolder: state.path });
  cleanUp.unshift(() => app.kill());
}, 60_000);

afterAll(async () => {
  for (const step of cleanUp) await step();
});

function finished({ counts }: RunStatus): number {
  return counts.saved + counts.unchanged + counts.skipped + counts.failed;
}

/** Below a quarter: so far into opening, listing and planning; above: when that share of the items is finished. */
function isDue(instant: number, startedMs: number, status: RunStatus): boolean {
  if (instant < 0.25) return performance.now() - startedMs >= instant * 8000 || status.phase === "saving";
  if (status.counts.listed === 0) return false;
  return finished(status) >= Math.floor((instant - 0.25) * 1.2 * status.counts.listed);
}

test(`${RUNS} runs canceled at random instants are sealed as canceled, with books that balance`, async () => {
  const work = openStore("work");
  const next = random(SEED);
  const instants = Array.from({ length: RUNS }, () => next());
  const runs = await Promise.all(
    instants.map(async (instant) => {
      const profile = sampleProfile(portal.url, container, { lanes: 1, exports: { lanes: 1 } });
      value(await work.put(`profiles/${profile.name}.json`, JSON.stringify(profile)));
      const id = await startRun(app, profile.name);
      const startedMs = performance.now();
      let isCanceled = false;
      for (let n = 0; n < 300; n += 1) {
        const status = await statusOf(app, id);
        if (status.verdict !== null) return { id, instant, status, isCanceled };
        if (!isCanceled && isDue(instant, startedMs, status)) {
          expect((await app.call("POST", `backups/${id}/cancel`)).status).toBe(202);
          isCanceled = true;
        }
        await new Promise((resolve) => setTimeout(resolve, 400));
      }
      throw new Error(`Run ${id} (instant ${instant}) did not end: ${app.log().slice(-2000)}`);
    }),
  );
  for (const { id, instant, status, isCanceled } of runs) {
    const told = `seed ${SEED}, instant ${instant}, run ${id}`;
    expect([status.verdict, isCanceled], told).toEqual(["canceled", true]);
    expect(finished(status), told).toBe(status.counts.listed);
    const results = (await app.call("GET", `backups/${id}/results`)).text;
    expect(results, told).toMatch(/^CANCELED/);
    if (status.counts.listed === 0) continue;
    const point = await readRestorePoint(container, status.folder);
    expect(point.manifest.verdict, told).toBe("canceled");
    expect(point.items, told).toHaveLength(status.counts.listed);
    const failures = point.items.flatMap(({ outcome }) =>
      outcome.state === "failed" ? [outcome.failure.reason] : [],
    );
    expect(new Set(failures), told).toEqual(new Set(failures.length === 0 ? [] : ["not-reached"]));
  }
  // Some were canceled before they had a listing, some in the middle of their items.
  const reached = runs.map(({ status }) => status.counts.saved);
  expect(Math.max(...reached)).toBeGreaterThan(0);
  const left = [...portal.state.items.values()].filter(({ fields }) => parseExportTitle(fields.title));
  expect(left.map(({ fields }) => fields.title)).toEqual([]);
}, 120_000);
