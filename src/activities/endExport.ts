// Ends an export on every path: its temporary item goes, as it costs the customer storage until then, and its part is booked.
import type { Deps } from "../deps.ts";
import { recordPart } from "./recordPart.ts";
import { readExport } from "./export/export-record.ts";
import { removeExport } from "./export/remove.ts";
import { readRunAtWork } from "./run/context.ts";
import { type ItemKey, plannedItem } from "./run/items.ts";

export interface EndExportInput extends ItemKey {
  /** The run was canceled: the item has no outcome, and nothing is booked. */
  readonly stopped?: true;
}

/** `deleted` false: the sweep at the end of the run tries again. */
export async function endExport(key: EndExportInput, deps: Deps): Promise<{ readonly deleted: boolean }> {
  const deleted = await remove(key, deps);
  if (key.stopped !== true) await recordPart(key, deps);
  return { deleted };
}

async function remove(key: ItemKey, deps: Deps): Promise<boolean> {
  const planned = await plannedItem(deps, key);
  const record = await readExport(deps, key, planned.item.id);
  if (record === undefined) return true;
  const opened = await readRunAtWork(deps, key.runId);
  return opened.ok && (await removeExport(opened.value, key.round, record)).ok;
}
