// Reads the listing back, shard by shard, so that a large organisation never lies in memory as a whole more than once.
import type { ListedItem } from "../../core/item.ts";
import type { MemberList } from "../listMembers.ts";
import type { WalkShard } from "../listContent.ts";
import type { Run } from "./context.ts";
import { readRecord, requireRecord } from "./records.ts";

/** Every member's shard in the walk's order. */
export async function* walkShards(run: Pick<Run, "work" | "paths">): AsyncGenerator<WalkShard> {
  const { usernames } = await requireRecord<MemberList>(run.work, run.paths.members);
  for (let member = 0; member < usernames.length; member += 1) {
    yield await requireRecord<WalkShard>(run.work, run.paths.walkShard(member));
  }
}

/** Every listed item once: what the walk found, then what only the search found. */
export async function listedItems(run: Pick<Run, "work" | "paths">): Promise<readonly ListedItem[]> {
  const items = new Map<string, ListedItem>();
  for await (const shard of walkShards(run)) {
    for (const item of shard.items) items.set(item.id, item);
  }
  const found = await readRecord<readonly ListedItem[]>(run.work, run.paths.searchShard);
  for (const item of found ?? []) if (!items.has(item.id)) items.set(item.id, item);
  return [...items.values()];
}
