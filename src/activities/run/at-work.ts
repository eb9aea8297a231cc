// What a lane works on now, for the status page: one small blob per part, replaced by the part's next item.
import type { ListedItem } from "../../core/item.ts";
import { runPaths } from "../../core/work-paths.ts";
import type { Deps } from "../../deps.ts";
import type { ItemKey } from "./items.ts";
import { must } from "./records.ts";

/** Everything is in the metadata, so that one listing of blobs tells it all. */
export async function tellAtWork(
  deps: Deps,
  key: ItemKey,
  item: Pick<ListedItem, "id" | "title">,
): Promise<void> {
  const metadata = {
    item: item.id,
    title: encodeURIComponent(item.title.slice(0, 100).toWellFormed()),
    since: String(deps.now()),
  };
  must(await deps.work.put(runPaths(key.runId).atWorkOf(key.round, key.part), "{}", { metadata }));
}

/** The part is booked: nobody works on it. */
export async function endAtWork(deps: Deps, key: Omit<ItemKey, "index">): Promise<void> {
  must(await deps.work.delete(runPaths(key.runId).atWorkOf(key.round, key.part)));
}
