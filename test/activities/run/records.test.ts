// Records of a run in the app's own storage: what is told of them where one is missing, half of it is gone, or many lie there.
import { describe, expect, test } from "vitest";
import type { MemberList } from "../../../src/activities/listMembers.ts";
import { readExportsAtWork, readItemsAtWork } from "../../../src/activities/run/at-work.ts";
import { readBooked } from "../../../src/activities/run/booked.ts";
import type { Run } from "../../../src/activities/run/context.ts";
import { readGraph } from "../../../src/activities/run/dependencies.ts";
import { earlierListing, listedItems } from "../../../src/activities/run/listing.ts";
import { logSoFar, sealedLog } from "../../../src/activities/run/log-text.ts";
import {
  changeRecord,
  firstRecord,
  readRecord,
  requireFixed,
  requireRecord,
  writeRecord,
} from "../../../src/activities/run/records.ts";
import { readRelationFacts } from "../../../src/activities/run/relations.ts";
import { requestsOf } from "../../../src/activities/run/requests.ts";
import type { Store } from "../../../src/clients/store/store.ts";
import { failed, ok, type Result } from "../../../src/core/result.ts";
import { runPaths } from "../../../src/core/work-paths.ts";
import type { Deps } from "../../../src/deps.ts";
import { anItem, aLine, aSummary, id } from "../../core/report-samples.ts";
import { depsWithout } from "../../deps-without.ts";
import { faultyStore } from "../../faulty-store.ts";
import { memoryStore } from "../../memory-store.ts";

const { run: record } = aSummary([]);
const { runId } = record;
const paths = runPaths(runId);

function depsOn(work: Store, over: Partial<Deps> = {}): Deps {
  const base = depsWithout("Not for reading records");
  return {
    ...base,
    work,
    profile: () => failed("bad-input", "Not asked for", "Look"),
    now: () => 0,
    ...over,
  };
}

/** Lists the blob at the path and does not find it: it goes between the two. */
function losing(store: Store, path: string): Store {
  return { ...store, get: async (asked) => (asked === path ? ok(undefined) : store.get(asked)) };
}

describe("a record", () => {
  test("that is missing, broken or refused ends the step by name, so that it is repeated", async () => {
    const work = memoryStore();
    await expect(requireRecord(work, paths.run)).rejects.toThrow(
      `Cannot find the run's record "${paths.run}"`,
    );
    await work.put(paths.run, "{ half");
    await expect(readRecord(work, paths.run)).rejects.toThrow(`Cannot parse the run's record "${paths.run}"`);
    const refusal = failed("storage-refused", "Cannot read the storage", "Look").failure;
    const { store } = faultyStore(work, () => refusal);
    await expect(readRecord(store, paths.run)).rejects.toThrow(refusal.text);
  });

  test("that never changes is read once; a worker remembers the newest 300 of them", async () => {
    const { store, calls } = faultyStore(memoryStore(), () => undefined);
    const parts = Array.from({ length: 301 }, (_, n) => paths.part(1, `d${n}`));
    for (const path of parts) await writeRecord(store, path, path);
    for (const path of parts) expect(await requireFixed(store, path)).toBe(path);
    const [oldest = "", newest = ""] = [parts[0], parts.at(-1)];
    const reads = () => calls.filter(({ method }) => method === "get").length;
    expect(reads()).toBe(301);
    expect(await requireFixed(store, newest)).toBe(newest);
    expect(reads()).toBe(301);
    expect(await requireFixed(store, oldest)).toBe(oldest);
    expect(reads()).toBe(302);
  });

  test("of two writers is the first one's, and a change that another writer forestalls is made on theirs", async () => {
    const work = memoryStore();
    expect(await firstRecord(work, paths.mail, "first")).toBe("first");
    expect(await firstRecord(work, paths.mail, "second")).toBe("first");
    let others = 2;
    const racing: Store = {
      ...work,
      put: async (path, bytes, options) => {
        if (others-- > 0) await work.put(path, JSON.stringify(`other ${others}`));
        return work.put(path, bytes, options);
      },
    };
    expect(await changeRecord<string>(racing, paths.mail, (known) => `${known}, then mine`)).toBe(
      "other 0, then mine",
    );
    others = Infinity;
    await expect(changeRecord(racing, paths.mail, () => "mine")).rejects.toThrow(
      `Cannot change "${paths.mail}": other writers came between 50 times`,
    );
  });
});

describe("what stands of a run", () => {
  test("counts nothing for records whose metadata were lost on the way, as by a copy of the container", async () => {
    const work = memoryStore();
    const deps = depsOn(work);
    await work.put(paths.atWorkOf(1, "d000004"), "{}");
    await work.put(paths.donePart(1, "d000003"), "[]");
    await work.put(`${paths.requests}here.json`, "{}");
    await work.put(`${paths.requests}there.json`, "{}", { metadata: { requests: "7" } });
    await work.put(paths.exportJob(1, id(1)), "{}");
    await work.put(paths.exportJob(1, id(2)), "{}", { metadata: { state: "running", parked: "true" } });
    expect(await readItemsAtWork(deps, runId)).toEqual([
      { itemId: "", title: "", sinceMs: 0, part: "1-d000004" },
    ]);
    expect(await readExportsAtWork(deps, runId)).toEqual([
      { itemId: "", title: "", sinceMs: 0, parked: true },
    ]);
    expect(await requestsOf(deps, runId)).toBe(7);
    expect(await readBooked(deps, runId)).toEqual({
      counts: { listed: 0, saved: 0, unchanged: 0, skipped: 0, failed: 0 },
      ...{ sizeBytes: 0, unsettled: 0, parts: new Set(["1-d000003"]) },
    });
  });

  test("leaves out what goes between the list and the look", async () => {
    const work = memoryStore();
    const slice = { areaPackages: [id(1)], publishedFrom: {}, empty: [] };
    await writeRecord(work, paths.relationSlice(0), slice);
    await writeRecord(work, paths.relationSlice(9), { ...slice, areaPackages: [id(2)] });
    const left = await readRelationFacts({ work: losing(work, paths.relationSlice(0)), paths });
    expect([...left.offlinePackageIds]).toEqual([id(2)]);

    const members: MemberList = { startedAt: 0, usernames: ["jdoe"] };
    await writeRecord(work, paths.members, members);
    const items = [anItem(1, { title: "Roads" }), anItem(2, { title: "Wells" })];
    await writeRecord(work, paths.walkShard(0), { username: "jdoe", items, rejected: [] });
    for (const n of [1, 2]) {
      const references = [{ to: id(3 - n), kind: "item", label: "uses" }];
      await writeRecord(work, paths.referencesOf(id(n)), { itemId: id(n), references, unread: [], more: 0 });
    }
    const lost = losing(work, paths.referencesOf(id(1)));
    const run = { record, profile: { dependencies: true }, paths, work: lost, deps: depsOn(lost) };
    expect((await readGraph(run as unknown as Run, true))?.counts.read).toBe(1);
  });
});

describe("the listing read back", () => {
  const items = (n: number) => [anItem(n)];

  test("of a quick search needs no member's shard; of a walk it needs each", async () => {
    const work = memoryStore();
    const list = { startedAt: 0, usernames: ["asmith", "jdoe"] };
    await writeRecord(work, paths.walkShard(1), { username: "jdoe", items: items(1), rejected: [] });
    await writeRecord(work, paths.searchSlice(0), { items: items(2) });
    await writeRecord(work, paths.members, { ...list, search: "quick" });
    expect((await listedItems({ work, paths })).map((item) => item.id)).toEqual([id(1), id(2)]);
    await writeRecord(work, paths.members, list);
    await expect(listedItems({ work, paths })).rejects.toThrow(paths.walkShard(0));
  });

  test("of an earlier run is what the clean-up has left of it", async () => {
    const work = memoryStore();
    const left = async () => {
      const ids: string[] = [];
      for await (const some of earlierListing({ work, paths })) ids.push(...some.map((item) => item.id));
      return ids;
    };
    expect(await left()).toEqual([]);
    await writeRecord(work, paths.members, { startedAt: 0, usernames: ["asmith", "jdoe"] });
    await writeRecord(work, paths.walkShard(1), { username: "jdoe", items: items(1), rejected: [] });
    expect(await left()).toEqual([id(1)]);
  });
});

describe("sealedLog()", () => {
  const LOG = `${record.folder}/Full_log.log`;
  const refused = failed("storage-refused", "No permission to read", "Allow it");
  const backups = async (): Promise<Store> => {
    const store = memoryStore("backups");
    await store.put(LOG, "one line\n");
    return store;
  };

  test("finds the log in the run folder", async () => {
    const work = memoryStore();
    await writeRecord(work, paths.profile, { name: record.profile });
    const store = await backups();
    const found = await sealedLog(depsOn(work, { backups: async () => ok(store) }), record);
    expect(found).toEqual({ store, path: LOG, sizeBytes: 9 });
  });

  test.each<readonly [what: string, profile: boolean, store: () => Promise<Result<Store>>]>([
    ["the run's profile is gone", false, async () => ok(await backups())],
    ["no destination is to be had", true, async () => refused],
    [
      "the destination may not be read",
      true,
      async () => ok(faultyStore(await backups(), () => refused.failure).store),
    ],
    ["the folder holds none", true, async () => ok(memoryStore("backups"))],
  ])("answers nothing, without an error, where %s", async (_what, hasProfile, store) => {
    const work = memoryStore();
    if (hasProfile) await writeRecord(work, paths.profile, { name: record.profile });
    expect(await sealedLog(depsOn(work, { backups: store }), record)).toBeUndefined();
  });
});

describe("logSoFar()", () => {
  const event = (at: number) => ({ at, level: "info", topic: "listing", text: `Event ${at}` });

  test("tells steps and booked items by time, and lives with a record that goes meanwhile", async () => {
    const work = memoryStore();
    expect(await logSoFar(depsOn(work), runId)).toBe("");
    await writeRecord(work, `${paths.log}1.json`, [event(3)]);
    await writeRecord(work, `${paths.log}2.json`, [event(2)]);
    const { item, outcome } = aLine(1, "saved", { title: "Roads" });
    await writeRecord(work, paths.donePart(1, "d000000"), [{ planned: { item }, outcome, finishedAt: 1 }]);
    const told = (text: string) =>
      text.split("\n").map((line) => /Event \d|saved "Roads"|^#.*/.exec(line)?.[0] ?? line);
    expect(told(await logSoFar(depsOn(work), runId))).toEqual(['saved "Roads"', "Event 2", "Event 3", ""]);
    const lost = losing(work, `${paths.log}2.json`);
    expect(told(await logSoFar(depsOn(lost), runId))).toEqual(['saved "Roads"', "Event 3", ""]);
  });

  test("reads 1,000 records at most, and its first line says that there are more", async () => {
    const work = memoryStore();
    for (let n = 0; n < 1_001; n += 1) await writeRecord(work, `${paths.log}${n + 10_000}.json`, [event(n)]);
    const lines = (await logSoFar(depsOn(work), runId)).trimEnd().split("\n");
    expect(lines).toHaveLength(1_001);
    expect(lines[0]).toMatch(/^# More is recorded than is shown here/);
    expect(lines.at(-1)).toContain("Event 999");
  });
});
