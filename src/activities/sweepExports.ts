// The last look at temporary exports before sealing: deletes what is left of this run's, reports what is not ours.
import { parseExportTitle } from "../core/export-title.ts";
import type { PlannedItem } from "../core/item.ts";
import type { LeftBehind } from "../core/run.ts";
import type { Deps } from "../deps.ts";
import type { ExportRecord } from "./export/export-record.ts";
import { removeExport } from "./export/remove.ts";
import { type RunAtWork, readRunAtWork } from "./run/context.ts";
import { finalOutcomes } from "./run/done.ts";
import { logStep } from "./run/log.ts";
import { listRecords, requireRecord, writeRecord } from "./run/records.ts";

export async function sweepExports(
  input: { readonly runId: string },
  deps: Deps,
): Promise<{ readonly left: number }> {
  const opened = await readRunAtWork(deps, input.runId);
  if (!opened.ok) return { left: 0 };
  const run = opened.value;
  const left = [...(await sweepOwn(run)), ...(await temporaryItems(run))];
  await writeRecord(run.work, run.paths.leftBehind, left);
  await logStep(
    run,
    "8-sweep",
    left.map((entry) => ({
      at: deps.now(),
      level: entry.ours ? ("warn" as const) : ("info" as const),
      topic: "sweep",
      text: `Left at the portal: "${entry.title}" (${entry.owner}): ${entry.text}`,
      itemId: entry.id,
    })),
  );
  return { left: left.length };
}

/** Exports of this run that its lanes could not delete. */
async function sweepOwn(run: RunAtWork): Promise<readonly LeftBehind[]> {
  const left: LeftBehind[] = [];
  for await (const blob of listRecords(run.work, run.paths.exports)) {
    const record = await requireRecord<ExportRecord>(run.work, blob.path);
    const round = Number(/-(\d+)\.json$/.exec(blob.path)?.[1]);
    const removed = await removeExport(run, round, record);
    if (removed.ok) continue;
    left.push({
      id: record.job?.exportItemId ?? "",
      title: record.title,
      owner: record.job?.owner ?? run.self.username,
      ours: true,
      text: removed.failure.text,
    });
  }
  return left;
}

/** Temporary items that the listing found: of older runs, or of other products, which are never touched. */
async function temporaryItems(run: RunAtWork): Promise<readonly LeftBehind[]> {
  const left: LeftBehind[] = [];
  for await (const { planned } of finalOutcomes(run)) {
    if (planned.cause === "own-temporary-export" || planned.cause === "foreign-temporary-export") {
      left.push(told(planned));
    }
  }
  return left;
}

function told({ item, cause }: PlannedItem): LeftBehind {
  const ours = cause === "own-temporary-export";
  const run = ours ? parseExportTitle(item.title) : undefined;
  const text =
    run === undefined
      ? "Temporary export that is not of this product; delete it if nothing uses it"
      : `Left by the run of ${new Date(run.at).toISOString()}`;
  return { id: item.id, title: item.title, owner: item.owner, ours, text };
}
