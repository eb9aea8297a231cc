// Rows and attachments by queries: the rung that asks a service for what it hands out to every map. It goes forward with each
// look, a bundle at a time, and leaves out single rows and attachments that cannot be read.
import { type LadderLayer, bestOf } from "../../core/ladder.ts";
import type { Artifact } from "../../core/outcome.ts";
import { type Result, failed, ok } from "../../core/result.ts";
import { keepBytes } from "../run/artifacts.ts";
import { listRecords, readRecord, requireRecord, writeRecord } from "../run/records.ts";
import { type ExportRecord, type Job, writeExport } from "./export-record.ts";
import { limitsOf } from "./limits.ts";
import { type AtRung, type Kept, type Look, type Means, withAttempt } from "./means.ts";
import { ROWS_BEGIN, type RowsCursor } from "./rows-cursor.ts";
import { type LayerIds, type Reading, readBundle } from "./rows-reading.ts";

export const rows: Means = { begin, look, keep };

/** A step stores bundles for about so long, then lets the lane look at other things. */
const STEP_MS = 40_000;

async function begin(at: AtRung): Promise<Result<ExportRecord>> {
  const { run, key, planned, record, attempt } = at;
  const { url } = planned.item;
  if (url === null) {
    return failed(
      "export-failed",
      `"${planned.item.title}" has no service address`,
      "Look at the item's page: a hosted layer has the address of its service there",
    );
  }
  for (const layer of attempt.layers) {
    const path = run.paths.exportRows(key.round, planned.item.id, layer);
    if ((await readRecord<LayerIds>(run.work, path)) !== undefined) continue;
    const ids = await run.portal.objectIds(url, layer);
    if (!ids.ok) return ids;
    await writeRecord(run.work, path, ids.value);
  }
  const begun = withAttempt(record, attempt, { job: { kind: "rows", cursor: ROWS_BEGIN } });
  await writeExport(run, key.round, begun);
  return ok(begun);
}

async function look(at: AtRung): Promise<Look> {
  const { run, key, planned } = at;
  const until = run.deps.now() + STEP_MS;
  let record = { ...at.record, parked: false };
  let cursor = cursorOf(at.attempt.job);
  const reading = await readingOf(at);
  while (cursor.place.layer < at.attempt.layers.length) {
    const read = await readBundle(reading, cursor, run.deps.now, until);
    if (!read.ok) return { do: "failed", failure: read.failure, record };
    const { entries, next } = read.value;
    if (entries.length > 0) {
      record = await writeCursor(at, record, { ...cursor, until: next.place });
      const bundle = await run.deps.makeBundle(entries);
      const path = bundlePath(planned.path, cursor.bundle);
      const { hash } = bundle;
      const kept = await keepBytes(run, path, bundle.bytes, {
        ...{ kind: "bundle", hash, proof: "transit", entries: bundle.entries },
      });
      if (!kept.ok) return { do: "failed", failure: kept.failure, record };
      await writeRecord(run.work, `${madePrefix(at)}${digits(cursor.bundle)}.json`, kept.value);
    }
    cursor = { ...next, bundle: cursor.bundle + (entries.length > 0 ? 1 : 0) };
    record = await writeCursor(at, record, cursor);
    if (run.deps.now() >= until) break;
  }
  if (cursor.place.layer >= at.attempt.layers.length) return { do: "save", isSure: false, record };
  const { elapsedMs, timeoutMs, hardLimitMs } = limitsOf({ run, key, planned, record, attempt: at.attempt });
  if (elapsedMs < hardLimitMs) return { do: "wait", seconds: 1, overdue: elapsedMs >= timeoutMs, record };
  const text = `The queries of ${JSON.stringify(planned.item.title)} did not come to an end in ${Math.round(elapsedMs / 60_000)} minutes`;
  return {
    do: "failed",
    record,
    ...failed("export-timeout", text, "Raise exports.hardLimitHours in the profile"),
  };
}

async function keep(at: AtRung): Promise<Kept> {
  const { run, record, attempt } = at;
  const { done } = cursorOf(attempt.job);
  const artifacts: Artifact[] = [];
  for await (const blob of listRecords(run.work, madePrefix(at))) {
    artifacts.push(await requireRecord<Artifact>(run.work, blob.path));
  }
  const got = attempt.layers.map((id) => {
    const layer = done.find((each) => each.id === id);
    const lacking = {
      rowsLacking: layer?.rowsUnreadable ?? 0,
      attachmentsLacking: layer?.attachmentsUnreadable ?? 0,
    };
    const isNothing = layer !== undefined && layer.rows === 0 && lacking.rowsLacking > 0;
    const isWhole = lacking.rowsLacking + lacking.attachmentsLacking === 0;
    return { id, state: isNothing ? "none" : isWhole ? "whole" : "short", ...lacking } as const;
  });
  const notes = done.map(
    (layer) => `Layer ${layer.id}: ${layer.rows} rows and ${layer.attachments} attachments read by queries`,
  );
  return { do: "kept", artifacts, got, notes, record };
}

/** Rows are read again only where they are lacking; attachments wherever the layer has some. */
async function readingOf({ run, key, planned, record, attempt }: AtRung): Promise<Reading> {
  const best = bestOf(record.layers, record.tried);
  const layers = await Promise.all(
    attempt.layers.map(async (id) => {
      const layer = record.layers.find((each) => each.id === id) as LadderLayer;
      const got = best.get(id);
      const ids = await requireRecord<LayerIds>(
        run.work,
        run.paths.exportRows(key.round, planned.item.id, id),
      );
      const lacksRows = got?.state !== "short" || got.rowsLacking > 0;
      const lacksAttachments = got?.state !== "short" || got.attachmentsLacking > 0;
      return { id, ids, rows: lacksRows, attachments: layer.hasAttachments && lacksAttachments };
    }),
  );
  const url = planned.item.url ?? "";
  const large = (name: string) => `${planned.path}_attachment_${name}`;
  const made = (name: string) => `${madePrefix({ run, key, planned })}large-${name}.json`;
  return { run, url, layers, large, made };
}

async function writeCursor(at: AtRung, record: ExportRecord, cursor: RowsCursor): Promise<ExportRecord> {
  const changed = withAttempt(record, at.attempt, { job: { kind: "rows", cursor } });
  await writeExport(at.run, at.key.round, changed);
  return changed;
}

function bundlePath(path: string, bundle: number): string {
  return `${path}_rows_${bundle}.zip`;
}

/** Records of what was stored, in the order in which it is told. */
function madePrefix({ run, key, planned }: Pick<AtRung, "run" | "key" | "planned">): string {
  return run.paths.exportMade(key.round, planned.item.id);
}

function cursorOf(job: Job | undefined): RowsCursor {
  if (job?.kind !== "rows") throw new Error("The queries were never begun");
  return job.cursor;
}

function digits(n: number): string {
  return String(n).padStart(6, "0");
}
