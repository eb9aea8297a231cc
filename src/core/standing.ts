// What stands from run to run of a profile: items that keep failing, known losses, last good copies, durations of exports.
// One JSON record, written at the end of each run; an item that a run did not attempt keeps what stood of it.
import type { FailureReason } from "./result.ts";
import type { PortalSummary, Verdict } from "./run.ts";
import type { Marks } from "./standing-loss.ts";

export interface RunRef {
  readonly runId: string;
  /** When the run opened, epoch milliseconds. */
  readonly at: number;
}

export interface Failing {
  /** The first of the failures in a row. */
  readonly since: RunRef;
  readonly runs: number;
  readonly reason: FailureReason;
}

export interface KnownLoss {
  /** The first of the runs in a row that saved the item with a loss. */
  readonly since: RunRef;
  readonly marks: Marks;
}

/** A run that failed as a whole, and those right before it. */
export interface FailedRuns {
  readonly since: RunRef;
  readonly runs: number;
}

/** How much a run listed. */
export interface Listing {
  readonly run: RunRef;
  readonly listed: number;
}

/** `state/{profile}.standing.json`. Keys of the records are item ids. */
export interface Standing {
  /** The newest run that is in it: a repeated seal finds its own run and changes nothing. */
  readonly run: RunRef;
  /** Which portal; another one starts anew. null: no run has reached one. */
  readonly portal: string | null;
  /** Listings of the last runs that had one, the newest first, at most LISTINGS_KEPT. */
  readonly listings: readonly Listing[];
  /** The last run that ended as succeeded or partial over everything that the profile takes. */
  readonly lastBackup: RunRef | null;
  readonly failedRuns: FailedRuns | null;
  readonly failing: Readonly<Record<string, Failing>>;
  readonly losses: Readonly<Record<string, KnownLoss>>;
  /** Each item once, with the run that holds its newest copy; the newest run first. */
  readonly copies: readonly { readonly run: RunRef; readonly ids: readonly string[] }[];
  /** How long the export of an item took when it was exported last, milliseconds. */
  readonly exportMs: Readonly<Record<string, number>>;
}

export const LISTINGS_KEPT = 7;
/** What the standing needs to know of a sealed run. */
export interface StandingRun {
  readonly run: RunRef;
  readonly verdict: Verdict;
  readonly portal: string | null;
  /** Items of the listing; null when the run had none. */
  readonly listed: number | null;
  /** It took everything that the profile takes. */
  readonly whole: boolean;
}

/** The same for the same portal, whatever its address on the day; all Enterprise portals share one id. */
export function portalKey({ id, kind, base }: PortalSummary): string {
  return kind === "online" ? id : `${id} ${base}`;
}

/** What stood before a run against this portal; undefined when it was another one's. */
export function standingFor(standing: Standing | undefined, portal: string | null): Standing | undefined {
  if (standing === undefined || portal === null || standing.portal === null) return standing;
  return standing.portal === portal ? standing : undefined;
}
