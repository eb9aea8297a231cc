// The way into each step of an export: nothing to do when the item has its outcome, when the run was canceled, or when it
// cannot reach its portal.
import type { PlannedItem } from "../../core/item.ts";
import type { Deps } from "../../deps.ts";
import { cancelRequest } from "../run/cancel.ts";
import { type RunAtWork, readRunAtWork } from "../run/context.ts";
import { type ItemKey, keepOutcome, keptOutcome, outcomeOf, plannedItem } from "../run/items.ts";
import type { ExportStep } from "./export-record.ts";

export type OpenExport =
  | { readonly end?: undefined; readonly run: RunAtWork; readonly planned: PlannedItem }
  /** There is nothing to do for this step. */
  | { readonly end: ExportStep };

export async function openExport(key: ItemKey, deps: Deps): Promise<OpenExport> {
  if ((await keptOutcome(deps, key)) !== undefined) return { end: { next: "done" } };
  if ((await cancelRequest(deps.work, key.runId)) !== undefined) return { end: { next: "stop" } };
  const planned = await plannedItem(deps, key);
  const opened = await readRunAtWork(deps, key.runId);
  if (opened.ok) return { run: opened.value, planned };
  await keepOutcome(deps, key, outcomeOf({ planned, tookMs: 0, failure: opened.failure }));
  return { end: { next: "done" } };
}
