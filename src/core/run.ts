// The records of a run: what is opened, counted, asked for while it goes on, and sealed at its end.
import type { DependencyCounts } from "./dependency-graph.ts";
import type { ListedItem } from "./item.ts";
import type { OrganisationKept } from "./organisation.ts";
import type { Outcome } from "./outcome.ts";
import type { Failure } from "./result.ts";
import type { Taken } from "./select.ts";
import type { Comparison } from "./standing-comparison.ts";

export type Verdict = "succeeded" | "partial" | "failed" | "canceled";

/** Verdicts that a profile may have mailed. */
export const MAIL_ON = ["succeeded", "partial", "failed", "canceled"] as const satisfies readonly Verdict[];

/** listed = saved + unchanged + skipped + failed, or the run is not sealed as succeeded. */
export interface Counts {
  readonly listed: number;
  readonly saved: number;
  readonly unchanged: number;
  readonly skipped: number;
  readonly failed: number;
}

export type StartedBy = "http" | "timer" | "command-line";

/** `work/runs/{runId}/run.json`, created once when the run opens. */
export interface RunRecord extends Taken {
  /** `{profile}-{yyyyMMddTHHmmssZ}` */
  readonly runId: string;
  readonly profile: string;
  /** The run's folder in its destination: `{prefix}_{yyyyMMddTHHmmssZ}`. */
  readonly folder: string;
  /** Name of the container, or absolute path of the folder, that the run's folder lies in. */
  readonly container: string;
  /** As the profile has it. */
  readonly portalUrl: string;
  /** The moment in the run's id, epoch milliseconds; for a nightly run the occurrence that was due. */
  readonly startedAt: number;
  /** When the run really began, epoch milliseconds: a missed occurrence is caught up later. */
  readonly openedAt: number;
  readonly startedBy: StartedBy;
  readonly appVersion: string;
  /** Only the plan is made: nothing is saved, no folder is taken. */
  readonly dryRun?: true;
  /** It takes only what changed in so many days before its start, and six hours; absent = everything. */
  readonly changedWithinDays?: number;
}

/** What portals/self told, for the report and the manifest. */
export interface PortalSummary {
  readonly id: string;
  readonly name: string;
  readonly base: string;
  readonly kind: "online" | "enterprise";
  readonly version: string;
  readonly username: string;
  /** False: the account sees its own items only, and the report says so. */
  readonly seesAllItems: boolean;
}

/** An item that one listing had and the other had not, read again by id. */
export interface ListingDifference {
  readonly id: string;
  readonly title: string;
  readonly type: string;
  readonly owner: string;
  readonly onlyIn: "walk" | "search";
  /** `new`: made while the listing went on; `deleted`: gone since; `hidden`: exists, but the search leaves it out. */
  readonly label: "new" | "deleted" | "hidden from search" | "no access" | "not told";
}

/** The walk against the organisation's own count. */
export interface Books {
  /** The search was the listing, and the walk only counted. */
  readonly search?: "quick";
  /** Items that the walk found; with a quick search those that the members' content counts, 0 = not counted. */
  readonly walked: number;
  /** `total` of the organisation's search; null when the search failed (then the reason is in `notes`). */
  readonly searchTotal: number | null;
  readonly searchListed: number;
  readonly differences: readonly ListingDifference[];
  /** Members whose content could not be listed in full, with what happened: the run is partial then. */
  readonly unlisted: readonly { readonly username: string; readonly text: string }[];
  readonly notes: readonly string[];
}

/** One line of items.jsonl: what the item was, and its one outcome. */
export interface ItemLine {
  readonly item: ListedItem;
  readonly outcome: Outcome;
}

/** A temporary export of this run that could not be deleted, or one that others left. */
export interface LeftBehind {
  readonly id: string;
  readonly title: string;
  readonly owner: string;
  readonly ours: boolean;
  readonly text: string;
}

/** Everything that is known of a run when it is sealed, apart from its items. */
export interface RunSummary {
  readonly run: RunRecord;
  /** The profile's display name of the organisation, or the portal's. */
  readonly organisation: string;
  readonly portal: PortalSummary | null;
  readonly verdict: Verdict;
  readonly finishedAt: number;
  readonly counts: Counts;
  readonly books: Books | null;
  readonly leftBehind: readonly LeftBehind[];
  /** Temporary exports of earlier runs that this one removed. */
  readonly sweptExports: number;
  /** Set when the run as a whole failed: sign-in, listing, destination. */
  readonly failure: Failure | null;
  /** Bytes of all artifacts. */
  readonly sizeBytes: number;
  /** Requests that the portal was asked, as far as the workers could count them. */
  readonly portalRequests: number;
  /** The run held against those before it; null where nothing is compared, as in a dry run. */
  readonly compared: Comparison | null;
  /** Members, groups and roles beside the items; absent where the run did not get to them. */
  readonly organisationKept?: OrganisationKept;
  /** Absent unless the profile asks which items use which. */
  readonly dependencies?: DependencyCounts;
}

export interface ExportAtWork {
  readonly itemId: string;
  readonly title: string;
  /** Epoch milliseconds at which the portal was asked for it. */
  readonly sinceMs: number;
  /** It has lasted longer than the profile's timeout; its lane does other work meanwhile. */
  readonly parked: boolean;
}

/** An item that a lane works on now. */
export interface ItemAtWork {
  readonly itemId: string;
  readonly title: string;
  /** Epoch milliseconds. */
  readonly sinceMs: number;
}

export const PHASES = ["opening", "listing", "planning", "saving", "sweeping", "sealing", "sealed"] as const;
export type Phase = (typeof PHASES)[number];

/** The answer of `GET /api/backups/{id}`; never goes backwards while a run goes on. */
export interface RunStatus {
  readonly id: string;
  readonly profile: string;
  readonly phase: Phase;
  /** null until sealed. */
  readonly verdict: Verdict | null;
  readonly startedAt: number;
  readonly finishedAt: number | null;
  /** While it runs: what no later round changes any more, with `listed` 0 until the plan is made. */
  readonly counts: Counts;
  /** Items that had their turn and may get another one, so that their outcome is not counted yet. */
  readonly unsettled: number;
  readonly sizeBytes: number;
  readonly startedBy: StartedBy;
  readonly dryRun: boolean;
  /** Somebody asked to cancel it; it ends as canceled. */
  readonly cancelRequested: boolean;
  readonly itemsAtWork: readonly ItemAtWork[];
  readonly exportsAtWork: readonly ExportAtWork[];
  /** Items finished per minute so far; null while too little is known. */
  readonly itemsPerMinute: number | null;
  /** Requests that the portal was asked so far, as far as the workers have told. */
  readonly portalRequests: number;
  /** Epoch milliseconds at which it may end; null while too little is known. */
  readonly expectedEnd: number | null;
  readonly folder: string;
  readonly container: string;
  readonly failure: Failure | null;
  /** Why the mail of the run could not be sent. */
  readonly mailTrouble: Failure | null;
}
