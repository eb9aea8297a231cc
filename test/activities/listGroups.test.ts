// The groups that the lists of a run name, at a portal in trouble: a run takes no item unasked and loses none unsaid.
import { describe, expect, test } from "vitest";
import { type ListedGroups, listGroups } from "../../src/activities/listGroups.ts";
import { groupItems, groupNotes } from "../../src/activities/run/named-groups.ts";
import { writeRecord } from "../../src/activities/run/records.ts";
import type { Page, Portal, RawItem } from "../../src/clients/portal/portal.ts";
import { type FailureReason, failed, ok } from "../../src/core/result.ts";
import { runPaths } from "../../src/core/work-paths.ts";
import type { Deps } from "../../src/deps.ts";
import { aSummary, id, PORTAL } from "../core/report-samples.ts";
import { memoryStore } from "../memory-store.ts";

const { run } = aSummary([]);
const { runId } = run;
const paths = runPaths(runId);

type GroupCalls = Pick<Portal, "groupsOf" | "group" | "groupContent">;
const refuse = (reason: FailureReason) => async () => failed(reason, `scripted: ${reason}`, "Look");

function itemsPage(total: number, nextStart: number, ...ids: readonly string[]): Page<RawItem> {
  const entries = ids.map((each) => ({ id: each, owner: "jdoe", title: each, type: "Web Map" }));
  return { total, nextStart, entries };
}

/** The organisation's groups; each holds one item of its number. */
const WELL: GroupCalls = {
  groupsOf: async () =>
    ok({
      ...{ total: 3, nextStart: -1 },
      entries: [
        { id: id(101), title: "Crew" },
        { id: id(102), title: "Board" },
        { id: id(103), title: " crew " },
      ],
    }),
  group: async (asked) => ok({ id: asked, title: "By its id" }),
  groupContent: async (group) => ok(itemsPage(1, -1, group.toUpperCase())),
};

interface Listed {
  readonly answers: readonly ListedGroups[];
  readonly last: ListedGroups | undefined;
  readonly at: { readonly work: Deps["work"]; readonly paths: typeof paths };
}

/** Lists until the last group; `names` is `select.groups`. */
async function listed(over: Partial<GroupCalls>, names: readonly string[], clock = () => 0): Promise<Listed> {
  const work = memoryStore("work");
  const deps = {
    work,
    backups: async () => ok(memoryStore("backups")),
    portal: () => ({ ...WELL, ...over }),
    now: clock,
  } as unknown as Deps;
  await writeRecord(work, paths.run, { ...run, select: { groups: names } });
  await writeRecord(work, paths.profile, { name: "nightly" });
  await writeRecord(work, paths.portal, PORTAL);
  const answers: ListedGroups[] = [];
  for (let group = 0, more = true; more;) {
    const answer = await listGroups({ runId, group }, deps);
    answers.push(answer);
    more = answer.failure === undefined && answer.nextGroup < answer.groups;
    group = answer.nextGroup;
  }
  return { answers, last: answers.at(-1), at: { work, paths } };
}

const idsOf = async ({ at }: Listed) =>
  Object.fromEntries([...(await groupItems(at))].map(([word, ids]) => [word, [...ids].sort()]));

describe("listGroups()", () => {
  test("takes every group of a title, goes on in slices, and asks for no list where each group is named by its id", async () => {
    let now = 0;
    const run = await listed({}, ["CREW", "board"], () => (now += 40_000));
    expect(run.answers).toEqual([
      { nextGroup: 2, groups: 3 },
      { nextGroup: 3, groups: 3 },
    ]);
    expect(await idsOf(run)).toEqual({ crew: [id(101), id(103)], board: [id(102)] });
    const byId = await listed({ groupsOf: refuse("portal-error") }, [id(104)]);
    expect(byId.last).toEqual({ nextGroup: 1, groups: 1 });
    expect(await idsOf(byId)).toEqual({ [id(104)]: [id(104)] });
  });

  test.each<readonly [what: string, over: Partial<GroupCalls>, name: string, text: string]>([
    ["the list of groups is refused", { groupsOf: refuse("transient") }, "crew", "scripted: transient"],
    ["a group of an id is not answered", { group: refuse("transient") }, id(9), "scripted: transient"],
    [
      "a group of an id is not to be seen",
      { group: refuse("no-access") },
      id(9),
      `Cannot find a group that the lists of this run name: "${id(9)}" in select.groups`,
    ],
    [
      "the sign-in is refused",
      { groupContent: refuse("sign-in-refused") },
      "board",
      "scripted: sign-in-refused",
    ],
    [
      "its pages come again and again",
      { groupContent: async (_, start) => ok(itemsPage(900, start + 1, id(1))) },
      "board",
      'Cannot read the content of a group that the lists of this run name: "Board" in select.groups: Cannot list group "Board": the portal repeats pages after 1 of 900 items',
    ],
    [
      "the content of several is not answered",
      { groupContent: refuse("no-access") },
      "crew",
      'Cannot read the content of 2 groups that the lists of this run name: "Crew" in select.groups: scripted: no-access; " crew " in select.groups: scripted: no-access',
    ],
  ])("fails the listing where %s", async (_what, over, name, text) => {
    const { last } = await listed(over, [name]);
    expect(last?.failure?.text).toBe(text);
    expect(last?.failure?.next).toMatch(/^[A-Z].+/);
  });

  test("tells twenty unknown groups by name and counts the others", async () => {
    const names = Array.from({ length: 22 }, (_, n) => `Group ${n}`);
    const { last } = await listed({}, names);
    expect(last?.failure).toMatchObject({
      reason: "bad-input",
      text: expect.stringMatching(
        /^Cannot find 22 groups .*"group 19" in select\.groups; and 2 more$/,
      ) as string,
    });
  });

  test("finds a group on a later page, and a list of groups that repeats itself ends", async () => {
    const title = (n: number) => `Group ${Math.min(n, 3)}`;
    const groupsOf: Portal["groupsOf"] = async (_, start) =>
      ok({ total: 9, nextStart: start + 1, entries: [{ id: id(Math.min(start, 3)), title: title(start) }] });
    const run = await listed({ groupsOf }, ["group 3"]);
    expect(run.last).toEqual({ nextGroup: 1, groups: 1 });
    expect(await idsOf(run)).toEqual({ "group 3": [id(3)] });
  });

  test("follows the pages of a group, and what it counts and does not list is told in the report", async () => {
    const run = await listed(
      {
        groupContent: async (_, start) =>
          ok(start === 1 ? itemsPage(5, 3, id(1), id(2)) : itemsPage(5, -1, id(2), id(3))),
      },
      ["board"],
    );
    expect(run.last).toEqual({ nextGroup: 1, groups: 1 });
    expect(await idsOf(run)).toEqual({ board: [id(1), id(2), id(3)] });
    expect(await groupNotes(run.at)).toEqual([
      'The portal counts 5 items in group "Board" and listed 3: the others are taken as not in it',
    ]);
  });
});
