// How one item's work is found in the plan and how its outcome is kept: once, whatever is delivered twice.
import type { PlannedItem, SkipCause } from "../../core/item.ts";
import type { Artifact, Loss, Outcome, OutcomeState } from "../../core/outcome.ts";
import type { LogEvent } from "../../core/log-line.ts";
import type { Rung } from "../../core/ladder.ts";
import type { Failure } from "../../core/result.ts";
import type { ItemLine } from "../../core/run.ts";
import { runPaths } from "../../core/work-paths.ts";
import type { Deps } from "../../deps.ts";
import { firstRecord, readRecord, requireFixed } from "./records.ts";

/** One item of the plan: the part (`d000004`, `h000001`) and the place in it. */
export interface ItemKey {
  readonly runId: string;
  readonly round: number;
  readonly part: string;
  readonly index: number;
}

/** What an item's last step tells the orchestrator: references and counts, no content. */
export type ItemStep =
  | { readonly next: "done"; readonly state: OutcomeState; readonly sizeBytes: number }
  /** The run was canceled; the item has no outcome. */
  | { readonly next: "stop" };

/** A kept outcome: what the item was, how it ended and when (epoch ms). */
export interface KeptOutcome {
  readonly planned: PlannedItem;
  readonly outcome: Outcome;
  readonly finishedAt: number;
}

export async function plannedItem(deps: Deps, key: ItemKey): Promise<PlannedItem> {
  const items = await requireFixed<readonly PlannedItem[]>(
    deps.work,
    runPaths(key.runId).part(key.round, key.part),
  );
  const planned = items[key.index];
  if (planned === undefined)
    throw new RangeError(`Part ${key.part} of ${key.runId} has no item ${key.index}`);
  return planned;
}

/** The step's answer when an earlier delivery finished the item. */
export async function keptOutcome(deps: Deps, key: ItemKey): Promise<ItemStep | undefined> {
  const planned = await plannedItem(deps, key);
  const kept = await readRecord<KeptOutcome>(
    deps.work,
    runPaths(key.runId).outcome(key.round, planned.item.id),
  );
  return kept === undefined ? undefined : step(kept.outcome);
}

/** Keeps an outcome unless one is kept already; answers with the one that counts. */
export async function keepOutcome(deps: Deps, key: ItemKey, outcome: Outcome): Promise<ItemStep> {
  const planned = await plannedItem(deps, key);
  const path = runPaths(key.runId).outcome(key.round, planned.item.id);
  const kept = await firstRecord<KeptOutcome>(deps.work, path, { planned, outcome, finishedAt: deps.now() });
  return step(kept.outcome);
}

export interface OutcomeParts {
  readonly planned: PlannedItem;
  readonly tookMs: number;
  readonly artifacts?: readonly Artifact[];
  readonly loss?: readonly Loss[];
  readonly notes?: readonly string[];
  readonly skipped?: { readonly cause: SkipCause; readonly coveredBy: readonly string[] };
  readonly failure?: Failure;
  readonly rung?: Rung;
}

/** The outcome that the parts amount to: unchanged as the plan says, else failed before skipped before saved. */
export function outcomeOf(parts: OutcomeParts): Outcome {
  const artifacts = parts.artifacts ?? [];
  const base = {
    itemId: parts.planned.item.id,
    strategy: parts.planned.strategy,
    why: parts.planned.why,
    artifacts,
    sizeBytes: artifacts.reduce((sum, artifact) => sum + artifact.sizeBytes, 0),
    tookMs: parts.tookMs,
    notes: parts.notes ?? [],
    ...(parts.rung !== undefined && { rung: parts.rung }),
    ...(parts.planned.knownType ? {} : { unknownType: true as const }),
  };
  const { unchangedSince } = parts.planned;
  if (unchangedSince !== undefined) return { ...base, state: "unchanged", since: unchangedSince };
  if (parts.failure !== undefined) return { ...base, state: "failed", failure: parts.failure };
  if (parts.skipped !== undefined) return { ...base, state: "skipped", ...parts.skipped };
  return { ...base, state: "saved", loss: parts.loss ?? [] };
}

/** The item's line of items.jsonl. */
export function itemLine({ planned, outcome }: KeptOutcome): ItemLine {
  return { item: planned.item, outcome };
}

/** The item's line of Full_log.log. */
export function itemEvent({ planned, outcome, finishedAt }: KeptOutcome): LogEvent {
  const { title, type, owner } = planned.item;
  return {
    at: finishedAt,
    level: outcome.state === "failed" ? "error" : "info",
    topic: "item",
    text: `${outcome.state} "${title}" (${type}, ${owner}): ${detail(outcome)}`,
    itemId: planned.item.id,
  };
}

function detail(outcome: Outcome): string {
  const stored = `${outcome.artifacts.length} artifacts, ${outcome.sizeBytes} bytes, ${outcome.tookMs} ms`;
  const told = [outcome.why, stored, ...outcome.notes];
  if (outcome.state === "saved") told.push(...outcome.loss.map((loss) => `LOSS ${loss.text}`));
  if (outcome.state === "failed") told.push(outcome.failure.text, outcome.failure.next);
  if (outcome.state === "unchanged") told.push(`since ${outcome.since}`);
  if (outcome.state === "skipped") told.push(outcome.cause, ...outcome.coveredBy);
  return told.join("; ");
}

function step(outcome: Outcome): ItemStep {
  return { next: "done", state: outcome.state, sizeBytes: outcome.sizeBytes };
}
