// What the second and third round of a run take up again: what failed for a passing reason, and skipped items whose data
// turned out not to be saved by anything else.
import { itemTypeOf } from "./item-types.ts";
import { type CoveringCause, type PlannedItem, isCovering } from "./item.ts";
import type { Outcome } from "./outcome.ts";
import { laneOf } from "./plan.ts";
import { BY_ITSELF, serviceRule } from "./service-rules.ts";

/** A planned item with its outcome so far. */
export interface RoundEntry {
  readonly planned: PlannedItem;
  readonly outcome: Outcome;
}

type Covered = Extract<Outcome, { readonly state: "skipped" }> & { readonly cause: CoveringCause };

/**
 * Round 2 takes failed(transient) once more. Round 3 captures each skipped view, copy or packaged layer whose covering items
 * are unknown or not all saved or unchanged in this run. Any other round is empty.
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
  return round < 3 && isCovered(outcome);
}

function isTransient(outcome: Outcome): boolean {
  return outcome.state === "failed" && outcome.failure.reason === "transient";
}

function isCovered(outcome: Outcome): outcome is Covered {
  return outcome.state === "skipped" && isCovering(outcome.cause);
}

interface CoveredEntry {
  readonly planned: PlannedItem;
  readonly outcome: Covered;
}

function uncovered(entries: readonly RoundEntry[]): readonly PlannedItem[] {
  const safe = new Set<string>();
  const covered: CoveredEntry[] = [];
  for (const { planned, outcome } of entries) {
    if (outcome.state === "saved" || outcome.state === "unchanged") safe.add(planned.item.id);
    else if (isCovered(outcome)) covered.push({ planned, outcome });
  }
  settle(covered, safe);
  // What has an export of its own gets it now, and what rests on that item is told with it: if the export fails too, the
  // report names the item that lacks its data.
  const open = covered.filter(({ planned }) => !safe.has(planned.item.id));
  const again = new Map(open.map((entry) => [entry.planned.item.id, captured(entry, safe)]));
  for (const [id, planned] of again) if (planned.strategy !== "skip-reference") safe.add(id);
  settle(open, safe);
  return [...again].flatMap(([id, planned]) =>
    planned.strategy === "skip-reference" && safe.has(id) ? [] : [planned],
  );
}

/** Adds to `safe` what is covered by it, also through another covered item: a copy of a layer whose package is saved. */
function settle(covered: readonly CoveredEntry[], safe: Set<string>): void {
  for (let before = -1; before !== safe.size;) {
    before = safe.size;
    for (const { planned, outcome } of covered) {
      const { coveredBy } = outcome;
      if (coveredBy.length > 0 && coveredBy.every((id) => safe.has(id))) safe.add(planned.item.id);
    }
  }
}

/**
 * The item by its own means: the export that fits it, or, for one that has none, a reference without a cause, which saveItem
 * tells as failed.
 */
function captured({ planned, outcome }: CoveredEntry, safe: ReadonlySet<string>): PlannedItem {
  const { cause: _, coveredBy: __, ...kept } = planned;
  const choice = serviceRule(planned.item, itemTypeOf(planned.item.type), BY_ITSELF);
  const missing = outcome.coveredBy.filter((id) => !safe.has(id));
  const named = `${missing.slice(0, 3).join(", ")}${missing.length > 3 ? " and others" : ""}`;
  const what = WHAT[outcome.cause];
  if (choice === undefined || choice.cause !== undefined) {
    const why = `${what} ${named || "an item that is not known"}, not saved in this run, and without an export of its own`;
    return { ...kept, strategy: "skip-reference", why, lane: "direct", coveredBy: missing };
  }
  const why =
    missing.length === 0
      ? "View whose source is not known: its own data are exported"
      : `${what} ${named}, not saved in this run: its own data are exported`;
  return { ...kept, strategy: choice.strategy, why, lane: laneOf(choice.strategy, planned.item.size) };
}

const WHAT: Readonly<Record<CoveringCause, string>> = {
  "view-of-saved-layer": "View of",
  "copy-of-saved-layer": "Copy of",
  "package-saved": "Layer published from",
};
