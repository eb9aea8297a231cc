// The groups that the lists of a run name: found once, and their content read back for the plan.
import type { Group } from "../../clients/portal/portal.ts";
import { isItemId } from "../../core/names.ts";
import { printable } from "../../core/printable.ts";
import { type Failure, type Result, failed, ok } from "../../core/result.ts";
import { type GroupItems, groupsNamed } from "../../core/select.ts";
import type { Run, RunAtWork } from "./context.ts";
import { readRecord, requireRecord } from "./records.ts";

export interface NamedGroup extends Group {
  /** The word of the lists that names it, in lower case. */
  readonly word: string;
  readonly lists: readonly string[];
}

/** `listing/groups/{group}.json`. */
export interface GroupShard {
  /** Ids of the items that are shared with the group. */
  readonly ids: readonly string[];
  /** Told in the report. */
  readonly note?: string;
  readonly failure?: Failure;
}

/** ArcGIS shows no more of any list of groups. */
const GROUPS_MOST = 10_000;
const NAMES_TOLD = 20;

/** Every group that a word of the lists means: by its id, or each one of that title. All unknown words are told at once. */
export async function findGroups(run: RunAtWork): Promise<Result<readonly NamedGroup[]>> {
  const named = groupsNamed(run.record);
  const listed = [...named.keys()].every(isItemId) ? ok([]) : await allGroups(run);
  if (!listed.ok) return listed;
  const groups: NamedGroup[] = [];
  const unknown: string[] = [];
  for (const [word, lists] of named) {
    const found = isItemId(word)
      ? await byId(run, word)
      : ok(listed.value.filter(({ title }) => title.trim().toLowerCase() === word));
    if (!found.ok) return found;
    if (found.value.length === 0) unknown.push(told(word, lists));
    groups.push(...found.value.map((group) => ({ ...group, word, lists })));
  }
  if (unknown.length === 0) return ok(groups);
  return failed(
    "bad-input",
    `Cannot find ${unknown.length === 1 ? "a group" : `${unknown.length} groups`} that the lists of this run name: ${joined(unknown)}`,
    `Correct the titles, or use the ids of groups that "${printable(run.self.username, 60)}" may see, then start the run again`,
  );
}

/** What cannot be told of the groups' content, all of them at once; undefined when everything was read. */
export function unreadGroups(
  groups: readonly NamedGroup[],
  shards: readonly GroupShard[],
): Failure | undefined {
  const unread = shards.flatMap(({ failure }, n) => {
    const group = groups[n];
    return failure === undefined || group === undefined ? [] : [{ group, failure }];
  });
  const [first] = unread;
  if (first === undefined) return undefined;
  const names = unread.map(({ group, failure }) => `${told(group.title, group.lists)}: ${failure.text}`);
  const { failure } = failed(
    first.failure.reason,
    `Cannot read the content of ${unread.length === 1 ? "a group" : `${unread.length} groups`} that the lists of this run name: ${joined(names)}`,
    first.failure.next,
    first.failure.traceId,
  );
  return failure;
}

/** What the named groups hold; empty when the lists name none. */
export async function groupItems(run: Pick<Run, "work" | "paths">): Promise<GroupItems> {
  const items = new Map<string, Set<string>>();
  const groups = (await readRecord<readonly NamedGroup[]>(run.work, run.paths.groups)) ?? [];
  for (const [n, { word }] of groups.entries()) {
    const shard = await requireRecord<GroupShard>(run.work, run.paths.groupShard(n));
    const known = items.get(word) ?? new Set<string>();
    for (const id of shard.ids) known.add(id);
    items.set(word, known);
  }
  return items;
}

/** What the report tells of the groups. */
export async function groupNotes(run: Pick<Run, "work" | "paths">): Promise<readonly string[]> {
  const groups = (await readRecord<readonly NamedGroup[]>(run.work, run.paths.groups)) ?? [];
  const notes: string[] = [];
  for (const [n] of groups.entries()) {
    const { note } = await requireRecord<GroupShard>(run.work, run.paths.groupShard(n));
    if (note !== undefined) notes.push(note);
  }
  return notes;
}

async function allGroups(run: RunAtWork): Promise<Result<readonly Group[]>> {
  const groups = new Map<string, Group>();
  for (let start = 1; start > 0 && start < GROUPS_MOST;) {
    const page = await run.portal.groupsOf(run.self.id, start);
    if (!page.ok) return page;
    const before = groups.size;
    for (const group of page.value.entries) groups.set(group.id, group);
    start = groups.size > before ? page.value.nextStart : -1;
  }
  return ok([...groups.values()]);
}

async function byId(run: RunAtWork, id: string): Promise<Result<readonly Group[]>> {
  const group = await run.portal.group(id);
  if (group.ok) return ok([group.value]);
  const hidden = group.failure.reason === "not-found" || group.failure.reason === "no-access";
  return hidden ? ok([]) : group;
}

function told(word: string, lists: readonly string[]): string {
  return `"${printable(word, 80)}" in ${lists.join(" and ")}`;
}

function joined(names: readonly string[]): string {
  const rest = names.length - NAMES_TOLD;
  return `${names.slice(0, NAMES_TOLD).join("; ")}${rest > 0 ? `; and ${rest} more` : ""}`;
}
