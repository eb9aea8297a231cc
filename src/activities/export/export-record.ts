// The record of one export job: the intent before the portal is asked, then what the portal called it. Survives any crash,
// so that a repeated start adopts the job instead of starting another.
import type { ExportItemLook } from "../../core/export-job.ts";
import { exportTitle } from "../../core/export-title.ts";
import { shortHash } from "../../core/short-hash.ts";
import { runPaths } from "../../core/work-paths.ts";
import type { Deps } from "../../deps.ts";
import type { Run, RunAtWork } from "../run/context.ts";
import { type ItemKey, plannedItem } from "../run/items.ts";
import { readRecord, writeRecord } from "../run/records.ts";
import type { LayerCounts } from "./layer-counts.ts";

export interface ExportRecord {
  readonly itemId: string;
  /** Title of the exported item, for the status page. */
  readonly itemTitle: string;
  /** Our title of the temporary item. */
  readonly title: string;
  /** Whose content may get the temporary item: the caller, the owner (portals differ). */
  readonly users: readonly string[];
  /** The orchestration's clock when the export was asked for, epoch ms. */
  readonly startedAt: number;
  /** The worker's clock at the same moment, for people: a local host's orchestrations may run on a scaled clock. */
  readonly askedAt: number;
  readonly before: readonly LayerCounts[];
  /** Absent while the start is only intended. */
  readonly job?: { readonly exportItemId: string; readonly jobId: string; readonly owner: string };
  readonly looks: number;
  readonly previous: ExportItemLook | null;
  /** The portal said completed at the last look. */
  readonly saidCompleted: boolean;
  /** How often the file was fetched and was no whole zip. */
  readonly tries: number;
  readonly tried: { readonly sizeBytes: number; readonly looksAgo: number } | null;
  /** It has outlasted the profile's timeout, and its lane does other work. */
  readonly parked: boolean;
  /** The temporary item is gone. */
  readonly deleted: boolean;
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
 * The title of this run's export of an item; one attempt per round. It names the profile too: two profiles may start in the
 * same second, and neither may adopt the other's export.
 */
export function titleOf(run: Run, key: ItemKey, itemId: string): string {
  return exportTitle({
    itemId,
    attempt: `fgdb-${key.round}-${shortHash(run.record.profile)}`,
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
  if (record === undefined || record.deleted) return;
  const run = { work: deps.work, paths: runPaths(key.runId) };
  await writeExport(run, key.round, { ...record, parked: true });
}

/** Metadata tells the status page what is at work without reading the record. */
export async function writeExport(run: Pick<Run, "work" | "paths">, round: number, record: ExportRecord) {
  await writeRecord(run.work, run.paths.exportJob(round, record.itemId), record, {
    state: record.deleted ? "ended" : "running",
    parked: String(record.parked),
    title: encodeURIComponent(record.itemTitle.slice(0, 100).toWellFormed()),
    since: String(record.askedAt),
    item: record.itemId,
  });
}

/**
 * Looks for a temporary item by its title in the content of each user that may have got it, root folder only: an export
 * lands there. Never by search, whose index lags.
 */
export async function findExport(
  run: RunAtWork,
  record: Pick<ExportRecord, "users" | "title">,
): Promise<{ readonly found?: { readonly id: string; readonly owner: string }; readonly certain: boolean }> {
  let certain = true;
  for (const user of record.users) {
    for (let start = 1; start > 0;) {
      const page = await run.portal.content(user, null, start);
      if (!page.ok) {
        certain = false;
        break;
      }
      const match = page.value.entries.find((entry) => entry.title === record.title);
      if (match !== undefined) return { found: { id: match.id, owner: match.owner }, certain: true };
      start = page.value.entries.length === 0 ? -1 : page.value.nextStart;
    }
  }
  return { certain };
}
