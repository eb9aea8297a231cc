// The timer on the local host: it fires, starts what is due, and closes a run whose orchestration was terminated.
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { requireRecord, writeRecord } from "../../src/activities/run/records.ts";
import type { ProfileState } from "../../src/activities/run/state.ts";
import type { RunSummary } from "../../src/core/run.ts";
import { runPaths, statePath } from "../../src/core/work-paths.ts";
import { type RunningAzurite, openStore, startAzurite } from "../azurite.ts";
import { type SamplePortal, startPortal } from "../portal/portal.ts";
import { type Ground, addItem, addMember } from "../portal/seed/build.ts";
import { addHosted } from "../portal/seed/layers.ts";
import { PASSWORD, follow, sampleProfile, startApp, startRun, stateFolder } from "./app.ts";

// Minutes of the sample in a minute: a tick comes every two and a half seconds.
const SCALE = 120;

/** Enough to see an export at work. */
function fewItems(ground: Ground): void {
  addMember(ground.state, "backup_admin", "Admin", { role: "org_admin", password: ground.password });
  for (const title of ["Wells", "Pumps"]) {
    const layers = [{ id: 0, name: title, geometry: "point", rows: 12 } as const];
    addHosted(ground, { title, service: title, owner: "backup_admin", minutes: 3, layers });
  }
  addItem(ground.state, { title: "Map", type: "Web Map", json: { version: "2.31" }, owner: "backup_admin" });
}

// A storage of its own: a tick looks after every profile that it finds.
let storage: RunningAzurite;
let portal: SamplePortal;
let before: ReadonlySet<string>;

beforeAll(async () => {
  [storage, portal] = await Promise.all([
    startAzurite(),
    startPortal({ scale: SCALE, password: PASSWORD, seed: fewItems }),
  ]);
  before = new Set(portal.state.items.keys());
});
afterAll(() => Promise.all([storage.stop(), portal.stop()]));

/** Monthly: no occurrence comes by while the test runs, unless it runs over the first minute of a month. */
const schedule = { cron: "0 0 1 * *", zone: "UTC" };

function env(): Record<string, string> {
  return { AzureWebJobsStorage: storage.connectionString, BACKUP_STORAGE: storage.connectionString };
}

test("the timer catches up what was missed while the app was away, and closes a run that was terminated", async () => {
  const profile = sampleProfile(portal.url, `nightly-${randomUUID()}`, { schedule });
  const { name } = profile;
  const work = openStore("work", storage.connectionString);
  await work.ready();
  const since = Date.now() - 40 * 86_400_000;
  await writeRecord(work, statePath(name), { openRun: null, lastRun: null, since, schedule });
  const state = await stateFolder();
  const app = await startApp(profile, {
    stateFolder: state.path,
    env: env(),
    timers: true,
    scale: SCALE,
    redeliver: "after",
  });
  try {
    const month = new Date().toISOString().slice(0, 7).replace("-", "");
    const nightly = `${name}-${month}01T000000Z`;
    await until(async () => (await app.call("GET", `backups/${nightly}`)).status === 200);
    const ended = (await follow(app, nightly)).at(-1);
    expect([ended?.verdict, ended?.startedBy]).toEqual(["succeeded", "timer"]);

    const id = await startRun(app, name);
    await follow(app, id, (status) => status.exportsAtWork.length > 0);
    await app.terminate(id);
    const closed = (await follow(app, id)).at(-1);
    expect(closed?.verdict).toBe("failed");
    expect(closed?.failure?.text).toContain("its orchestration was terminated");
    const sealed = await requireRecord<RunSummary>(work, runPaths(id).sealed);
    const { listed, saved, unchanged, skipped, failed } = sealed.counts;
    expect(saved + unchanged + skipped + failed).toBe(listed);
    expect((await app.call("GET", `backups/${id}/results`)).text).toMatch(/^FAILED/);
    expect(sealed.leftBehind).toEqual([]);
    expect(new Set(portal.state.items.keys())).toEqual(before);
    await until(async () => (await requireRecord<ProfileState>(work, statePath(name))).openRun === null);
    expect(await requireRecord<ProfileState>(work, statePath(name))).toMatchObject({
      openRun: null,
      lastRun: id,
    });
    expect(app.log()).not.toContain("the tick failed");
  } finally {
    await app.kill();
    await state.remove();
  }
}, 120_000);

async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (let n = 0; n < 600; n += 1) {
    if (await isSo()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("It did not come to that");
}
