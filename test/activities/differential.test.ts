// What a differential run takes of a portal that tells when layers were edited, and of one that does not.
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readEdits } from "../../src/activities/readEdits.ts";
import { writeRecord } from "../../src/activities/run/records.ts";
import { failed } from "../../src/core/result.ts";
import { standingPath } from "../../src/core/work-paths.ts";
import { faultyPortal } from "../faulty-portal.ts";
import { startPortal, type SamplePortal } from "../portal/portal.ts";
import { addItem, addMember, itemId, type Seed } from "../portal/seed/build.ts";
import { addHosted, addView } from "../portal/seed/layers.ts";
import { type ListedRun, listedRun } from "./listed-run.ts";

/** Everything in the seed was made and edited before. */
const START = Date.UTC(2026, 4, 14, 2);
const RECENT = START - 86_400_000;
const SINCE = "6 May 2026 20:00 UTC";

const seed: Seed = (ground) => {
  const { state, password } = ground;
  addMember(state, "backup_admin", "Backup", { role: "org_admin", password });
  addMember(state, "jdoe", "Jane");
  for (const title of ["Old map", "New map", "Failed map"])
    addItem(state, { title, type: "Web Map", json: {} });
  for (const title of ["Wells", "Pumps", "Roads"]) {
    const layers = [{ id: 0, name: title, geometry: "point", rows: 3 } as const];
    addHosted(ground, { title, service: title, minutes: 1, layers });
  }
  addView(ground, { title: "Wells view", service: "Wells_view", sources: ["Wells"] });
  addView(ground, { title: "Pumps view", service: "Pumps_view", sources: ["Pumps"] });
  const map = state.items.get(itemId("New map"));
  if (map !== undefined) map.fields.modified = RECENT;
  const [layer] = state.services.get("Wells")?.layers ?? [];
  if (layer !== undefined) layer.lastEditDate = RECENT;
};

let sample: SamplePortal;
afterEach(() => sample.stop());

/** `lastBackup`: when the profile's last backup began. */
async function differential(lastBackup = RECENT): Promise<ListedRun> {
  const run = await listedDifferential(lastBackup);
  for (let layer = 0, layers = 1; layer < layers;) {
    const read = await readEdits({ runId: run.runId, layer }, run.deps);
    expect(read.failure).toBeUndefined();
    ({ nextLayer: layer, layers } = read);
  }
  return run;
}

/** As differential(), before any layer is asked. */
async function listedDifferential(lastBackup = RECENT): Promise<ListedRun> {
  const run = await listedRun(sample, { changedWithinDays: 7 }, { startedAt: START });
  const standing = {
    ...{ failing: { [itemId("Failed map")]: { runs: 1 } }, portal: null, listings: [] },
    lastBackup: { runId: "before", at: lastBackup },
  };
  await writeRecord(run.work, standingPath("listed"), standing);
  expect(await run.list()).toBeUndefined();
  return run;
}

describe("on ArcGIS Online", () => {
  beforeEach(async () => {
    sample = await startPortal({ seed });
  });

  test("items are taken by their own date, layers by their edits, views by those of their layers", async () => {
    const run = await differential();
    const planned = await run.planned();
    const taken = planned.filter(({ unchangedSince }) => unchangedSince === undefined);
    expect(Object.fromEntries(taken.map(({ item, why }) => [item.title, why.split(". ")[1]]))).toEqual({
      "New map": `The item changed since ${SINCE} (changedWithinDays 7)`,
      "Failed map": "It failed in the run before, so it is taken (changedWithinDays 7)",
      Wells: `Its rows were edited since ${SINCE} (changedWithinDays 7)`,
      "Wells view": `Its rows were edited since ${SINCE} (changedWithinDays 7)`,
    });
    expect((await run.books())?.notes).toEqual([]);
  });

  test("a step that is delivered twice reads nothing again, and a layer that cannot be read is taken", async () => {
    sample.faults.add({
      match: { path: "/Roads/FeatureServer/layers$", times: "always" },
      answer: { error: { code: 403, message: "You do not have permissions" } },
    });
    const run = await differential();
    const before = sample.state.requests.length;
    expect(await readEdits({ runId: run.runId, layer: 0 }, run.deps)).toEqual({ nextLayer: 5, layers: 5 });
    expect(sample.state.requests.length).toBe(before);
    expect((await run.reasons())["Roads"]).toContain("When its rows were edited is not told");
    expect((await run.books())?.notes).toEqual([
      "Hosted layers that do not tell when they were edited, so that they are taken: 1 of 5 asked",
    ]);
  });
});

describe("readEdits()", () => {
  beforeEach(async () => {
    sample = await startPortal({ seed });
  });

  test("asks in slices, and tells once what tells nothing", async () => {
    sample.faults.add({
      match: { path: "/Roads/FeatureServer/layers$", times: "always" },
      answer: { error: { code: 403, message: "You do not have permissions" } },
    });
    const run = await listedDifferential();
    const { runId } = run;
    let now = 0;
    const deps = { ...run.deps, now: () => (now += 60_000) };
    expect(await readEdits({ runId, layer: 0 }, deps)).toEqual({ nextLayer: 4, layers: 5 });
    expect((await run.books())?.notes).toEqual([]);
    for (let n = 0; n < 2; n += 1) {
      expect(await readEdits({ runId, layer: 4 }, deps)).toEqual({ nextLayer: 5, layers: 5 });
      expect((await run.books())?.notes).toHaveLength(1);
    }
    expect((await run.reasons())["Wells view"]).toContain(`Its rows were edited since ${SINCE}`);
  });

  test("takes a view whose sources cannot be read", async () => {
    sample.faults.add({
      match: { path: "/Pumps_view/FeatureServer/sources$", times: "always" },
      answer: { error: { code: 403, message: "You do not have permissions" } },
    });
    const reasons = await (await differential()).reasons();
    expect(reasons["Pumps view"]).toContain("When its rows were edited is not told, so it is taken");
    expect(reasons["Pumps"]).toContain("Unchanged since");
  });

  test("ends where the sign-in is refused, keeps nothing of that slice, and reads it when it is asked again", async () => {
    const run = await listedDifferential();
    const { runId } = run;
    const refused = failed("sign-in-refused", "The portal refused the password", "Correct it").failure;
    const base = run.deps.portal(undefined as never, runId);
    const { portal } = faultyPortal(base, ({ method }) => (method === "service" ? refused : undefined));
    expect(await readEdits({ runId, layer: 0 }, { ...run.deps, portal: () => portal })).toEqual({
      ...{ nextLayer: 0, layers: 0, failure: refused },
    });
    expect(await readEdits({ runId, layer: 0 }, run.deps)).toEqual({ nextLayer: 5, layers: 5 });
  });

  test("asks nothing of a run that takes everything", async () => {
    const run = await listedRun(sample);
    expect(await run.list()).toBeUndefined();
    const before = sample.state.requests.length;
    expect(await readEdits({ runId: run.runId, layer: 0 }, run.deps)).toEqual({ nextLayer: 0, layers: 0 });
    expect(sample.state.requests.length).toBe(before);
  });
});

test("a last backup that is older than the days leaves a gap, which is told", async () => {
  sample = await startPortal({ seed });
  const run = await differential(START - 30 * 86_400_000);
  expect((await run.books())?.notes).toEqual([
    `The last backup of this profile is that of 14 Apr 2026 02:00 UTC: what changed between then and ${SINCE} is not in this one`,
  ]);
});

test("on a portal that tells no edit dates every layer is taken, and the report says so", async () => {
  sample = await startPortal({ seed, kind: "enterprise" });
  const run = await differential();
  const unchanged = (await run.planned()).filter(({ unchangedSince }) => unchangedSince !== undefined);
  expect(unchanged.map(({ item }) => item.title)).toEqual(["Old map"]);
  expect((await run.books())?.notes).toEqual([
    "Hosted layers that do not tell when they were edited, so that they are taken: 5 of 5 asked",
  ]);
});
