// What the second and third round of a run take up again: what failed for a passing reason, and views whose data turned
// out not to be saved by anything else.
import type { PlannedItem } from "./item.ts";
import type { Outcome } from "./outcome.ts";
import { laneOf } from "./plan.ts";

/** A planned item with its outcome so far. */
export interface RoundEntry {
  readonly planned: PlannedItem;
  readonly outcome: Outcome;
}

/**
 * Round 2 takes failed(transient) once more. Round 3 captures each skipped view whose sources are unknown or not all saved or
 * unchanged in this run. Any other round is empty.
 */
export function planRound(round: number, entries: readonly RoundEntry[]): readonly PlannedItem[] {
  switch (round) {
    case 2:
      return entries.filter(({ outcome }) => isTransient(outcome)).map(({ planned }) => planned);
    case 3:
      return uncovered(entries);
    default:
      return [];
  }
}

/** True while a later round than this one may take the item up again: its outcome is no final one yet. */
export function isUnsettled(round: number, outcome: Outcome): boolean {
  if (round === 1 && isTransient(outcome)) return true;
  return round < 3 && isSkippedView(outcome);
}

function isTransient(outcome: Outcome): boolean {
  return outcome.state === "failed" && outcome.failure.reason === "transient";
}

function uncovered(entries: readonly RoundEntry[]): readonly PlannedItem[] {
  const safe = new Set(
    entries
      .filter(({ outcome }) => outcome.state === "saved" || outcome.state === "unchanged")
      .map(({ planned }) => planned.item.id),
  );
  return entries.flatMap(({ planned, outcome }) => {
    if (!isSkippedView(outcome)) return [];
    const missing = outcome.coveredBy.filter((id) => !safe.has(id));
    if (outcome.coveredBy.length > 0 && missing.length === 0) return [];
    return [captured(planned, missing)];
  });
}

function isSkippedView(outcome: Outcome): outcome is Extract<Outcome, { readonly state: "skipped" }> {
  return outcome.state === "skipped" && outcome.cause === "view-of-saved-layer";
}

function captured(planned: PlannedItem, missing: readonly string[]): PlannedItem {
  const { cause: _, ...kept } = planned;
  const why =
    missing.length === 0
      ? "View whose source is not known: its own data are exported"
      : `View of ${missing.slice(0, 3).join(", ")}${missing.length > 3 ? " and others" : ""}, not saved in this run: its own data are exported`;
  return { ...kept, strategy: "export-fgdb", why, lane: laneOf("export-fgdb", planned.item.size) };
}
