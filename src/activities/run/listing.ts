// Reads the listing back, part by part, so that a large organisation never lies in memory as a whole more than once.
import type { ListedItem } from "../../core/item.ts";
import type { MemberList } from "../listMembers.ts";
import type { SearchSlice } from "../searchItems.ts";
import type { Run } from "./context.ts";
import { readRecord, requireRecord } from "./records.ts";
import type { WalkShard } from "./walk.ts";

type Records = Pick<Run, "work" | "paths">;

/** Every member's shard in the walk's order. Where the search is the listing, a member may have none. */
export async function* walkShards(run: Records): AsyncGenerator<WalkShard> {
  const { usernames, search } = await requireRecord<MemberList>(run.work, run.paths.members);
  for (let member = 0; member < usernames.length; member += 1) {
    const read = search === "quick" ? readRecord : requireRecord;
    const shard = await read<WalkShard>(run.work, run.paths.walkShard(member));
    if (shard !== undefined) yield shard;
  }
}

/** What each call of the search found, in their order. */
export async function* searchSlices(run: Records): AsyncGenerator<SearchSlice> {
  for (let slice = 0; ; slice += 1) {
    const found = await readRecord<SearchSlice>(run.work, run.paths.searchSlice(slice));
    if (found === undefined) return;
    yield found;
  }
}

/** Every listed item once: what was walked, then what the search alone found. */
export async function listedItems(run: Records): Promise<readonly ListedItem[]> {
  const items = new Map<string, ListedItem>();
  const add = (some: readonly ListedItem[]) => {
    for (const item of some) if (!items.has(item.id)) items.set(item.id, item);
  };
  for await (const shard of walkShards(run)) add(shard.items);
  const { search } = await requireRecord<MemberList>(run.work, run.paths.members);
  if (search === "quick") for await (const slice of searchSlices(run)) add(slice.items);
  add((await readRecord<readonly ListedItem[]>(run.work, run.paths.searchShard)) ?? []);
  return [...items.values()];
}

/** What is left of an earlier run's listing, part by part; nothing where its records are gone. */
export async function* earlierListing(run: Records): AsyncGenerator<readonly ListedItem[]> {
  const members = await readRecord<MemberList>(run.work, run.paths.members);
  for (let member = 0; member < (members?.usernames.length ?? 0); member += 1) {
    yield (await readRecord<WalkShard>(run.work, run.paths.walkShard(member)))?.items ?? [];
  }
  if (members?.search === "quick") for await (const { items } of searchSlices(run)) yield items;
  yield (await readRecord<readonly ListedItem[]>(run.work, run.paths.searchShard)) ?? [];
}
