// The way into each step of an export: nothing to do when the item has its outcome, or when the run cannot reach its portal.
import type { PlannedItem } from "../../core/item.ts";
import type { Deps } from "../../deps.ts";
import { type RunAtWork, readRunAtWork } from "../run/context.ts";
import { type ItemKey, keepOutcome, keptOutcome, outcomeOf, plannedItem } from "../run/items.ts";

export interface OpenExport {
  readonly run: RunAtWork;
  readonly planned: PlannedItem;
}

/** undefined: the item's outcome is kept, by an earlier delivery or because the run could not be opened. */
export async function openExport(key: ItemKey, deps: Deps): Promise<OpenExport | undefined> {
  if ((await keptOutcome(deps, key)) !== undefined) return undefined;
  const planned = await plannedItem(deps, key);
  const opened = await readRunAtWork(deps, key.runId);
  if (opened.ok) return { run: opened.value, planned };
  await keepOutcome(deps, key, outcomeOf({ planned, tookMs: 0, failure: opened.failure }));
  return undefined;
}
