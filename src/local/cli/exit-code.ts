// What the process tells to scripts.
import type { Verdict } from "../../core/run.ts";

export const EXIT = { succeeded: 0, failed: 1, badInput: 2, partial: 3, interrupted: 130 } as const;

/** Exit code of a run with this verdict. */
export function exitCodeOf(verdict: Verdict): number {
  switch (verdict) {
    case "succeeded":
      return EXIT.succeeded;
    case "partial":
      return EXIT.partial;
    case "failed":
    case "canceled":
      return EXIT.failed;
  }
}
