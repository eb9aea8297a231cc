// The record of an item's export: the rungs that were tried, the one that is under way, and every temporary item that it
// made. Each intent is written before the portal is asked, so that a repeated step adopts what an earlier one began.
import type { ExportItemLook } from "../../core/export-job.ts";
import { exportTitle } from "../../core/export-title.ts";
import type { LadderLayer, Rung } from "../../core/ladder.ts";
import { attemptCode } from "../../core/ladder-files.ts";
import type { TriedWith } from "../../core/ladder-outcome.ts";
import type { Artifact } from "../../core/outcome.ts";
import { shortHash } from "../../core/short-hash.ts";
import { runPaths } from "../../core/work-paths.ts";
import type { Deps } from "../../deps.ts";
import type { Run } from "../run/context.ts";
import { type ItemKey, plannedItem } from "../run/items.ts";
import { changeRecord, readRecord } from "../run/records.ts";
import { joinRecords } from "./join-records.ts";
import type { LayerCounts } from "./layer-counts.ts";
import type { RowsCursor } from "./rows-cursor.ts";

/** What the portal or the service works on for a rung. */
export type Job =
  | { readonly kind: "item"; readonly exportItemId: string; readonly jobId: string; readonly owner: string }
  | { readonly kind: "replica"; readonly statusUrl?: string; readonly resultUrl?: string }
  | { readonly kind: "rows"; readonly cursor: RowsCursor }
  | { readonly kind: "tiles"; readonly jobId: string };

/** A tile layer whose export was switched on. */
export interface SwitchedOn {
  readonly serviceUrl: string;
  /** The service's values before. */
  readonly was: { readonly exportTilesAllowed: boolean; readonly maxExportTilesCount: number };
  readonly restored: boolean;
}

/** The rung that is under way. */
export interface Attempt {
  readonly rung: Rung;
  /** Layers that are asked for; all of them unless the rung is for some. */
  readonly layers: readonly number[];
  /** The orchestration's clock when it was asked for, epoch ms. */
  readonly startedAt: number;
  /** Absent while the start is only intended. */
  readonly job?: Job;
  readonly looks: number;
  readonly previous: ExportItemLook | null;
  /** The portal said completed at the last look. */
  readonly saidCompleted: boolean;
  /** How often the file was fetched and was no whole file. */
  readonly tries: number;
  readonly tried: { readonly sizeBytes: number; readonly looksAgo: number } | null;
}

/** A rung that has ended. */
export interface Tried extends TriedWith {
  readonly artifacts: readonly Artifact[];
  readonly notes: readonly string[];
}

/** An item that an export makes in somebody's content and that is to be deleted again. */
export interface TemporaryItem {
  readonly title: string;
  /** Whose content may get it: the caller, the owner (portals differ). */
  readonly users: readonly string[];
  /** Absent while nobody has seen it. */
  readonly item?: { readonly id: string; readonly owner: string };
  readonly deleted: boolean;
}

export interface ExportRecord {
  readonly itemId: string;
  /** Title of the exported item, for the status page. */
  readonly itemTitle: string;
  /** The orchestration's clock when the first rung was asked for, epoch ms. */
  readonly startedAt: number;
  /** The worker's clock at the same moment, for people: a local host's orchestrations may run on a scaled clock. */
  readonly askedAt: number;
  /** Empty = not known. */
  readonly layers: readonly LadderLayer[];
  readonly before: readonly LayerCounts[];
  readonly tried: readonly Tried[];
  /** Absent between two rungs. */
  readonly now?: Attempt;
  readonly temporary: readonly TemporaryItem[];
  /** Absent while no switch was touched. */
  readonly switched?: SwitchedOn;
  /** It has outlasted the profile's timeout, and its lane does other work. */
  readonly parked: boolean;
  /** Nothing is under way any more. */
  readonly ended: boolean;
}

/** Answer of an export's steps to the lane. */
export type ExportStep =
  /** `overdue`: it has outlasted the profile's timeout. */
  | { readonly next: "wait"; readonly seconds: number; readonly overdue: boolean }
  /** `isSure`: the portal says completed, so that the lane may begin with its next export. */
  | { readonly next: "save"; readonly isSure: boolean }
  | { readonly next: "done" }
  /** The run was canceled. */
  | { readonly next: "stop" };

/** An item's key with the orchestration's clock, epoch ms. */
export interface ExportKey extends ItemKey {
  readonly at: number;
}

/**
 * The title of this run's temporary item for a rung; one attempt per round. It names the profile too: two profiles may start
 * in the same second, and neither may adopt the other's export.
 */
export function titleOf(
  run: Run,
  key: ItemKey,
  itemId: string,
  attempt: Pick<Attempt, "rung" | "layers">,
): string {
  return exportTitle({
    itemId,
    attempt: `${attemptCode(attempt.rung, attempt.layers)}-${key.round}-${shortHash(run.record.profile)}`,
    at: run.record.startedAt,
  });
}

export function readExport(deps: Deps, key: ItemKey, itemId: string): Promise<ExportRecord | undefined> {
  return readRecord<ExportRecord>(deps.work, runPaths(key.runId).exportJob(key.round, itemId));
}

/** Notes that no lane waits for this export now; a repeated claim may come when it goes on already. */
export async function markParked(deps: Deps, key: ItemKey): Promise<void> {
  const planned = await plannedItem(deps, key);
  const record = await readExport(deps, key, planned.item.id);
  if (record === undefined || record.ended) return;
  const run = { work: deps.work, paths: runPaths(key.runId) };
  await writeExport(run, key.round, { ...record, parked: true });
}

/** Writes the record together with what another delivery has written; metadata tell the status page what is at work. */
export async function writeExport(run: Pick<Run, "work" | "paths">, round: number, record: ExportRecord) {
  await changeRecord<ExportRecord>(
    run.work,
    run.paths.exportJob(round, record.itemId),
    (current) => (current === undefined ? record : joinRecords(current, record)),
    (written) => ({
      state: written.ended ? "ended" : "running",
      parked: String(written.parked),
      title: encodeURIComponent(written.itemTitle.slice(0, 100).toWellFormed()),
      since: String(written.askedAt),
      item: written.itemId,
    }),
  );
}
