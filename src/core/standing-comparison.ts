// A run held against what stood before it. Decided once and kept with the run, so that a repeated seal tells the same.
import type { ItemLine } from "./run.ts";
import type { FailedRuns, Listing, RunRef, Standing } from "./standing.ts";
import type { Fact } from "./standing-facts.ts";
import { hasNewLoss } from "./standing-loss.ts";
import { type Missing, shrunk } from "./standing-missing.ts";
import type { Capped, Tally } from "./tally.ts";
import { tellItem, type ToldItem } from "./told-item.ts";

/** An item's failures in a row, this run's included. */
export interface Streak {
  readonly runs: number;
  readonly since: RunRef;
  readonly lastCopy: LastCopy | null;
}

export interface LastCopy extends RunRef {
  /** It was saved with a loss. */
  readonly withLoss: boolean;
}

/** Earlier mails of the profile that could not be sent, until one is. */
export interface MailTrouble {
  readonly since: RunRef;
  /** Id of the newest run whose mail was not sent. */
  readonly last: string;
  readonly mails: number;
  readonly text: string;
  readonly next: string;
}

export interface Comparison {
  /** The newest run before this one; null: none is known, so nothing can be called new. */
  readonly before: RunRef | null;
  /** By id, of the failed items that the tally shows. */
  readonly failing: Readonly<Record<string, Streak>>;
  /** Saved items that lack what they did not lack before. */
  readonly newLosses: Capped<ToldItem>;
  /** By id, of the items with a loss that the tally shows: since when; absent when the loss is new. */
  readonly knownLosses: Readonly<Record<string, RunRef>>;
  /** Runs right before this one that failed as a whole. */
  readonly failedRuns: FailedRuns | null;
  readonly lastBackup: RunRef | null;
  readonly missing: Missing | null;
  /** This run listed far less than a run before it. */
  readonly shrunk: { readonly listed: number; readonly usual: Listing } | null;
  readonly mail: MailTrouble | null;
}

const MOST_NEW_LOSSES = 200;

/** The list of new losses with one more item, if its loss is new. */
export function addNewLoss(
  losses: Capped<ToldItem>,
  line: ItemLine,
  fact: Fact,
  standing: Standing | undefined,
): Capped<ToldItem> {
  if (fact.state !== "kept" || !hasNewLoss(fact.marks, standing?.losses[fact.id]?.marks)) return losses;
  return losses.shown.length < MOST_NEW_LOSSES
    ? { shown: [...losses.shown, tellItem(line)], rest: 0 }
    : { shown: losses.shown, rest: losses.rest + 1 };
}

export interface Compared {
  readonly run: RunRef;
  readonly tally: Tally;
  readonly newLosses: Capped<ToldItem>;
  /** Items of the listing; null when the run had none. */
  readonly listed: number | null;
  readonly missing: Missing | null;
  readonly mail: MailTrouble | null;
}

/** The run against what stood; undefined `standing` = nothing did. */
export function compare(standing: Standing | undefined, compared: Compared): Comparison {
  const { run, tally, newLosses, missing, mail } = compared;
  const isNew = new Set(newLosses.shown.map(({ id }) => id));
  const known = tally.withLoss.shown.flatMap(({ id }) => {
    const loss = standing?.losses[id];
    return loss === undefined || isNew.has(id) ? [] : [[id, loss.since] as const];
  });
  return {
    before: standing?.run ?? null,
    failing: streaks(standing, run, tally),
    newLosses,
    knownLosses: Object.fromEntries(known),
    failedRuns: standing?.failedRuns ?? null,
    lastBackup: standing?.lastBackup ?? null,
    missing,
    shrunk: shrunk(standing?.listings ?? [], compared.listed),
    mail,
  };
}

function streaks(standing: Standing | undefined, run: RunRef, { failed }: Tally): Comparison["failing"] {
  const ids = new Set(failed.shown.map(({ id }) => id));
  const copies = new Map<string, RunRef>();
  for (const group of standing?.copies ?? []) {
    for (const id of group.ids) if (ids.has(id) && !copies.has(id)) copies.set(id, group.run);
  }
  const streak = (id: string): Streak => {
    const was = standing?.failing[id];
    const copy = copies.get(id);
    return {
      runs: (was?.runs ?? 0) + 1,
      since: was?.since ?? run,
      lastCopy: copy === undefined ? null : { ...copy, withLoss: standing?.losses[id] !== undefined },
    };
  };
  return Object.fromEntries([...ids].map((id) => [id, streak(id)]));
}
