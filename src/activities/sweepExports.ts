// The last look at temporary exports before sealing: deletes what is left of this run's and of runs long ago, reports what
// is not ours.
import { isOurs, looksTemporary, parseExportTitle } from "../core/export-title.ts";
import type { ListedItem } from "../core/item.ts";
import { listedItem } from "../core/listing.ts";
import type { LeftBehind } from "../core/run.ts";
import type { Deps } from "../deps.ts";
import type { ExportRecord } from "./export/export-record.ts";
import { cleanUp } from "./export/clean-up.ts";
import { type RunAtWork, readRunAtWork } from "./run/context.ts";
import { finalOutcomes } from "./run/done.ts";
import { logStep } from "./run/log.ts";
import { listRecords, requireRecord, writeRecord } from "./run/records.ts";

/** `left-behind.json`. */
export interface Swept {
  readonly left: readonly LeftBehind[];
  /** Titles of temporary exports of earlier runs that were removed. */
  readonly removed: readonly string[];
}

/** Leftovers of earlier runs are removed when they are older: another run may still be at work on a younger one. */
const LEFTOVER_AGE_MS = 72 * 3_600_000;

export async function sweepExports(
  input: { readonly runId: string },
  deps: Deps,
): Promise<{ readonly left: number }> {
  const opened = await readRunAtWork(deps, input.runId);
  if (!opened.ok) return { left: 0 };
  const run = opened.value;
  const own = await sweepOwn(run);
  const earlier = await sweepEarlier(run);
  const left = [...own, ...earlier.left];
  await writeRecord(run.work, run.paths.leftBehind, { left, removed: earlier.removed } satisfies Swept);
  await logStep(run, "8-sweep", [
    ...earlier.removed.map((title) => ({
      at: deps.now(),
      level: "info" as const,
      topic: "sweep",
      text: `Removed a temporary export of an earlier run: "${title}"`,
    })),
    ...left.map((entry) => ({
      at: deps.now(),
      level: entry.ours ? ("warn" as const) : ("info" as const),
      topic: "sweep",
      text: `Left at the portal: "${entry.title}" (${entry.owner}): ${entry.text}`,
      itemId: entry.id,
    })),
  ]);
  return { left: left.length };
}

/** Exports of this run that its lanes could not delete. */
async function sweepOwn(run: RunAtWork): Promise<readonly LeftBehind[]> {
  const left: LeftBehind[] = [];
  for await (const blob of listRecords(run.work, run.paths.exports)) {
    const record = await requireRecord<ExportRecord>(run.work, blob.path);
    const round = Number(/-(\d+)\.json$/.exec(blob.path)?.[1]);
    const swept = await cleanUp(run, round, record);
    left.push(...swept.left.map((each) => ({ ...each, ours: true })));
  }
  return left;
}

/** Temporary items that the listing found: of earlier runs, or of other products, which are never touched. */
async function sweepEarlier(run: RunAtWork): Promise<Swept> {
  const left: LeftBehind[] = [];
  const removed: string[] = [];
  for await (const { planned } of finalOutcomes(run)) {
    const { item } = planned;
    if (!looksTemporary(item.title)) continue;
    if (!isOurs(item)) {
      if (planned.cause === "foreign-temporary-export") left.push(told(item, false, OF_OTHERS));
      continue;
    }
    const since = new Date(parseExportTitle(item.title)?.at ?? 0).toISOString();
    const swept = await sweepLeftover(run, item);
    if (swept === "removed") removed.push(item.title);
    else if (swept !== "gone") left.push(told(item, true, `Left by the run of ${since}${swept}`));
  }
  return { left, removed };
}

const OF_OTHERS = "Temporary export that is not of this product; delete it if nothing uses it";

/** Deletes one that is old enough and that is still ours when it is read again; else why it stays. */
async function sweepLeftover(run: RunAtWork, item: ListedItem): Promise<string> {
  const at = parseExportTitle(item.title)?.at;
  if (at === undefined || run.record.openedAt - at < LEFTOVER_AGE_MS) {
    return "; it is removed when it is older than 72 hours";
  }
  const now = await run.portal.item(item.id);
  if (!now.ok) return now.failure.reason === "not-found" ? "gone" : `: ${now.failure.text}`;
  const again = listedItem(now.value.value, { folder: item.folder, found: item.found });
  if (!again.ok || !isOurs(again.item)) return "; its title or its tag has changed since it was listed";
  const deleted = await run.portal.deleteItem(again.item.owner, item.id);
  return deleted.ok ? "removed" : `: ${deleted.failure.text}`;
}

function told({ id, title, owner }: ListedItem, ours: boolean, text: string): LeftBehind {
  return { id, title, owner, ours, text };
}
