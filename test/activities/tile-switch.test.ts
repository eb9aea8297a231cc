// The switch of a tile layer that does not allow its export, however an export of it ends: it is as before, both values.
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { beginClosing } from "../../src/activities/beginClosing.ts";
import { endExport } from "../../src/activities/endExport.ts";
import { planRound } from "../../src/activities/planRound.ts";
import { pollExport } from "../../src/activities/pollExport.ts";
import { requestCancel } from "../../src/activities/run/cancel.ts";
import { plannedItem } from "../../src/activities/run/items.ts";
import { saveExport } from "../../src/activities/saveExport.ts";
import { startExport } from "../../src/activities/startExport.ts";
import { sweepExports } from "../../src/activities/sweepExports.ts";
import { makeBundle } from "../../src/clients/bundle.ts";
import type { Deps } from "../../src/deps.ts";
import { startPortal, type SamplePortal } from "../portal/portal.ts";
import { tilesSeed } from "../portal/seed/tiles.ts";
import { listedRun } from "./listed-run.ts";

const KINDS = ["online", "enterprise"] as const;
const TITLE = "Base map, export switched off";
const OFF = { exportTilesAllowed: false, maxExportTilesCount: 5000 };
const portals = new Map<SamplePortal["kind"], SamplePortal>();

beforeAll(async () => {
  for (const kind of KINDS) portals.set(kind, await startPortal({ kind, seed: tilesSeed }));
});
afterAll(() => Promise.all([...portals.values()].map((portal) => portal.stop())));
beforeEach(() => {
  for (const { faults } of portals.values()) faults.clear();
});

const switchOf = (sample: SamplePortal) => {
  const service = sample.state.tileServices.get("Base_map_off/MapServer");
  return {
    exportTilesAllowed: service?.exportTilesAllowed,
    maxExportTilesCount: service?.maxExportTilesCount,
  };
};

/** A planned run that may switch, and the key of the layer. */
async function planned(kind: SamplePortal["kind"]) {
  const sample = portals.get(kind);
  if (sample === undefined) throw new Error(`No portal of the kind ${kind}`);
  const run = await listedRun(sample, { tiles: { switchExportOn: true } });
  expect(await run.list()).toBeUndefined();
  const deps: Deps = { ...run.deps, makeBundle, portalRequests: () => 0, wait: async () => undefined };
  const { pieces } = await planRound({ runId: run.runId, round: 1 }, deps);
  const keys = Array.from({ length: pieces }, (_, n) => ({
    ...{ runId: run.runId, round: 1, index: 0, at: Date.UTC(2026, 4, 14, 2) },
    part: `h${String(n).padStart(6, "0")}`,
  }));
  for (const key of keys) {
    if ((await plannedItem(deps, key)).item.title === TITLE) return { sample, deps, key, runId: run.runId };
  }
  throw new Error(`No heavy lane takes ${TITLE}`);
}

test.each(KINDS)("is put back when the run is canceled (%s)", async (kind) => {
  const { sample, deps, key, runId } = await planned(kind);
  expect((await startExport(key, deps)).next).toBe("wait");
  expect(switchOf(sample)).toEqual({ ...OFF, exportTilesAllowed: true });
  await requestCancel(deps.work, runId, { at: 0, by: "http" });
  expect(await pollExport(key, deps)).toEqual({ next: "stop" });
  expect(await endExport({ ...key, stopped: true }, deps)).toEqual({ deleted: true });
  expect(switchOf(sample)).toEqual(OFF);
});

test("is put back by the sweep of a dead run that is closed, when its portal answers again", async () => {
  const { sample, deps, key, runId } = await planned("online");
  await startExport(key, deps);
  await beginClosing({ runId, profile: "listed", startedAt: 0, startedBy: "http" }, deps);
  sample.faults.add({ match: { path: "/edit$", times: 1 }, answer: { error: { code: 403, message: "No" } } });
  expect(await sweepExports({ runId }, deps)).toEqual({ left: 1 });
  expect(switchOf(sample).exportTilesAllowed).toBe(true);
  expect(await sweepExports({ runId }, deps)).toEqual({ left: 0 });
  expect(switchOf(sample)).toEqual(OFF);
});

test.each(KINDS)("is put back when the export is refused after it was turned (%s)", async (kind) => {
  const { sample, deps, key } = await planned(kind);
  sample.faults.add({ match: { path: "/exportTiles$" }, answer: { error: { code: 400, message: "Busy" } } });
  expect(await startExport(key, deps)).toEqual({ next: "done" });
  expect(sample.state.requests.filter(({ path }) => path.endsWith("/edit")).length).toBeGreaterThan(1);
  expect(switchOf(sample)).toEqual(OFF);
});

test("is put back when its turning took effect and the answer was lost", async () => {
  const { sample, deps, key } = await planned("online");
  const lost = { effect: true, error: { code: 403, message: "No" } };
  sample.faults.add({ match: { path: "/edit$", times: 1 }, answer: lost });
  expect(await startExport(key, deps)).toEqual({ next: "done" });
  expect(sample.faults.fired).toEqual([1]);
  expect(switchOf(sample)).toEqual(OFF);
});

test("is put back when the start is delivered twice at once, and again after it", async () => {
  const { sample, deps, key } = await planned("online");
  await Promise.all([startExport(key, deps), startExport(key, deps)]);
  await startExport(key, deps);
  expect(switchOf(sample).exportTilesAllowed).toBe(true);
  await endExport(key, deps);
  expect(switchOf(sample)).toEqual(OFF);
});

test.each(["while it runs", "before it is saved"])(
  "is put back when the job is forgotten %s, and another round takes the layer",
  async (when) => {
    const { sample, deps, key, runId } = await planned("online");
    await startExport(key, deps);
    if (when === "before it is saved") {
      for (const job of sample.state.tileJobs.values()) Object.assign(job, { doneAt: job.startedAt });
      expect((await pollExport(key, deps)).next).toBe("save");
    }
    sample.state.tileJobs.clear();
    if (when === "while it runs") expect((await pollExport(key, deps)).next).toBe("wait");
    const ended = when === "while it runs" ? await pollExport(key, deps) : await saveExport(key, deps);
    expect(ended).toEqual({ next: "done" });
    await endExport(key, deps);
    expect(switchOf(sample)).toEqual(OFF);
    const again = await planRound({ runId, round: 2 }, deps);
    expect(again.pieces).toBe(1);
  },
);
