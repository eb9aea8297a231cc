// Whatever single call on the portal or on the destination fails, a step answers with what came of it and never throws.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { activities } from "../../src/activities/table.ts";
import { requestCancel } from "../../src/activities/run/cancel.ts";
import { plannedItem } from "../../src/activities/run/items.ts";
import { sweepExports } from "../../src/activities/sweepExports.ts";
import { EXPORT_TAG, exportTitle } from "../../src/core/export-title.ts";
import type { Outcome } from "../../src/core/outcome.ts";
import type { Deps } from "../../src/deps.ts";
import { type Failure, failed } from "../../src/core/result.ts";
import { partName } from "../../src/core/work-paths.ts";
import type { PortalCall } from "../faulty-portal.ts";
import { type Seed, addItem, itemId } from "../portal/seed/build.ts";
import { ladderSeed } from "../portal/seed/ladder.ts";
import { smallSeed } from "../portal/seed/small.ts";
import { tilesSeed } from "../portal/seed/tiles.ts";
import { type Ground, RUN, ground } from "./wired-run.ts";

const { runId } = RUN;
const NEXT = "Look at what the test scripted";
const REASONS = ["transient", "not-found"] as const;
const fault = (reason: Failure["reason"] = "transient"): Failure =>
  failed(reason, `scripted: ${reason}`, NEXT).failure;

/** An outcome that says what happened: saved or skipped with what is there, or failed with a reason and what to do. */
function expectTold(outcome: Outcome, where: string): void {
  expect(["saved", "skipped", "failed"], where).toContain(outcome.state);
  if (outcome.state !== "failed") return;
  expect(outcome.failure.text, where).not.toBe("");
  expect(outcome.failure.next, where).not.toBe("");
}

const OPTIONS = { exports: { timeoutMinutes: 5, hardLimitHours: 1 }, tiles: { switchExportOn: true } };
const DAY = 86_400_000;
const leftOf = (item: string, at: number): string =>
  exportTitle({ itemId: itemId(item), attempt: "whole-1", at });
const OLD = leftOf("Wells", RUN.startedAt - 5 * DAY);
const YOUNG = leftOf("Wells", RUN.startedAt - DAY);

/** With temporary exports: an old one and a young one of ours, and one of another tool. */
const seed: Seed = (at) => {
  smallSeed(at);
  for (const title of [OLD, YOUNG]) {
    addItem(at.state, { title, type: "File Geodatabase", owner: "jdoe", tags: [EXPORT_TAG] });
  }
  addItem(at.state, { title: "TEMP_FOR_BACKUP_1", type: "File Geodatabase", owner: "jdoe" });
};

describe("at a small portal", () => {
  let small: Ground;
  beforeAll(async () => {
    small = await ground(seed, OPTIONS);
  });
  afterAll(() => small.stop());

  test.each(["Map 0 🌳/..", "Photo", "Wells for all"])("each call that saves %s", async (title) => {
    const plain = small.planned();
    expect((await plain.save(title)).state).not.toBe("failed");
    for (const at of plain.portalCalls.keys()) {
      for (const reason of REASONS) {
        let n = 0;
        const run = small.planned({ portal: () => (n++ === at ? fault(reason) : undefined) });
        const outcome = await run.save(title);
        expectTold(outcome, `${plain.portalCalls[at]?.method} ${reason}`);
        // A refused sign-in concerns every item, so that none looks saved in spite of it.
        if (reason === "transient" && at === 0) expect(outcome.state).toBe("failed");
      }
    }
    for (const at of plain.storeCalls.keys()) {
      for (const kind of [fault("storage-refused"), "lost"] as const) {
        let n = 0;
        const run = small.planned({ backups: () => (n++ === at ? kind : undefined) });
        expectTold(await run.save(title), `${plain.storeCalls[at]?.method} of the destination`);
      }
    }
  });

  test("each call that exports a layer, and what is left then is swept", async () => {
    const title = "Pumps/Valves";
    const plain = small.planned();
    expect((await plain.save(title)).state).toBe("saved");
    // First the one that no sweep has removed anything before.
    for (const method of new Set(["deleteItem", ...plain.portalCalls.map((call) => call.method)])) {
      let isFaulty = true;
      const portal = (call: PortalCall) => (isFaulty && call.method === method ? fault() : undefined);
      const run = small.planned({ portal });
      expectTold(await run.save(title), method);
      const left = await sweepExports({ runId }, run.deps);
      // The young one and the one of another tool stay; what cannot be deleted does too.
      if (method === "deleteItem") expect(left).toEqual({ left: 4 });
      isFaulty = false;
      expect(await sweepExports({ runId }, run.deps), method).toEqual({ left: 2 });
    }
    for (const at of plain.storeCalls.keys()) {
      let n = 0;
      const run = small.planned({ backups: () => (n++ === at ? fault("storage-refused") : undefined) });
      expectTold(await run.save(title), `${plain.storeCalls[at]?.method} of the destination`);
    }
  });

  test.each(["Map 0 🌳/..", "Photo", "Pumps/Valves"])(
    "each record of %s whose answer is lost makes its step run again, to the same end",
    async (title) => {
      const plain = small.planned();
      const whole = await plain.save(title);
      // Every third of an export's: what they write repeats itself.
      const puts = plain.workCalls.filter(({ method }) => method === "put");
      for (const put of puts.filter((_, n) => puts.length < 10 || n % 3 === 0)) {
        const run = small.planned({
          work: ({ method, nth }) => (method === put.method && nth === put.nth ? "lost" : undefined),
        });
        const outcome = await run.save(title);
        expect(outcome.state, put.path).toBe(whole.state);
        expect(outcome.artifacts.length, put.path).toBe(whole.artifacts.length);
      }
    },
  );

  const KEY = { runId, round: 1, part: "h000000", index: 0, at: RUN.startedAt };
  const STEPS = Object.entries({
    captureOrganisation: (deps: Deps) => activities.captureOrganisation({ runId }, deps),
    claimPiece: (deps: Deps) => activities.claimPiece({ ...KEY, lane: 0, seq: 1 }, deps),
    crossCheckListing: (deps: Deps) => activities.crossCheckListing({ runId }, deps),
    listContent: (deps: Deps) => activities.listContent({ runId, member: 0 }, deps),
    listGroups: (deps: Deps) => activities.listGroups({ runId, group: 0 }, deps),
    listMembers: (deps: Deps) => activities.listMembers({ runId }, deps),
    planRound: (deps: Deps) => activities.planRound({ runId, round: 2 }, deps),
    pollExport: (deps: Deps) => activities.pollExport(KEY, deps),
    readEdits: (deps: Deps) => activities.readEdits({ runId, layer: 0 }, deps),
    readRelations: (deps: Deps) => activities.readRelations({ runId, next: 0, misses: 0 }, deps),
    saveExport: (deps: Deps) => activities.saveExport(KEY, deps),
    saveItem: (deps: Deps) => activities.saveItem({ ...KEY, part: "d000000" }, deps),
    searchItems: (deps: Deps) => activities.searchItems({ runId, slice: 0 }, deps),
    startExport: (deps: Deps) => activities.startExport(KEY, deps),
  });

  test.each(STEPS)("%s of a canceled run asks the portal nothing", async (_name, step) => {
    const run = small.planned();
    await requestCancel(run.deps.work, runId, { at: 0, by: "http" });
    expect(await step(run.deps)).toBeTypeOf("object");
    expect(run.portalCalls).toEqual([]);
  });

  test.each(STEPS)(
    "%s answers where no destination is to be had, and a second time the same",
    async (_, step) => {
      const run = small.planned({ nowhere: fault("secret-refused") });
      const answer = await step(run.deps);
      expect(await step(run.deps)).toEqual(answer);
      await activities.endExport(KEY, run.deps);
    },
  );

  test("saveExport of an export that never began throws, and asks the portal nothing", async () => {
    const run = small.planned();
    await expect(activities.saveExport(KEY, run.deps)).rejects.toThrow("was never started");
    expect(run.portalCalls).toEqual([]);
  });

  test("endExport without a destination leaves the temporary item, and removes it when it is called again", async () => {
    const run = small.planned();
    const { pieces } = await run.plan();
    const keys = Array.from({ length: pieces }, (_, n) => ({ ...KEY, part: partName("heavy", n) }));
    const planned = await Promise.all(keys.map((each) => plannedItem(run.deps, each)));
    const start = keys[planned.findIndex(({ item }) => item.title === "Pumps/Valves")] ?? KEY;
    expect((await activities.startExport(start, run.deps)).next).toBe("wait");
    const key = { ...start, stopped: true } as const;
    const lost = { ...run.deps, backups: async () => failed("secret-refused", "No key", NEXT) };
    expect(await activities.endExport(key, lost)).toEqual({ deleted: false });
    expect(run.portalCalls.map(({ method }) => method)).not.toContain("deleteItem");
    expect(await activities.endExport(key, run.deps)).toEqual({ deleted: true });
    expect(run.portalCalls.map(({ method }) => method)).toContain("deleteItem");
  });

  test("a listing whose slices are over at once lists the same", async () => {
    const plans = [];
    for (const hurryMs of [0, 30_000]) {
      const run = small.opened({ hurryMs });
      expect(await run.list()).toBeUndefined();
      plans.push(await run.plan());
    }
    expect(plans[1]).toEqual(plans[0]);
  });

  test("each call that lists, relates and keeps the organisation", async () => {
    const plain = small.opened();
    expect(await plain.list()).toBeUndefined();
    for (const method of new Set(plain.portalCalls.map((call) => call.method))) {
      for (const reason of REASONS) {
        const portal = (call: PortalCall) => (call.method === method ? fault(reason) : undefined);
        const run = small.opened({ portal });
        const failure = await run.list();
        if (failure === undefined) await run.plan();
        else expect(failure.text, method).toContain("scripted");
      }
    }
  });
});

describe("at a portal of the ladder and of tiles", () => {
  let layers: Ground;
  beforeAll(async () => {
    layers = await ground((at) => {
      ladderSeed(at);
      tilesSeed(at);
    }, OPTIONS);
  });
  afterAll(() => layers.stop());

  const PLAIN = [
    ...["Only whole", "Only layer by layer", "Only as shapefile", "Only as CSV"],
    ...["Rows that cannot be read", "Base map", "Base map, export switched off"],
    "Contours (vector), by exportTiles only",
  ];
  test.each(PLAIN)("%s is saved in this process as in a host", async (title) => {
    expect(await layers.planned().save(title)).toMatchObject({ state: "saved" });
  });

  test.each(["No way at all", "Base map with too many tiles"])("%s fails with a reason", async (title) => {
    const outcome = await layers.planned().save(title);
    expect(outcome.state).toBe("failed");
    expectTold(outcome, title);
  });

  const FAULTS = [
    ["Only by an extract", ["startReplica", "replicaStatus", "serviceFile"]],
    ["Photos that cannot be read", ["objectIds", "rows", "attachments", "attachment"]],
    ["Only as CSV", ["startExport", "exportStatus", "data"]],
    ["Base map, export switched off", ["startTiles", "tileJob", "editTileExport", "serviceFile"]],
  ] as const;
  test.each(FAULTS)("%s, when a call of its way fails", async (title, methods) => {
    for (const method of methods) {
      for (const reason of ["transient", "storage-refused"] as const) {
        const portal = (call: PortalCall) =>
          call.method === method && (reason !== "transient" || call.nth > 1) ? fault(reason) : undefined;
        const run = layers.planned({ portal });
        expectTold(await run.save(title), `${method} ${reason}`);
      }
    }
    for (const nth of [1, 2]) {
      const run = layers.planned({
        backups: (call) =>
          call.method !== "range" && call.nth === nth ? fault("storage-refused") : undefined,
      });
      expectTold(await run.save(title), `destination, call ${nth}`);
    }
  });
});
