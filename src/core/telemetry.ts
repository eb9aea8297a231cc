// What the alerts of a deployment look for: one event per run, one per failed item. Ids, counts and reasons only: neither
// titles nor texts of the portal leave the run's own records.
import type { FailureReason } from "./result.ts";
import type { Counts, RunSummary, StartedBy, Verdict } from "./run.ts";

export interface BackupRunEvent extends Counts {
  readonly name: "BackupRun";
  readonly runId: string;
  readonly profile: string;
  readonly verdict: Verdict;
  /** Bytes of all artifacts. */
  readonly sizeBytes: number;
  /** From the run's opening to its sealing. */
  readonly durationMs: number;
  readonly startedBy: StartedBy;
  /** Nothing was saved, so that the run is no sign of life of the backup. */
  readonly dryRun: boolean;
  /** What ended the run as a whole; null where nothing did. */
  readonly reason: FailureReason | null;
}

export interface BackupItemFailedEvent {
  readonly name: "BackupItemFailed";
  readonly runId: string;
  readonly profile: string;
  readonly itemId: string;
  readonly reason: FailureReason;
}

export type TelemetryEvent = BackupRunEvent | BackupItemFailedEvent;

/** The event of a sealed run. */
export function runEvent(summary: RunSummary): BackupRunEvent {
  const { run, verdict, counts, sizeBytes, finishedAt, failure } = summary;
  const { listed, saved, unchanged, skipped, failed } = counts;
  return {
    name: "BackupRun",
    runId: run.runId,
    profile: run.profile,
    verdict,
    listed,
    saved,
    unchanged,
    skipped,
    failed,
    sizeBytes,
    durationMs: Math.max(0, finishedAt - run.openedAt),
    startedBy: run.startedBy,
    dryRun: run.dryRun === true,
    reason: failure?.reason ?? null,
  };
}

/** The event as the queries read it: its name, a space, and its fields as JSON on one line. */
export function eventLine({ name, ...fields }: TelemetryEvent): string {
  return `${name} ${JSON.stringify(fields)}`;
}

/** How loud the log is about it; a filter by level loses the quiet ones first. */
export function eventLevel(event: TelemetryEvent): "info" | "warn" | "error" {
  if (event.name === "BackupItemFailed") return "warn";
  if (event.verdict === "failed") return "error";
  return event.verdict === "succeeded" ? "info" : "warn";
}
