// What the lanes of a run work on now: one small record per part, replaced by the part's next item. Everything is in the
// metadata, so that one listing of blobs tells it all.
import type { ListedItem } from "../../core/item.ts";
import type { ExportAtWork, ItemAtWork } from "../../core/run.ts";
import { runPaths } from "../../core/work-paths.ts";
import type { Deps } from "../../deps.ts";
import type { ItemKey } from "./items.ts";
import { listRecords, must } from "./records.ts";

/** A lane begins with this item. */
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

/** `part`: the round and part (`1-d000004`) that the item belongs to. */
export interface ItemOfPart extends ItemAtWork {
  readonly part: string;
}

/** Items that a lane has begun; one whose part is booked meanwhile is still among them until its record is removed. */
export async function readItemsAtWork(deps: Deps, runId: string): Promise<readonly ItemOfPart[]> {
  const prefix = runPaths(runId).atWork;
  const items: ItemOfPart[] = [];
  for await (const { path, metadata } of listRecords(deps.work, prefix)) {
    items.push({ ...told(metadata), part: path.slice(prefix.length).replace(/\.json$/, "") });
  }
  return items;
}

/** Exports that the portal works on, parked ones included. */
export async function readExportsAtWork(deps: Deps, runId: string): Promise<readonly ExportAtWork[]> {
  const exports: ExportAtWork[] = [];
  for await (const { metadata } of listRecords(deps.work, runPaths(runId).exports)) {
    if (metadata["state"] !== "running") continue;
    exports.push({ ...told(metadata), parked: metadata["parked"] === "true" });
  }
  return exports;
}

function told(metadata: Readonly<Record<string, string>>): ItemAtWork {
  return {
    itemId: metadata["item"] ?? "",
    title: decodeURIComponent(metadata["title"] ?? ""),
    sinceMs: Number(metadata["since"] ?? 0),
  };
}
