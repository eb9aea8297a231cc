// The little that the report keeps of one item: a line of items.jsonl may hold a thousand entries, this never does.
import type { Rung } from "./ladder.ts";
import type { Loss } from "./outcome.ts";
import type { Failure } from "./result.ts";
import type { ItemLine } from "./run.ts";

export interface ToldItem {
  readonly id: string;
  readonly title: string;
  readonly type: string;
  readonly owner: string;
  readonly sizeBytes: number;
  readonly tookMs: number;
  readonly artifacts: number;
  /** Of the first artifact, relative to the run folder; null when nothing is stored. */
  readonly path: string | null;
  readonly loss: readonly Loss[];
  readonly lossRest: number;
  readonly notes: readonly string[];
  readonly failure: Failure | null;
  /** The rung that its data came from; null for what is no hosted layer. */
  readonly rung: Rung | null;
}

const MOST_TEXTS = 10;

/** What is told of one line; at most ten losses and ten notes. */
export function tellItem({ item, outcome }: ItemLine): ToldItem {
  const loss = outcome.state === "saved" ? outcome.loss : [];
  return {
    id: item.id,
    title: item.title,
    type: item.type,
    owner: item.owner,
    sizeBytes: outcome.sizeBytes,
    tookMs: outcome.tookMs,
    artifacts: outcome.artifacts.length,
    path: outcome.artifacts[0]?.path ?? null,
    loss: loss.slice(0, MOST_TEXTS),
    lossRest: Math.max(0, loss.length - MOST_TEXTS),
    notes: outcome.notes.slice(0, MOST_TEXTS),
    failure: outcome.state === "failed" ? outcome.failure : null,
    rung: outcome.rung ?? null,
  };
}
