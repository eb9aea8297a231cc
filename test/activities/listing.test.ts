// What a run lists and takes: the lists of a profile, the two ways of finding items, and what is told of either.
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { crossCheckListing } from "../../src/activities/crossCheckListing.ts";
import { listContent } from "../../src/activities/listContent.ts";
import { listGroups } from "../../src/activities/listGroups.ts";
import type { MemberList } from "../../src/activities/listMembers.ts";
import { readRecord, writeRecord } from "../../src/activities/run/records.ts";
import type { WalkShard } from "../../src/activities/run/walk.ts";
import { searchItems } from "../../src/activities/searchItems.ts";
import { failed } from "../../src/core/result.ts";
import { runPaths } from "../../src/core/work-paths.ts";
import { faultyPortal } from "../faulty-portal.ts";
import { startPortal, type SamplePortal } from "../portal/portal.ts";
import { addGroup, addItem, addMember, groupId, itemId, type Seed } from "../portal/seed/build.ts";
import { listedRun } from "./listed-run.ts";

const seed: Seed = ({ state, password }) => {
  addMember(state, "backup_admin", "Backup", { role: "org_admin", password });
  addMember(state, "jdoe", "Jane");
  addMember(state, "old_timer", "Left in 2022", { disabled: true });
  for (const title of ["Crew", "Board", "Twins"]) addGroup(state, title, "jdoe", "private", []);
  addGroup(state, "Twins of another owner", "old_timer", "org", []);
  const twin = state.groups.get(groupId("Twins of another owner"));
  if (twin !== undefined) twin.title = "Twins";
  const map = (title: string, more: object = {}) =>
    addItem(state, { title, type: "Web Map", json: {}, ...more });
  map("Roads", { groups: ["Crew"], tags: ["public", "Draft"] });
  map("Wells", { groups: ["Crew", "Board"], folder: "Water" });
  map("Pipes", { folder: "Water", owner: "old_timer" });
  map("Parks", { groups: ["Twins"] });
  map("Lakes", { groups: ["Twins of another owner"], owner: "old_timer" });
  map("Plan", { owner: "backup_admin" });
  addItem(state, { title: "Upload", type: "Service Definition", name: "u.sd", owner: "backup_admin" });
};

let sample: SamplePortal;
beforeEach(async () => {
  sample = await startPortal({ seed });
});
afterEach(() => sample.stop());

const CONTENT = "Content is JSON and resources";
const FILE = "Content is a file";

/** The reasons of a listed run, without those of what is taken. */
async function leftOut(options: Readonly<Record<string, unknown>>) {
  const run = await listedRun(sample, options);
  expect(await run.list()).toBeUndefined();
  const reasons = Object.entries(await run.reasons());
  return Object.fromEntries(reasons.filter(([, why]) => why !== CONTENT && why !== FILE));
}

describe("the lists of a profile", () => {
  test("take what every select list and no exclude list has, and tell the list that decided", async () => {
    const out = await leftOut({
      select: { owners: ["JDOE", "old_timer"], groups: ["crew", "twins"] },
      exclude: { tags: ["draft"], groups: [groupId("Board")] },
      serviceDefinitions: false,
    });
    expect(out).toEqual({
      Roads: "In exclude.tags: draft",
      Wells: `In exclude.groups: ${groupId("Board")}`,
      Pipes: "Not in select.groups",
      Plan: "Not in select.owners",
      Upload: "Not in select.owners",
    });
    expect(await leftOut({ serviceDefinitions: false })).toEqual({
      Upload: "Service definition: left out by the option serviceDefinitions",
    });
  });

  test("read no group when they name none", async () => {
    await leftOut({ exclude: { owners: ["jdoe"] } });
    expect(sample.state.requests.filter(({ path }) => path.includes("/groups"))).toEqual([]);
  });

  test("with unknown groups end the listing with all their names, before anything is walked", async () => {
    const run = await listedRun(sample, {
      select: { groups: ["Crew", "Krew"] },
      exclude: { groups: ["krew", "f".repeat(32)] },
    });
    const failure = await run.list();
    expect(failure?.reason).toBe("bad-input");
    expect(failure?.text).toBe(
      `Cannot find 2 groups that the lists of this run name: "krew" in select.groups and exclude.groups; "${"f".repeat(32)}" in exclude.groups`,
    );
    expect(sample.state.requests.filter(({ path }) => path.includes("/content/users"))).toEqual([]);
  });

  test("with a group that cannot be read fail the listing", async () => {
    const content = `/content/groups/${groupId("Board")}$`;
    sample.faults.add({
      match: { path: content, times: "always" },
      answer: { error: { code: 403, message: "You do not have permissions" } },
    });
    const run = await listedRun(sample, { exclude: { groups: ["Board"] } });
    expect(await run.list()).toMatchObject({
      reason: "no-access",
      text: expect.stringContaining('"Board" in exclude.groups: Cannot list the content of group') as string,
    });
    // A step that is delivered twice answers the same.
    expect(await listGroups({ runId: run.runId, group: 0 }, run.deps)).toMatchObject({
      nextGroup: 1,
      failure: { reason: "no-access" },
    });
  });

  test("with an owner whom nobody is called say so", async () => {
    const run = await listedRun(sample, { select: { owners: ["jdoe", "jdo"] } });
    await run.list();
    expect((await run.books())?.notes).toEqual([
      'Nothing of "jdo" in select.owners is taken: no member is called so',
    ]);
  });
});

describe("a quick search", () => {
  const quick = { search: "quick", layout: "type" };

  test("finds what a deep one finds, disabled members' items too, and counts the members' content", async () => {
    const titles = [...sample.state.items.values()].map(({ fields }) => fields.title).sort();
    for (const options of [quick, {}]) {
      const run = await listedRun(sample, options);
      expect(await run.list()).toBeUndefined();
      expect(Object.keys(await run.reasons()).sort()).toEqual(titles);
      expect(await run.books()).toEqual({
        ...(options === quick && { search: "quick" }),
        ...{ walked: 7, searchTotal: 7, searchListed: 7, differences: [], unlisted: [], notes: [] },
      });
    }
  });

  test("tells what it cannot see: items that the search hides, and folders that the layout wants", async () => {
    const hidden = sample.state.items.get(itemId("Plan"));
    if (hidden !== undefined) hidden.hidden = true;
    const run = await listedRun(sample, { search: "quick" });
    expect(await run.list()).toBeUndefined();
    expect(Object.keys(await run.reasons())).toHaveLength(6);
    expect((await run.books())?.notes).toEqual([
      "The members' content counts 7 items, the search found 6",
      "The search tells no folders: items lie in the backup as if in the root folder of their owner",
    ]);
  });

  test("knows the folders that the lists name", async () => {
    expect(Object.keys(await leftOut({ ...quick, select: { folders: ["water"] } })).sort()).toEqual([
      "Lakes",
      "Parks",
      "Plan",
      "Roads",
      "Upload",
    ]);
    expect(await leftOut({ ...quick, exclude: { folders: ["Water"] } })).toEqual({
      Pipes: "In exclude.folders: Water",
      Wells: "In exclude.folders: Water",
    });
  });

  test("that shows less than it counts is not whole, and one that does not answer is no listing", async () => {
    sample.faults.add({
      match: { path: "/sharing/rest/search$", nth: 1 },
      answer: { body: JSON.stringify({ total: 9, start: 1, num: 0, nextStart: -1, results: [] }) },
    });
    const short = await listedRun(sample, quick);
    expect(await short.list()).toBeUndefined();
    expect((await short.books())?.unlisted).toEqual([
      { username: "ArcGIS search", text: "It counts 9 items and showed 0 of them" },
    ]);
    sample.faults.add({
      match: { path: "/sharing/rest/search$", times: "always" },
      answer: { error: { code: 403, message: "You do not have permissions" } },
    });
    const silent = await listedRun(sample, quick);
    expect((await silent.list())?.reason).toBe("no-access");
    const deep = await listedRun(sample);
    expect(await deep.list()).toBeUndefined();
    expect(await deep.books()).toMatchObject({
      ...{ walked: 7, searchTotal: null },
      notes: [expect.stringContaining("The organisation's search could not be compared: Cannot search")],
    });
  });

  test("of an account without privileges finds its own items alone", async () => {
    addMember(sample.state, "gis.lead", "Lead", { password: sample.password });
    addItem(sample.state, { title: "Own", type: "Web Map", owner: "gis.lead", json: {} });
    for (const search of ["quick", "deep"]) {
      const run = await listedRun(sample, { search, layout: "type" }, { username: "gis.lead" });
      expect(await run.list()).toBeUndefined();
      expect(Object.keys(await run.reasons())).toEqual(["Own"]);
      expect(await run.books()).toMatchObject({ walked: 1, searchTotal: 1, differences: [], notes: [] });
    }
  });

  test("that is delivered twice finds the same once", async () => {
    const run = await listedRun(sample, quick);
    await run.list();
    const before = sample.state.requests.length;
    expect(await searchItems({ runId: run.runId, slice: 0 }, run.deps)).toEqual({ done: true });
    expect(sample.state.requests.length).toBe(before);
  });
});

describe("the content of a member", () => {
  const quick = { search: "quick", layout: "type" };
  const page = (results: readonly object[], more: object = {}) => ({
    body: JSON.stringify({ total: 9, start: 1, num: 100, nextStart: -1, items: results, ...more }),
  });
  const broken = [
    { id: "not-an-id", title: "Broken", type: "Web Map", owner: "jdoe" },
    { id: itemId("Pipes"), title: "Pipes", type: "Web Map", owner: "old_timer" },
  ];

  test.each([
    [quick, "contentSummary"],
    [{}, "folders"],
    [{}, "content"],
  ])(
    "ends the listing where the sign-in is refused (%o, %s), and no shard looks whole",
    async (options, method) => {
      const run = await listedRun(sample, options);
      expect(await run.list()).toBeUndefined();
      await run.work.delete(runPaths(run.runId).walkShard(1));
      const refused = failed("sign-in-refused", "The portal refused the password", "Correct it").failure;
      const base = run.deps.portal(undefined as never, run.runId);
      const { portal } = faultyPortal(base, (call) => (call.method === method ? refused : undefined));
      const deps = { ...run.deps, portal: () => portal };
      expect(await listContent({ runId: run.runId, member: 1 }, deps)).toEqual({
        ...{ nextMember: 1, members: 3, failure: refused },
      });
      expect(await run.work.info(runPaths(run.runId).walkShard(1))).toEqual({ ok: true, value: undefined });
    },
  );

  test("whose folder repeats its pages, and an entry that is no item, are told", async () => {
    const folder = sample.state.folders.find(({ owner }) => owner === "old_timer")?.id ?? "none";
    for (const nth of [1, 2, 3]) {
      sample.faults.add({
        match: { path: `/content/users/old_timer/${folder}$`, nth },
        answer: page(broken, { nextStart: 1 + 2 * nth }),
      });
    }
    const run = await listedRun(sample);
    expect(await run.list()).toBeUndefined();
    expect(await run.books()).toMatchObject({
      walked: 7,
      unlisted: [
        {
          username: "old_timer",
          text: 'Cannot list old_timer\'s folder "Water": the portal repeats pages after 2 of 9 items',
        },
      ],
      notes: Array(2).fill('Not an item in old_timer\'s listing: entry "Broken" has no id of 32 hex digits'),
    });
  });

  test("that cannot be counted is a note of a quick search, and is not whole where the lists name folders", async () => {
    sample.faults.add({
      match: { path: "/content/users/jdoe$", times: "always" },
      answer: { error: { code: 403, message: "You do not have permissions" } },
    });
    const counted = await listedRun(sample, quick);
    expect(await counted.list()).toBeUndefined();
    expect(await counted.books()).toMatchObject({
      ...{ walked: 4, searchListed: 7, unlisted: [] },
      notes: [expect.stringMatching(/^The content of jdoe was not counted: .*permissions/)],
    });
    const named = await listedRun(sample, { ...quick, select: { folders: ["Water"] } });
    expect(await named.list()).toBeUndefined();
    expect(await named.books()).toMatchObject({
      unlisted: [{ username: "jdoe", text: expect.stringContaining("permissions") as string }],
      notes: [],
    });
  });

  test("is not counted for more than 1,000 members, but for the folders that the lists name", async () => {
    const many = Array.from({ length: 1_001 }, (_, n) => `member${n}`);
    const members: MemberList = { startedAt: 0, usernames: ["jdoe", ...many], search: "quick" };
    const run = await listedRun(sample, quick);
    const { runId, deps } = run;
    await writeRecord(run.work, runPaths(runId).members, members);
    const before = sample.state.requests.length;
    expect(await listContent({ runId, member: 0 }, deps)).toEqual({ nextMember: 1_002, members: 1_002 });
    expect(sample.state.requests.length).toBe(before);
    expect(await searchItems({ runId, slice: 0 }, deps)).toEqual({ done: true });
    expect(await crossCheckListing({ runId }, deps)).toEqual({ listed: 7 });
    expect(await run.books()).toMatchObject({
      walked: 0,
      notes: ["The members' content was not counted: there are too many members"],
    });

    const named = await listedRun(sample, { ...quick, select: { folders: ["Water"] } });
    await writeRecord(named.work, runPaths(runId).members, members);
    let now = 0;
    const hurried = { ...named.deps, now: () => (now += 60_000) };
    expect(await listContent({ runId, member: 0 }, hurried)).toEqual({ nextMember: 1, members: 1_002 });
    expect(await readRecord<WalkShard>(named.work, runPaths(runId).walkShard(0))).toMatchObject({
      ...{ total: 3, items: [{ title: "Wells", folder: "Water" }] },
    });
  });
});
