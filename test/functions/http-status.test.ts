// The status of a run at moments that a poll over HTTP meets by chance: composed over the memory store.
import { beforeEach, describe, expect, test } from "vitest";
import { recordPart } from "../../src/activities/recordPart.ts";
import type { KeptOutcome } from "../../src/activities/run/items.ts";
import { outcomeOf } from "../../src/activities/run/items.ts";
import { must, writeRecord } from "../../src/activities/run/records.ts";
import { logSoFar } from "../../src/activities/run/log-text.ts";
import { listRuns } from "../../src/activities/run/run-list.ts";
import { type ProfileState, RUNS_KEPT, type RunOutline, addOutline } from "../../src/activities/run/state.ts";
import { readStatus } from "../../src/activities/run/status.ts";
import type { Store } from "../../src/clients/store/store.ts";
import type { PlannedItem } from "../../src/core/item.ts";
import { planItem } from "../../src/core/plan.ts";
import { failed } from "../../src/core/result.ts";
import { runId } from "../../src/core/run-id.ts";
import type { RunRecord, RunStatus } from "../../src/core/run.ts";
import { runPaths, statePath } from "../../src/core/work-paths.ts";
import type { Deps } from "../../src/deps.ts";
import { byteRange } from "../../src/functions/http/byte-range.ts";
import { anItem } from "../core/arbitrary.ts";
import { memoryStore } from "../memory-store.ts";

const START = Date.UTC(2026, 4, 14, 2);
const id = runId("acme", START);
const paths = runPaths(id);
let work: Store;
let deps: Deps;

beforeEach(async () => {
  work = memoryStore("work");
  // What composing a status reaches of the outside world.
  deps = { work, now: () => START + 60_000, workerId: "w", portalRequests: () => 5 } as unknown as Deps;
  const record: RunRecord = {
    ...{
      runId: id,
      profile: "acme",
      folder: "acme_20260514T020000Z",
      container: "backups",
      portalUrl: "acme",
    },
    ...{ startedAt: START, openedAt: START + 500, startedBy: "timer", appVersion: "1" },
  };
  await writeRecord(work, paths.run, record);
  await writeRecord(work, paths.profile, {});
});

async function status(told?: Parameters<typeof readStatus>[2]): Promise<RunStatus> {
  const found = await readStatus(deps, id, told);
  if (found === undefined) throw new Error("No status");
  return found;
}

const context = { layout: "flat", offlinePackageIds: new Set<string>() } as const;
const planned = (n: number): PlannedItem =>
  planItem(anItem({ id: n.toString(16).padStart(32, "0"), title: `Item ${n}` }), context);

type End = "saved" | "transient" | "no-access" | "view";

/** Keeps an outcome of `bytes` bytes for each item of the part and books the part. */
async function book(round: number, part: string, ends: readonly (readonly [PlannedItem, End])[], bytes = 10) {
  await writeRecord(
    work,
    paths.part(round, part),
    ends.map(([item]) => item),
  );
  for (const [item, end] of ends) {
    const base = outcomeOf({
      ...{ planned: item, tookMs: 1 },
      ...(end === "view" && { skipped: { cause: "view-of-saved-layer", coveredBy: ["f".repeat(32)] } }),
      ...((end === "transient" || end === "no-access") && { failure: failed(end, "No", "Look").failure }),
    });
    const kept: KeptOutcome = { planned: item, outcome: { ...base, sizeBytes: bytes }, finishedAt: START };
    await writeRecord(work, paths.outcome(round, item.item.id), kept);
  }
  await recordPart({ runId: id, round, part }, deps);
}

describe("readStatus()", () => {
  test("counts a repeated item once, when its last round has booked it, and no number ever sinks", async () => {
    const [a, b, c, d] = [planned(1), planned(2), planned(3), planned(4)];
    const seen: RunStatus[] = [await status("planning")];
    await writeRecord(work, paths.plan(1), { batches: 2, batchSize: 2, pieces: 0, items: 4, listed: 4 });
    seen.push(await status("saving"));
    await book(1, "d000000", [
      [a, "saved"],
      [b, "transient"],
    ]);
    seen.push(await status("saving"));
    await book(1, "d000001", [
      [c, "no-access"],
      [d, "view"],
    ]);
    seen.push(await status("saving"));
    expect(seen.at(-1)).toMatchObject({
      counts: { listed: 4, saved: 1, unchanged: 0, skipped: 0, failed: 1 },
      ...{ unsettled: 2, sizeBytes: 20 },
    });
    await book(2, "d000000", [[b, "saved"]], 7);
    seen.push(await status("saving"));
    expect(seen.at(-1)).toMatchObject({ counts: { saved: 2, failed: 1 }, unsettled: 1, sizeBytes: 27 });
    await book(3, "h000000", [[d, "no-access"]], 5);
    seen.push(await status("saving"));
    expect(seen.at(-1)).toMatchObject({
      counts: { listed: 4, saved: 2, unchanged: 0, skipped: 0, failed: 2 },
      ...{ unsettled: 0, sizeBytes: 32 },
    });
    expectForward(seen);
  });

  test("takes the later of what the orchestration tells and what the records prove", async () => {
    expect((await status(undefined)).phase).toBe("opening");
    await writeRecord(work, paths.portal, {});
    expect((await status("opening")).phase).toBe("listing");
    await writeRecord(work, paths.books, {});
    expect((await status("listing")).phase).toBe("planning");
    await writeRecord(work, paths.plan(1), { items: 1 });
    // Lagging behind, purged, and ahead.
    expect((await status("listing")).phase).toBe("saving");
    expect((await status(undefined)).phase).toBe("saving");
    expect((await status("sweeping")).phase).toBe("sweeping");
    await writeRecord(work, paths.sealing, {});
    expect((await status("sweeping")).phase).toBe("sealing");
    // Its record alone makes a run a sealed one.
    expect((await status("sealed")).phase).toBe("sealing");
  });

  test("never tells that a dry run saves", async () => {
    await writeRecord(work, paths.run, { runId: id, profile: "acme", dryRun: true, openedAt: START });
    await writeRecord(work, paths.plan(1), { items: 1 });
    expect(await status("planning")).toMatchObject({ phase: "planning", dryRun: true });
  });

  test("shows what is at work, without items whose part is booked", async () => {
    const metadata = { item: "a".repeat(32), title: encodeURIComponent("Map / 🌳"), since: String(START) };
    await writeRecord(work, paths.atWorkOf(1, "d000000"), {}, metadata);
    await writeRecord(
      work,
      paths.exportJob(1, "b".repeat(32)),
      {},
      { ...metadata, state: "running", parked: "true" },
    );
    await writeRecord(work, paths.exportJob(1, "c".repeat(32)), {}, { ...metadata, state: "ended" });
    const item = { itemId: "a".repeat(32), title: "Map / 🌳", sinceMs: START };
    expect(await status("saving")).toMatchObject({
      itemsAtWork: [item],
      exportsAtWork: [{ ...item, parked: true }],
    });
    await book(1, "d000000", [[planned(1), "saved"]]);
    expect((await status("saving")).itemsAtWork).toEqual([]);
  });

  test("knows a run that was asked for and has no record yet, and no other", async () => {
    const asked = runId("acme", START + 5000);
    expect(await readStatus(deps, asked, undefined)).toBeUndefined();
    const openRun = {
      runId: asked,
      profile: "acme",
      startedAt: START + 5000,
      startedBy: "timer",
      dryRun: true,
    };
    await writeRecord(work, statePath("acme"), { openRun, lastRun: null });
    expect(await readStatus(deps, asked, undefined)).toMatchObject({
      ...{ id: asked, phase: "opening", startedBy: "timer", dryRun: true, startedAt: START + 5000 },
    });
    expect(await readStatus(deps, runId("acme", START + 6000), undefined)).toBeUndefined();
    expect(await readStatus(deps, "../../profiles/acme.json", undefined)).toBeUndefined();
  });
});

describe("logSoFar()", () => {
  test("tells steps and booked items by time, and says when there are more than it shows", async () => {
    const event = (at: number, text: string) => ({ at, level: "info", topic: "listing", text });
    await writeRecord(work, `${paths.log}1-listing.json`, [
      event(START + 9, "late"),
      event(START - 9, "early"),
    ]);
    await book(1, "d000000", [[planned(1), "saved"]]);
    const lines = (await logSoFar(deps, id)).trimEnd().split("\n");
    expect(lines.map((line) => /early|late|Item 1/.exec(line)?.[0])).toEqual(["early", "Item 1", "late"]);
    for (let n = 0; n < 1000; n += 1)
      await writeRecord(work, `${paths.log}2-${n}.json`, [event(START, "step")]);
    const cut = (await logSoFar(deps, id)).trimEnd().split("\n");
    expect(cut[0]).toMatch(/^# More is recorded/);
    expect(cut).toHaveLength(1 + 1001);
  });
});

describe("byteRange()", () => {
  test.each([
    [null, undefined],
    ["bytes=0-4", { from: 0, to: 5 }],
    ["bytes=7-", { from: 7, to: 10 }],
    ["bytes=-3", { from: 7, to: 10 }],
    ["bytes=-30", { from: 0, to: 10 }],
    ["bytes=8-100", { from: 8, to: 10 }],
    ["bytes=10-", "beyond"],
    ["bytes=-0", "beyond"],
    ["bytes=5-3", undefined],
    ["bytes=0-1,3-4", undefined],
    ["items=0-1", undefined],
    ["bytes=-", undefined],
    [`bytes=0-${"9".repeat(400)}`, undefined],
  ])("reads %s of ten bytes", (header, range) => {
    expect(byteRange(header, 10)).toEqual(range);
  });
});

function expectForward(seen: readonly RunStatus[]): void {
  for (const key of ["listed", "saved", "unchanged", "skipped", "failed"] as const) {
    const numbers = seen.map(({ counts }) => counts[key]);
    expect(numbers, key).toEqual([...numbers].sort((a, b) => a - b));
  }
  const bytes = seen.map(({ sizeBytes }) => sizeBytes);
  expect(bytes).toEqual([...bytes].sort((a, b) => a - b));
}

function outline(profile: string, minute: number): RunOutline {
  const startedAt = START + minute * 60_000;
  return {
    ...{ id: runId(profile, startedAt), verdict: "succeeded", startedBy: "timer", dryRun: false },
    ...{ startedAt, finishedAt: startedAt + 1, sizeBytes: 1, container: "backups", folder: "f" },
    counts: { listed: 0, saved: 0, unchanged: 0, skipped: 0, failed: 0 },
  };
}

describe("addOutline()", () => {
  test("keeps the newest runs first, each once, and no more than it says", () => {
    let state: ProfileState = { openRun: null, lastRun: "x", since: 3 };
    for (let n = RUNS_KEPT + 20; n > 0; n -= 1) state = addOutline(state, outline("acme", (n * 7) % 121));
    state = addOutline(state, outline("acme", 120));
    const minutes = (state.runs ?? []).map(({ startedAt }) => (startedAt - START) / 60_000);
    expect(minutes).toEqual(Array.from({ length: RUNS_KEPT }, (_, n) => 120 - n));
    expect(state).toMatchObject({ openRun: null, lastRun: "x", since: 3 });
  });
});

describe("listRuns()", () => {
  test("pages over all profiles, the newest first, each run once, also where one starts meanwhile", async () => {
    let expected: string[] = [];
    for (const [n, profile] of ["a", "a-b", "b"].entries()) {
      let state: ProfileState = { openRun: null, lastRun: null };
      for (let minute = n; minute < 30; minute += 3)
        state = addOutline(state, outline(profile, minute - (minute % 2)));
      await writeRecord(work, statePath(profile), state);
      expected = [...expected, ...(state.runs ?? []).map((run) => run.id)];
    }
    must(await work.put("state/a.standing.json", "[]"));
    const seen: string[] = [];
    let after: Awaited<ReturnType<typeof listRuns>>["next"];
    for (let pages = 0; pages < 10; pages += 1) {
      const page = await listRuns(deps, { profile: undefined, top: 7, after });
      expect(page.runs.length).toBeLessThanOrEqual(7);
      seen.push(...page.runs.map((run) => run.id));
      after = page.next;
      if (after === undefined) break;
      const startedAt = START + 3_600_000 + pages * 1000;
      const openRun = {
        runId: runId("new", startedAt),
        profile: "new",
        startedAt,
        startedBy: "http",
      } as const;
      await writeRecord(work, statePath("new"), { openRun, lastRun: null });
    }
    expect(seen).toHaveLength(expected.length);
    expect(new Set(seen)).toEqual(new Set(expected));
    const [newest] = (await listRuns(deps, { profile: undefined, top: 1, after: undefined })).runs;
    expect(newest).toMatchObject({ profile: "new", verdict: null, counts: null });
    const one = await listRuns(deps, { profile: "a-b", top: 100, after: undefined });
    expect(new Set(one.runs.map(({ profile }) => profile))).toEqual(new Set(["a-b"]));
    const times = one.runs.map(({ startedAt }) => startedAt);
    expect(times).toEqual([...times].sort((a, b) => b - a));
  });
});
