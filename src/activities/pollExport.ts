// Looks at an export that is under way.
import type { Deps } from "../deps.ts";
import { type ExportKey, type ExportStep, readExport } from "./export/export-record.ts";
import { lookAtExport } from "./export/look.ts";
import { readRunAtWork } from "./run/context.ts";
import { keepOutcome, keptOutcome, outcomeOf, plannedItem } from "./run/items.ts";

export async function pollExport(key: ExportKey, deps: Deps): Promise<ExportStep> {
  if ((await keptOutcome(deps, key)) !== undefined) return { next: "done" };
  const planned = await plannedItem(deps, key);
  const opened = await readRunAtWork(deps, key.runId);
  if (!opened.ok) {
    await keepOutcome(deps, key, outcomeOf({ planned, tookMs: 0, failure: opened.failure }));
    return { next: "done" };
  }
  const record = await readExport(deps, key, planned.item.id);
  if (record?.job === undefined) throw new Error(`The export of ${planned.item.id} was never started`);
  return lookAtExport(opened.value, key, planned, record, record.job);
}
