// Deletes the temporary item of an export, on every path: it costs the customer storage until it is gone.
import type { Deps } from "../deps.ts";
import { readExport } from "./export/export-record.ts";
import { removeExport } from "./export/remove.ts";
import { readRunAtWork } from "./run/context.ts";
import { type ItemKey, plannedItem } from "./run/items.ts";

/** `deleted` false: the sweep at the end of the run tries again. */
export async function endExport(key: ItemKey, deps: Deps): Promise<{ readonly deleted: boolean }> {
  const planned = await plannedItem(deps, key);
  const record = await readExport(deps, key, planned.item.id);
  if (record === undefined) return { deleted: true };
  const opened = await readRunAtWork(deps, key.runId);
  if (!opened.ok) return { deleted: false };
  const removed = await removeExport(opened.value, key.round, record);
  return { deleted: removed.ok };
}
