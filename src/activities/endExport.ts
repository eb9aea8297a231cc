// Ends an export on every path: its temporary items go, as they cost the customer storage until then, and its part is booked.
import type { Deps } from "../deps.ts";
import { recordPart } from "./recordPart.ts";
import { readExport, writeExport } from "./export/export-record.ts";
import { cleanUp } from "./export/clean-up.ts";
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
  if (!opened.ok) return false;
  const swept = await cleanUp(opened.value, key.round, record);
  await writeExport(opened.value, key.round, { ...swept.record, ended: true });
  return swept.left.length === 0;
}
