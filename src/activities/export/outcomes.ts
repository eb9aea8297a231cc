// How an export ends for its item.
import type { PlannedItem } from "../../core/item.ts";
import type { Failure } from "../../core/result.ts";
import type { RunAtWork } from "../run/context.ts";
import { type OutcomeParts, keepOutcome, outcomeOf } from "../run/items.ts";
import { capture } from "../capture/capture.ts";
import { unlessDeleted } from "../capture/deleted.ts";
import type { ExportKey, ExportRecord, ExportStep } from "./export-record.ts";

/** Keeps the failed outcome; the item's JSON and definition are kept beside it as far as they can be had. */
export async function endFailed(
  run: RunAtWork,
  key: ExportKey,
  planned: PlannedItem,
  record: ExportRecord,
  failure: Failure,
): Promise<ExportStep> {
  const captured = await capture(run, planned);
  const base = { planned, tookMs: tookOf(run, record) };
  if (captured.ok) {
    const { artifacts, notes } = captured.value;
    return end(run, key, { ...base, failure, artifacts, notes });
  }
  const ended = await unlessDeleted(run, planned.item, captured.failure);
  if (ended.skipped !== undefined) return end(run, key, { ...base, ...ended });
  const notes = [`Its definition was not kept either: ${captured.failure.text}`];
  return end(run, key, { ...base, failure, notes });
}

/** Keeps the outcome that the parts amount to. */
export async function end(run: RunAtWork, key: ExportKey, parts: OutcomeParts): Promise<ExportStep> {
  await keepOutcome(run.deps, key, outcomeOf(parts));
  return { next: "done" };
}

/** Milliseconds since the portal was asked, on the worker's clock, which is the one of people. */
export function tookOf(run: RunAtWork, record: ExportRecord): number {
  return Math.max(0, run.deps.now() - record.askedAt);
}
