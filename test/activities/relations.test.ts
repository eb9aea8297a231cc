// Relations and coverage from the listing to the outcomes, at the sample portal and without a host.
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { crossCheckListing } from "../../src/activities/crossCheckListing.ts";
import { listContent } from "../../src/activities/listContent.ts";
import { listMembers } from "../../src/activities/listMembers.ts";
import { openRun } from "../../src/activities/openRun.ts";
import { planItemsOf, planRound } from "../../src/activities/planRound.ts";
import { readRelations } from "../../src/activities/readRelations.ts";
import { readRun } from "../../src/activities/run/context.ts";
import { keptOutcome, plannedItem } from "../../src/activities/run/items.ts";
import { allRelated } from "../../src/activities/run/relations.ts";
import { saveItem } from "../../src/activities/saveItem.ts";
import { requireRecord, writeRecord } from "../../src/activities/run/records.ts";
import type { Portal } from "../../src/clients/portal/portal.ts";
import { makeBundle } from "../../src/clients/bundle.ts";
import type { PlannedItem } from "../../src/core/item.ts";
import type { Outcome } from "../../src/core/outcome.ts";
import { parseProfile } from "../../src/core/profile.ts";
import type { Relation } from "../../src/core/relation-types.ts";
import { type Result, failed, ok } from "../../src/core/result.ts";
import { runPaths } from "../../src/core/work-paths.ts";
import type { Deps } from "../../src/deps.ts";
import { depsWithout } from "../deps-without.ts";
import { portalAt } from "../clients/portal/server.ts";
import { memoryStore } from "../memory-store.ts";
import { USERNAME, startPortal, type SamplePortal } from "../portal/portal.ts";
import { itemId } from "../portal/seed/build.ts";
import { coverageSeed } from "../portal/seed/coverage.ts";

const RUN = { runId: "acme-20261124T020000Z", profile: "acme", startedAt: 0, startedBy: "timer" } as const;
const { runId } = RUN;
const PACKAGES = ["Streets of May (Compact Tile Package)", "Relief (Vector Tile Package)", "Harbour, layers"];

let sample: SamplePortal;
/** What the next run adds to its calls, and the bundles that it made, by entry. */
let portal: Portal;
let clock: () => number;
let entries: Map<string, string>;

beforeAll(async () => {
  sample = await startPortal({ seed: coverageSeed });
});
afterAll(() => sample.stop());
beforeEach(() => {
  sample.faults.clear();
  sample.state.options.oneRelationAtATime = false;
  const auth = { kind: "password", username: USERNAME, password: async () => ok(sample.password) } as const;
  portal = portalAt(sample.url, { auth }).portal;
  clock = () => 0;
  entries = new Map();
});

/** A run up to its listing. */
async function listed(more: object = {}): Promise<Deps> {
  const auth = { kind: "password", username: USERNAME, secret: "S" };
  const parsed = parseProfile({ name: "acme", portal: { url: sample.url, auth }, layout: "flat", ...more });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  const backups = memoryStore();
  const deps: Deps = {
    ...depsWithout("Not for these activities"),
    work: memoryStore(),
    profile: () => ok(parsed.profile),
    backups: async () => ok(backups),
    portal: () => portal,
    makeBundle: async (added) => {
      for (const { name, bytes } of added) entries.set(name, Buffer.from(bytes).toString("utf8"));
      return makeBundle(added);
    },
    now: () => clock(),
    wait: async () => undefined,
  };
  await openRun(RUN, deps);
  await listMembers({ runId }, deps);
  for (let member = 0, members = 1; member < members;)
    ({ nextMember: member, members } = await listContent({ runId, member }, deps));
  await crossCheckListing({ runId }, deps);
  return deps;
}

/** Reads all slices; their number. */
async function related(deps: Deps): Promise<number> {
  for (let slices = 1, cursor = { next: 0, misses: 0 }; ; slices += 1) {
    const { done, next, misses } = await readRelations({ runId, ...cursor }, deps);
    if (done) return slices;
    expect(next).toBeGreaterThan(cursor.next);
    cursor = { next, misses };
  }
}

async function plan(deps: Deps): Promise<ReadonlyMap<string, PlannedItem>> {
  const planned = await planItemsOf(await readRun(deps, runId));
  // A layer stands before the package of its title.
  return new Map(planned.toReversed().map((entry) => [entry.item.title, entry]));
}

/** The outcome of an item of round 1 that a direct lane takes, and what its bundle holds. */
async function saved(deps: Deps, title: string): Promise<Outcome> {
  const round = await planRound({ runId, round: 1 }, deps);
  for (let batch = 0; batch < round.batches; batch += 1) {
    const part = `d${String(batch).padStart(6, "0")}`;
    const size = Math.min(round.batchSize, round.items - round.pieces - batch * round.batchSize);
    for (let index = 0; index < size; index += 1) {
      const key = { runId, round: 1, part, index };
      const { item } = await plannedItem(deps, key);
      if (item.title !== title) continue;
      await saveItem(key, deps);
      const kept = await requireRecord<{ outcome: Outcome }>(deps.work, runPaths(runId).outcome(1, item.id));
      return kept.outcome;
    }
  }
  throw new Error(`No direct lane takes ${title}`);
}

test("the plan takes packages for their layers, leaves those of offline areas, and covers copies by their layers", async () => {
  const deps = await listed();
  expect(await related(deps)).toBe(1);
  const planned = await plan(deps);
  const of = (title: string) => planned.get(title);
  expect(of("Streets")).toMatchObject({ cause: "package-saved", coveredBy: [itemId(PACKAGES[0] ?? "")] });
  expect(of("Streets of May")?.strategy).toBe("download-file");
  expect(of("Harbour, layers")).toMatchObject({ cause: "offline-area-package" });
  expect(of("Wells in red")).toMatchObject({ cause: "copy-of-saved-layer", coveredBy: [itemId("Wells")] });
  expect(of("Relief")).toMatchObject({ cause: "package-saved", coveredBy: [itemId(PACKAGES[1] ?? "")] });
});

test("readRelations() works in slices, and a slice that is delivered twice changes nothing", async () => {
  const deps = await listed();
  let now = 0;
  clock = () => (now += 40_000);
  expect(await related(deps)).toBeGreaterThan(1);
  const once = await plan(deps);
  clock = () => 0;
  const again = await readRelations({ runId, next: 0, misses: 0 }, deps);
  expect(again).toMatchObject({ done: false });
  expect(await plan(deps)).toEqual(once);
  expect(once.get("Streets")?.cause).toBe("package-saved");
  expect(once.get("Harbour, layers")?.cause).toBe("offline-area-package");
});

test("what cannot be read of relations is saved, and a portal that answers nothing is not asked for ever", async () => {
  const deps = await listed();
  const { related: _, ...rest } = portal;
  let asked = 0;
  portal = {
    ...rest,
    username: USERNAME,
    related: async (): Promise<Result<never>> => {
      asked += 1;
      return failed("transient", "Cannot list relations", "Wait");
    },
  };
  await readRelations({ runId, next: 0, misses: 4 }, deps);
  expect(asked).toBe(1);
  const planned = await plan(deps);
  expect(planned.get("Harbour, layers")?.strategy).toBe("download-file");
  expect(planned.get("Streets")?.strategy).toBe("export-tiles");
  const log = JSON.stringify(await requireRecord(deps.work, `${runPaths(runId).log}2-relations-000000.json`));
  expect(log).toContain("not asked for");
});

/** The calls of the portal, some of them replaced. */
function answering(over: Partial<Portal>): void {
  portal = { ...portal, username: USERNAME, ...over };
}

const logOf = async (deps: Deps) =>
  JSON.stringify(await requireRecord(deps.work, `${runPaths(runId).log}2-relations-000000.json`));

test("questions that are refused for good are all asked, and each is told", async () => {
  const deps = await listed();
  let asked = 0;
  answering({
    related: async (id) => {
      asked += 1;
      return failed("no-access", `Cannot list what is related to ${id}`, "Look");
    },
  });
  const end = await readRelations({ runId, next: 0, misses: 4 }, deps);
  expect(end).toMatchObject({ done: true, misses: 0, next: asked });
  expect(asked).toBeGreaterThan(2);
  const log = await logOf(deps);
  expect(log).toContain(`Relations or rows of ${asked} items read, ${asked} not answered`);
  expect(log).toContain(`${itemId("Harbour")}; it is planned as if nothing were related`);
  expect(log).not.toContain("not asked for");
});

test("a refused sign-in ends the questions, and nothing of them is kept", async () => {
  const deps = await listed();
  const whole = portal;
  const refused = failed("sign-in-refused", "The portal refused the password", "Correct it");
  answering({ related: async () => refused });
  expect(await readRelations({ runId, next: 0, misses: 1 }, deps)).toEqual({
    ...{ next: 0, misses: 1, done: true, failure: refused.failure },
  });
  portal = whole;
  await related(deps);
  expect((await plan(deps)).get("Streets")?.cause).toBe("package-saved");
});

test.each<readonly [what: string, over: Partial<Portal>, cause: string | undefined]>([
  ["counts no row in any layer", { count: async () => ok(0) }, "empty-service"],
  ["counts a row", { count: async () => ok(1) }, undefined],
  ["does not count", { count: async () => failed("transient", "503", "Wait") }, undefined],
  ["is not described", { service: async () => failed("transient", "503", "Wait") }, undefined],
])(
  "emptyServices: false leaves out a service that is known to be empty alone: one that %s",
  async (_, over, cause) => {
    const deps = await listed({ emptyServices: false });
    answering(over);
    await related(deps);
    const wells = (await plan(deps)).get("Wells");
    expect(wells?.cause).toBe(cause);
    if (cause === undefined) expect(wells?.strategy).toBe("export-fgdb");
  },
);

test.each<readonly [what: string, step: number, after: number]>([
  ["repeats its pages", 0, 100],
  ["never ends", 100, 10_000],
])("a list of related items that %s is a failure, not an endless loop", async (_what, step, after) => {
  const entries = (start: number) =>
    Array.from({ length: 100 }, (_each, n) => ({
      id: `${start * step + n}`,
      owner: "",
      title: "",
      type: "",
    }));
  let pages = 0;
  answering({
    related: async (_id, _types, _direction, start) => {
      pages += 1;
      return ok({ total: 1e9, nextStart: start + 1, entries: entries(start) });
    },
  });
  const listed = await allRelated({ portal }, "area", "Area2Package", "forward");
  expect(!listed.ok && listed.failure.text).toBe(
    `Cannot list what is related to item "area" by Area2Package: the list does not end after ${after} items`,
  );
  expect(pages).toBeLessThan(102);
});

test.each(["export-fgdb", "export-tiles", "export-vector-tiles", "export-scene-package"] as const)(
  "saveItem() of what a lane exports (%s) throws, so that its definition alone does not look saved",
  async (strategy) => {
    const deps = await listed();
    const planned = (await plan(deps)).get("Crew map") as PlannedItem;
    await writeRecord(deps.work, runPaths(runId).part(1, "d000000"), [{ ...planned, strategy }]);
    const key = { runId, round: 1, part: "d000000", index: 0 };
    await expect(saveItem(key, deps)).rejects.toThrow(
      `The export of ${planned.item.id} does not go through saveItem`,
    );
    expect(await keptOutcome(deps, key)).toBeUndefined();
  },
);

test.each([false, true])(
  "related.json holds both directions in order (one type at a time: %s)",
  async (single) => {
    sample.state.options.oneRelationAtATime = single;
    const deps = await listed();
    await related(deps);
    await saved(deps, "Harbour");
    const relations = JSON.parse(entries.get("related.json") ?? "[]") as Relation[];
    expect(
      relations.map(({ direction, relationshipType, title, type, owner }) => [
        direction,
        relationshipType,
        title,
        type,
        owner,
      ]),
    ).toEqual([
      ["forward", "Area2CustomPackage", "Harbour, layers", "SQLite Geodatabase", "jdoe"],
      ["reverse", "Map2Area", "Crew map", "Web Map", "jdoe"],
    ]);
    entries.clear();
    const outcome = await saved(deps, "Streets of May");
    expect(entries.has("item.json") && !entries.has("related.json")).toBe(true);
    expect(outcome.notes.filter((note) => note.includes("Relations"))).toHaveLength(0);
  },
);

test("a relation that may not be read is a note, and trouble that may pass is the item's", async () => {
  const match = { path: "/relatedItems$", times: "always" } as const;
  const deps = await listed();
  await related(deps);
  sample.faults.add({ match, answer: { error: { code: 403, message: "You do not have permissions." } } });
  const noted = await saved(deps, "Crew map");
  expect(noted.state).toBe("saved");
  expect(noted.notes.join()).toContain("Relations of type Map2Area not saved");
  sample.faults.clear();
  sample.faults.add({ match, answer: { status: 503 } });
  const failedOne = await saved(deps, "Harbour");
  expect(failedOne).toMatchObject({ state: "failed", failure: { reason: "transient" } });
});

test("a copy keeps the definition of its layer's service, and what covers it is told", async () => {
  const deps = await listed();
  await related(deps);
  const outcome = await saved(deps, "Wells in red");
  expect(outcome).toMatchObject({
    state: "skipped",
    cause: "copy-of-saved-layer",
    coveredBy: [itemId("Wells")],
    notes: [],
  });
  expect(JSON.parse(entries.get("service.json") ?? "{}")).toMatchObject({ serviceItemId: itemId("Wells") });
  expect(entries.has("layers.json") && entries.has("data")).toBe(true);
  expect(entries.has("admin.json")).toBe(false);
});

test("a reference whose own server does not answer stays skipped, with a note", async () => {
  const deps = await listed();
  await related(deps);
  sample.faults.add({ match: { path: "/Streets/MapServer", times: "always" }, answer: { status: 503 } });
  const outcome = await saved(deps, "Streets");
  expect(outcome).toMatchObject({ state: "skipped", cause: "package-saved" });
  expect(outcome.notes.join()).toMatch(/^service\.json not saved: /);
});

test("what round 3 finds uncovered and without an export of its own has failed, with all that could be kept", async () => {
  const deps = await listed();
  const { cause: _, ...copy } = (await plan(deps)).get("Wells in red") as PlannedItem;
  const why = `Copy of ${itemId("Wells")}, not saved in this run, and without an export of its own`;
  await writeRecord(deps.work, runPaths(runId).part(3, "d000000"), [{ ...copy, why }]);
  await saveItem({ runId, round: 3, part: "d000000", index: 0 }, deps);
  const { outcome } = await requireRecord<{ outcome: Outcome }>(
    deps.work,
    runPaths(runId).outcome(3, copy.item.id),
  );
  expect(outcome).toMatchObject({ state: "failed", failure: { reason: "export-failed" } });
  expect(outcome.state === "failed" && outcome.failure.text).toContain(itemId("Wells"));
  expect(outcome.artifacts).toHaveLength(1);
});
