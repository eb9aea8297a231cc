// Reads the content of the groups that the lists of a run name, one group after another, for about a minute, then hands on.
import { type Failure, type Result, failed, ok } from "../core/result.ts";
import { printable } from "../core/printable.ts";
import type { Deps } from "../deps.ts";
import { cancelRequest } from "./run/cancel.ts";
import { type RunAtWork, readRunAtWork } from "./run/context.ts";
import { type GroupShard, type NamedGroup, findGroups, unreadGroups } from "./run/named-groups.ts";
import { firstRecord, readRecord, requireRecord, writeRecord } from "./run/records.ts";

const SLICE_MS = 60_000;

export interface ListedGroups {
  readonly nextGroup: number;
  readonly groups: number;
  readonly canceled?: true;
  readonly failure?: Failure;
}

/** A group that does not exist or cannot be read fails the run: its items must be neither lost nor taken unasked. */
export async function listGroups(
  input: { readonly runId: string; readonly group: number },
  deps: Deps,
): Promise<ListedGroups> {
  const nothing = { nextGroup: input.group, groups: 0 };
  if ((await cancelRequest(deps.work, input.runId)) !== undefined) return { ...nothing, canceled: true };
  const opened = await readRunAtWork(deps, input.runId);
  if (!opened.ok) return { ...nothing, failure: opened.failure };
  const run = opened.value;
  const found = await namedGroups(run);
  if (!found.ok) return { ...nothing, failure: found.failure };
  const groups = found.value;
  const until = deps.now() + SLICE_MS;
  let next = input.group;
  do {
    const group = groups[next];
    if (group === undefined) break;
    const shard = await readGroup(run, group);
    if (shard.failure?.reason === "sign-in-refused") return { ...nothing, failure: shard.failure };
    await writeRecord(run.work, run.paths.groupShard(next), shard);
    next += 1;
  } while (deps.now() < until);
  const failure = next < groups.length ? undefined : await unread(run, groups);
  return { nextGroup: next, groups: groups.length, ...(failure !== undefined && { failure }) };
}

/** Found once, so that the order of the groups is that of their shards. */
async function namedGroups(run: RunAtWork): Promise<Result<readonly NamedGroup[]>> {
  const known = await readRecord<readonly NamedGroup[]>(run.work, run.paths.groups);
  if (known !== undefined) return ok(known);
  const found = await findGroups(run);
  return found.ok ? ok(await firstRecord(run.work, run.paths.groups, found.value)) : found;
}

/** Follows nextStart to the end; a page that brings nothing new before it is a list that lies. */
async function readGroup(run: RunAtWork, group: NamedGroup): Promise<GroupShard> {
  const ids = new Set<string>();
  const name = `group "${printable(group.title, 80)}"`;
  let total = 0;
  for (let start = 1; start > 0;) {
    const page = await run.portal.groupContent(group.id, start);
    if (!page.ok) return { ids: [], failure: page.failure };
    const before = ids.size;
    for (const { id } of page.value.entries) ids.add(id.toLowerCase());
    ({ total } = page.value);
    start = page.value.nextStart;
    if (start > 0 && ids.size === before) {
      const { failure } = failed(
        "portal-error",
        `Cannot list ${name}: the portal repeats pages after ${ids.size} of ${total} items`,
        "Start the run again; if it stays so, name ids, folders or tags instead of the group",
      );
      return { ids: [], failure };
    }
  }
  if (ids.size >= total) return { ids: [...ids] };
  return {
    ids: [...ids],
    note: `The portal counts ${total} items in ${name} and listed ${ids.size}: the others are taken as not in it`,
  };
}

async function unread(run: RunAtWork, groups: readonly NamedGroup[]): Promise<Failure | undefined> {
  const shards: GroupShard[] = [];
  for (const [n] of groups.entries()) {
    const { failure } = await requireRecord<GroupShard>(run.work, run.paths.groupShard(n));
    shards.push({ ids: [], ...(failure !== undefined && { failure }) });
  }
  return unreadGroups(groups, shards);
}
