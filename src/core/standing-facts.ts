// The little that what stands needs of one item of a run: how it ended, in words that outlive the run.
import type { FailureReason } from "./result.ts";
import type { ItemLine } from "./run.ts";
import { type Marks, marksOf } from "./standing-loss.ts";

export type Fact = {
  readonly id: string;
  /** How long its export took, where it was exported, milliseconds. */
  readonly exportMs?: number;
} & (
  | { readonly state: "kept"; readonly marks: Marks }
  | { readonly state: "failed"; readonly reason: FailureReason }
  | { readonly state: "skipped" }
  /** Not selected, unchanged, or the run ended before its turn: what stood of it stands. */
  | { readonly state: "not attempted" }
);

/** What the line says of its item. */
export function factOf({ item, outcome }: ItemLine): Fact {
  const { id } = item;
  const isExport = outcome.strategy.startsWith("export-") && outcome.tookMs > 0;
  const timed = isExport ? { exportMs: Math.round(outcome.tookMs) } : {};
  switch (outcome.state) {
    case "saved":
      return { id, ...timed, state: "kept", marks: marksOf(outcome.loss) };
    case "unchanged":
      // Its newest copy lies in an earlier run.
      return { id, state: "not attempted" };
    case "skipped":
      return { id, state: outcome.cause === "not-selected" ? "not attempted" : "skipped" };
    case "failed": {
      const { reason } = outcome.failure;
      if (reason === "not-reached") return { id, state: "not attempted" };
      // An export that was given up tells how long it takes at least; any other failure may have come at once.
      return { id, ...(reason === "export-timeout" ? timed : {}), state: "failed", reason };
    }
  }
}
