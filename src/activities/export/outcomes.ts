// How an export ends for its item. Its JSON and definition are kept on every path, as far as they can be had.
import type { PlannedItem } from "../../core/item.ts";
import type { Artifact } from "../../core/outcome.ts";
import type { Failure } from "../../core/result.ts";
import { capture } from "../capture/capture.ts";
import { unlessDeleted } from "../capture/deleted.ts";
import type { RunAtWork } from "../run/context.ts";
import { type OutcomeParts, keepOutcome, outcomeOf } from "../run/items.ts";
import type { ExportKey, ExportRecord, ExportStep } from "./export-record.ts";

export interface Ending {
  readonly run: RunAtWork;
  readonly key: ExportKey;
  readonly planned: PlannedItem;
  readonly record: ExportRecord;
}

type Parts = Omit<OutcomeParts, "planned" | "tookMs">;
/** What the rungs gave is told in any case. */
type OfRungs = Parts & Required<Pick<Parts, "artifacts" | "notes">>;

export async function endSaved(at: Ending, parts: OfRungs): Promise<ExportStep> {
  const captured = await capture(at.run, at.planned);
  if (!captured.ok) {
    const ended = await unlessDeleted(at.run, at.planned.item, captured.failure);
    return end(at, { ...parts, ...ended });
  }
  const { artifacts, loss, notes } = captured.value;
  return end(at, { ...parts, ...joined({ artifacts, loss, notes }, parts) });
}

/** Keeps the failed outcome, with what a rung gave of some layers. */
export async function endFailed(
  at: Ending,
  parts: OfRungs & { readonly failure: Failure },
): Promise<ExportStep> {
  const captured = await capture(at.run, at.planned);
  if (captured.ok) {
    const { artifacts, loss, notes } = captured.value;
    return end(at, { ...parts, ...joined({ artifacts, loss, notes }, parts) });
  }
  const ended = await unlessDeleted(at.run, at.planned.item, captured.failure);
  if (ended.skipped !== undefined) {
    const { failure: _, ...rest } = parts;
    return end(at, { ...rest, ...ended });
  }
  const notes = [...parts.notes, `Its definition was not kept either: ${captured.failure.text}`];
  return end(at, { ...parts, notes });
}

/** The portal or the network did not answer: another round takes the item up again. */
export function endTransient(at: Ending, failure: Failure): Promise<ExportStep> {
  return end(at, { failure });
}

/** What the item's JSON and definition are, then what its data are. */
function joined(
  captured: { readonly artifacts: readonly Artifact[] } & Required<Pick<Parts, "loss" | "notes">>,
  parts: OfRungs,
): Pick<Parts, "artifacts" | "loss" | "notes"> {
  return {
    artifacts: [...captured.artifacts, ...parts.artifacts],
    loss: [...captured.loss, ...(parts.loss ?? [])],
    notes: [...captured.notes, ...parts.notes],
  };
}

/** Milliseconds since the portal was asked are on the worker's clock, which is the one of people. */
async function end({ run, key, planned, record }: Ending, parts: Parts): Promise<ExportStep> {
  const tookMs = Math.max(0, run.deps.now() - record.askedAt);
  await keepOutcome(run.deps, key, outcomeOf({ ...parts, planned, tookMs }));
  return { next: "done" };
}
