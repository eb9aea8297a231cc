// The organisation as a portal in trouble tells it: what is kept, what is told, and that it ends.
import { expect, test } from "vitest";
import { captureOrganisation } from "../../src/activities/captureOrganisation.ts";
import { requestCancel } from "../../src/activities/run/cancel.ts";
import { readRecord, writeRecord } from "../../src/activities/run/records.ts";
import type { Organisation } from "../../src/clients/portal/portal.ts";
import type { OrganisationKept, OrganisationStep } from "../../src/core/organisation.ts";
import { failed, ok } from "../../src/core/result.ts";
import { runPaths } from "../../src/core/work-paths.ts";
import type { Deps } from "../../src/deps.ts";
import { aSummary, PORTAL } from "../core/report-samples.ts";
import { faultyStore } from "../faulty-store.ts";
import { memoryStore } from "../memory-store.ts";

const { run } = aSummary([]);
const paths = runPaths(run.runId);
const reply = (value: Record<string, unknown>) => ok({ value, raw: new Uint8Array() });
const group = (n: number) => ({ id: `g${n}`, title: `Group ${n}` });

const WELL: Organisation = {
  self: async () => reply({ id: "Acme", urlKey: "acme", bingKey: "hush" }),
  users: async (start) =>
    ok({ total: 2, nextStart: start === 1 ? 2 : -1, entries: [{ username: `user${start}`, token: "hush" }] }),
  roles: async () => ok({ total: 0, nextStart: -1, entries: [] }),
  categories: async () => reply({ categorySchema: [] }),
  groups: async () =>
    ok({ total: 12, nextStart: -1, entries: Array.from({ length: 12 }, (_, n) => group(n)) }),
  group: async (id) => reply({ id }),
  groupUsers: async () => reply({ owner: "jdoe", admins: [], users: [] }),
  groupCategories: async () => reply({ categorySchema: [] }),
  groupItems: async () => ok({ total: 1, nextStart: -1, entries: ["item"] }),
};

async function capture(
  over: Partial<Organisation>,
  clock = () => 0,
  self = PORTAL,
  backups = memoryStore("backups"),
) {
  const work = memoryStore("work");
  const deps = {
    work,
    backups: async () => ok(backups),
    portal: () => ({ organisation: { ...WELL, ...over } }),
    now: clock,
  } as unknown as Deps;
  await writeRecord(work, paths.run, run);
  await writeRecord(work, paths.profile, { name: "nightly" });
  await writeRecord(work, paths.portal, self);
  await writeRecord(work, paths.members, { usernames: ["jdoe"], startedAt: 0 });
  await writeRecord(work, paths.walkShard(0), { username: "jdoe", items: [], rejected: [] });
  let calls = 0;
  for (let at: OrganisationStep | undefined, more = true; more; calls += 1) {
    ({ next: at } = await captureOrganisation({ runId: run.runId, ...(at !== undefined && { at }) }, deps));
    more = at !== undefined;
  }
  const kept = await readRecord<OrganisationKept>(work, paths.organisation);
  const read = async (name: string) => {
    const blob = await backups.get(`${run.folder}/organisation/${name}`);
    return blob.ok && blob.value !== undefined ? new TextDecoder().decode(blob.value.bytes) : undefined;
  };
  return { kept, read, calls, deps, work };
}

test("captureOrganisation() works in slices, keeps every page and group once, and gives the same when repeated", async () => {
  let now = 0;
  const { kept, read, calls, deps } = await capture({}, () => (now += 40_000));
  expect(calls).toBeGreaterThan(2);
  expect(kept).toMatchObject({ users: 2, roles: 0, groups: 12, folders: 0, notes: [], problems: [] });
  expect(await read("users.json")).toBe('[\n{"username":"user1"},\n{"username":"user2"}\n]\n');
  expect(await read("roles.json")).toBe("[]\n");
  const lines = (await read("groups.jsonl"))?.trimEnd().split("\n") ?? [];
  expect(lines.map((line) => (JSON.parse(line) as { group: { id: string } }).group.id)).toEqual(
    Array.from({ length: 12 }, (_, n) => `g${n}`),
  );
  expect(await read("portal.json")).not.toContain("hush");
  expect(await captureOrganisation({ runId: run.runId }, deps)).toHaveProperty("next");
  expect(await readRecord(deps.work, paths.organisation)).toEqual(kept);
});

test("captureOrganisation() tells apart what the account may not see from what failed, and keeps the rest", async () => {
  const { kept, read } = await capture({
    roles: async () => failed("no-access", "no permission", ""),
    categories: async () => failed("portal-error", "no such operation", ""),
    groupUsers: async (id) => (id === "g3" ? failed("transient", "503", "") : WELL.groupUsers(id)),
    group: async (id) => (id === "g4" ? failed("not-found", "gone", "") : WELL.group(id)),
  });
  expect(kept?.notes).toEqual(["roles: no permission", "categories: no such operation"]);
  expect(kept?.problems).toEqual(['groups, members of "Group 3": 503']);
  expect([kept?.groups, await read("roles.json"), await read("categories.json")]).toEqual([
    11,
    undefined,
    undefined,
  ]);
  expect(await read("groups.jsonl")).toContain('"users":null');
});

test("captureOrganisation() asks an account that sees its own items only for no members", async () => {
  const { kept, read } = await capture({}, () => 0, { ...PORTAL, seesAllItems: false });
  expect([kept?.users, kept?.groups, kept?.problems, await read("users.json")]).toEqual([
    0,
    12,
    [],
    undefined,
  ]);
  expect(kept?.notes).toEqual(["users: not asked for, as the account may not see every member"]);
});

test("captureOrganisation() ends at a portal that repeats its pages, and says so", async () => {
  const same = { total: 900, entries: [{ username: "jdoe" }] };
  const { kept } = await capture({ users: async (start) => ok({ ...same, nextStart: start + 1 }) });
  expect(kept?.users).toBe(1);
  expect(kept?.problems).toEqual(["users: the portal repeats its pages before entry 2"]);
});

test.each([
  ["repeats its pages", 2, 2, "groups: the portal repeats its pages before entry 3"],
  [
    "goes on behind the most that a search shows",
    10_000,
    7,
    "groups: the search counts 20000 and shows 10000 of them at most",
  ],
])(
  "captureOrganisation() ends at a search for groups that %s, and says so once",
  async (_, step, size, problem) => {
    const entries = Array.from({ length: size }, (_each, n) => group(n));
    const { kept } = await capture({
      groups: async (_org, start) => ok({ total: 20_000, nextStart: start + step, entries }),
    });
    expect(kept).toMatchObject({ groups: size, problems: [problem], notes: [] });
  },
);

test("captureOrganisation() follows the pages of groups and members to the last one, and says so when that is empty and names another", async () => {
  const { kept, read } = await capture({
    groups: async (_org, start) =>
      ok({ total: 9, nextStart: start + 2, entries: start < 5 ? [group(start)] : [] }),
  });
  const problem = "groups: the portal shows an empty page from entry 5 on";
  expect(kept).toMatchObject({ groups: 2, problems: [problem], notes: [] });
  const users = async (start: number) =>
    ok({ total: 9, nextStart: start + 1, entries: start === 1 ? [{ username: "jdoe" }] : [] });
  expect((await capture({ users })).kept).toMatchObject({
    users: 1,
    problems: ["users: the portal shows an empty page from entry 2 on"],
  });
  expect((await read("groups.jsonl"))?.match(/"id":"g\d"/g)).toEqual(['"id":"g1"', '"id":"g3"']);
});

test("captureOrganisation() keeps of a group what the portal tells, and names one without a title by its id", async () => {
  const { kept, read } = await capture({
    groups: async () => ok({ total: 1, nextStart: -1, entries: [{ id: "g1", title: 7, token: "hush" }] }),
    group: async () => failed("transient", "503", ""),
    groupCategories: async () => reply({}),
    groupItems: async (_, start) =>
      start === 1
        ? ok({ total: 3, nextStart: 2, entries: ["roads", "wells"] })
        : ok({ total: 3, nextStart: start + 1, entries: ["wells"] }),
  });
  expect(kept?.problems).toEqual(['groups, settings of "g1": 503']);
  expect(JSON.parse((await read("groups.jsonl")) ?? "")).toEqual({
    group: { id: "g1", title: 7 },
    users: { owner: "jdoe", admins: [], users: [] },
    categorySchema: [],
    items: ["roads", "wells"],
  });
});

test("captureOrganisation() tells of each group what could not be read, 200 sentences at most", async () => {
  const { kept, read } = await capture({
    groups: async () =>
      ok({ total: 120, nextStart: -1, entries: Array.from({ length: 120 }, (_, n) => group(n)) }),
    groupItems: async () => failed("transient", "503", ""),
    groupUsers: async () => failed("transient", "504", ""),
    groupCategories: async () => failed("portal-error", "no such operation", ""),
  });
  expect(kept?.problems).toHaveLength(201);
  expect(kept?.problems.slice(0, 2)).toEqual([
    'groups, members of "Group 0": 504',
    'groups, items of "Group 0": 503',
  ]);
  expect(kept?.problems.at(-1)).toBe("... and 40 more");
  expect(kept?.notes[0]).toBe('groups, categories of "Group 0": no such operation');
  const [first] = (await read("groups.jsonl"))?.split("\n") ?? [];
  expect(JSON.parse(first ?? "")).toEqual({
    ...{ group: { id: "g0" }, users: null, categorySchema: null, items: null },
  });
});

test("captureOrganisation() tells what the search for groups refused, and each file that could not be stored", async () => {
  const { store } = faultyStore(memoryStore("backups"), ({ path }) =>
    path.endsWith("/users.json") ? failed("storage-refused", "No room is left", "").failure : undefined,
  );
  const search = async () => failed("transient", "503", "");
  const { kept, read } = await capture({ groups: search }, () => 0, PORTAL, store);
  expect(kept?.problems).toEqual(["groups: 503", "users.json: No room is left"]);
  expect(kept?.files.map(({ name }) => name)).toEqual(
    ["portal", "roles", "categories", "folders"].map((name) => `organisation/${name}.json`),
  );
  expect(await read("users.json")).toBeUndefined();
});

test("captureOrganisation() tells the folders of the members whose folders could be listed", async () => {
  const { read, deps, work, kept } = await capture({});
  expect(kept?.folders).toBe(0);
  await work.delete(paths.organisation);
  const other = memoryStore("backups");
  await writeRecord(work, paths.members, { usernames: ["asmith", "jdoe"], startedAt: 0 });
  const folders = [{ id: "f1", title: "Water" }];
  await writeRecord(work, paths.walkShard(1), { username: "jdoe", items: [], rejected: [], folders });
  await captureOrganisation({ runId: run.runId }, { ...deps, backups: async () => ok(other) });
  const blob = await other.get(`${run.folder}/organisation/folders.json`);
  expect(blob.ok && blob.value && new TextDecoder().decode(blob.value.bytes)).toBe(
    '[\n{"username":"jdoe","id":"f1","title":"Water"}\n]\n',
  );
  expect(await read("folders.json")).toBe("[]\n");
});

test("captureOrganisation() does nothing in a run that is canceled", async () => {
  const { deps, work } = await capture({});
  await work.delete(paths.organisation);
  await requestCancel(work, run.runId, { at: 0, by: "http" });
  expect(await captureOrganisation({ runId: run.runId }, deps)).toEqual({});
  expect(await readRecord(work, paths.organisation)).toBeUndefined();
});
