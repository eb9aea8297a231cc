// What stands after a run: pure, from what stood and the facts of the run's items. An item that a run did not attempt keeps
// what stood of it.
import type { Fact } from "./standing-facts.ts";
import {
  type Failing,
  type KnownLoss,
  type Listing,
  LISTINGS_KEPT,
  type RunRef,
  type Standing,
  standingFor,
  type StandingRun,
} from "./standing.ts";

/** Entries kept of each kind; what this run met goes before what it did not. */
const MOST = { failing: 20_000, losses: 20_000, exports: 50_000, copies: 250_000 } as const;

/**
 * What stands after a sealed run; undefined when it is to stay as it is: the run is in it, or a newer one. A run that failed
 * as a whole only counts as such.
 */
export function nextStanding(
  standing: Standing | undefined,
  sealed: StandingRun,
  facts: readonly Fact[],
): Standing | undefined {
  const { run, verdict } = sealed;
  if (standing !== undefined && standing.run.runId !== run.runId && standing.run.at > run.at)
    return undefined;
  if (standing?.run.runId === run.runId) return undefined;
  const before = standingFor(standing, sealed.portal) ?? startStanding(sealed);
  if (verdict === "failed") {
    const { since, runs } = before.failedRuns ?? { since: run, runs: 0 };
    return { ...before, run, failedRuns: { since, runs: runs + 1 } };
  }
  return {
    run,
    portal: sealed.portal ?? before.portal,
    listings: listingsAfter(before, sealed),
    lastBackup: verdict !== "canceled" && sealed.whole ? run : before.lastBackup,
    failedRuns: verdict === "canceled" ? before.failedRuns : null,
    failing: merged(before.failing, facts, MOST.failing, (fact, was) => failingAfter(fact, was, run)),
    losses: merged(before.losses, facts, MOST.losses, (fact, was) => lossAfter(fact, was, run)),
    copies: copiesAfter(before, run, facts),
    exportMs: merged(before.exportMs, facts, MOST.exports, (fact, was) => fact.exportMs ?? was),
  };
}

function startStanding({ run, portal }: StandingRun): Standing {
  return {
    run,
    portal,
    listings: [],
    lastBackup: null,
    failedRuns: null,
    failing: {},
    losses: {},
    copies: [],
    exportMs: {},
  };
}

function listingsAfter({ listings }: Standing, { run, listed }: StandingRun): readonly Listing[] {
  return listed === null ? listings : [{ run, listed }, ...listings].slice(0, LISTINGS_KEPT);
}

function failingAfter(fact: Fact, was: Failing | undefined, run: RunRef): Failing | undefined {
  switch (fact.state) {
    case "failed":
      return { since: was?.since ?? run, runs: (was?.runs ?? 0) + 1, reason: fact.reason };
    case "not attempted":
      return was;
    case "kept":
    case "skipped":
      return undefined;
  }
}

function lossAfter(fact: Fact, was: KnownLoss | undefined, run: RunRef): KnownLoss | undefined {
  switch (fact.state) {
    case "kept":
      return Object.keys(fact.marks).length === 0
        ? undefined
        : { since: was?.since ?? run, marks: fact.marks };
    case "failed":
    case "not attempted":
      return was;
    case "skipped":
      return undefined;
  }
}

/** The record with what each fact makes of its entry; entries of items without a fact stay while there is room. */
function merged<T>(
  before: Readonly<Record<string, T>>,
  facts: readonly Fact[],
  most: number,
  after: (fact: Fact, was: T | undefined) => T | undefined,
): Readonly<Record<string, T>> {
  const entries = new Map<string, T>();
  const met = new Set<string>();
  for (const fact of facts) {
    met.add(fact.id);
    const next = after(fact, before[fact.id]);
    if (next !== undefined && entries.size < most) entries.set(fact.id, next);
  }
  for (const [id, entry] of Object.entries(before)) {
    if (entries.size >= most) break;
    if (!met.has(id)) entries.set(id, entry);
  }
  return Object.fromEntries(entries);
}

function copiesAfter({ copies }: Standing, run: RunRef, facts: readonly Fact[]): Standing["copies"] {
  const fresh = new Set(facts.flatMap(({ id, state }) => (state === "kept" ? [id] : [])));
  const groups = [
    { run, ids: [...fresh] },
    ...copies.map((group) => ({ run: group.run, ids: group.ids.filter((id) => !fresh.has(id)) })),
  ];
  let room: number = MOST.copies;
  return groups.flatMap((group) => {
    const ids = group.ids.slice(0, room);
    room -= ids.length;
    return ids.length === 0 ? [] : [{ run: group.run, ids }];
  });
}
