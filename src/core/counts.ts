// The books of a run: every listed item ends in exactly one state, and the verdict follows from the sums.
import type { OutcomeState } from "./outcome.ts";
import type { Failure } from "./result.ts";
import type { Counts, Verdict } from "./run.ts";

/** The counts of a listing of which nothing is done yet. */
export function startCounts(listed: number): Counts {
  return { listed, saved: 0, unchanged: 0, skipped: 0, failed: 0 };
}

/** The counts with one more item that ended in `state`. */
export function addOutcome(counts: Counts, state: OutcomeState): Counts {
  return { ...counts, [state]: counts[state] + 1 };
}

export interface Balance {
  readonly balanced: boolean;
  /** Items listed without an outcome; negative when outcomes exceed the listing. */
  readonly missing: number;
  /** `412 listed = 316 saved + 0 unchanged + 93 skipped + 3 failed`, with `≠` when it does not add up. */
  readonly text: string;
}

export function balance(counts: Counts): Balance {
  const { listed, saved, unchanged, skipped, failed } = counts;
  const missing = listed - saved - unchanged - skipped - failed;
  return {
    balanced: missing === 0,
    missing,
    text: `${listed} listed ${missing === 0 ? "=" : "≠"} ${saved} saved + ${unchanged} unchanged + ${skipped} skipped + ${failed} failed`,
  };
}

export interface RunEnd {
  readonly counts: Counts;
  /** New losses of saved items. */
  readonly losses: number;
  /** Why the run as a whole failed: sign-in, listing, destination; null when it did not. */
  readonly failure: Failure | null;
  readonly canceled: boolean;
}

/** Books that do not balance fail the run: an item without an outcome is an item that nobody knows about. */
export function verdict({ counts, losses, failure, canceled }: RunEnd): Verdict {
  if (failure !== null) return "failed";
  if (canceled) return "canceled";
  if (!balance(counts).balanced) return "failed";
  return counts.failed > 0 || losses > 0 ? "partial" : "succeeded";
}
