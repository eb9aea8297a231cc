// Stores a finished export, proves it by its rows, and keeps the item's outcome.
import { compareCounts } from "../core/compare-counts.ts";
import { afterBadFile } from "../core/export-job.ts";
import { EXPORT_EXPECTATION } from "../core/formats.ts";
import type { PlannedItem } from "../core/item.ts";
import type { Artifact } from "../core/outcome.ts";
import { type Result, failed } from "../core/result.ts";
import type { Deps } from "../deps.ts";
import { capture } from "./capture/capture.ts";
import { unlessDeleted } from "./capture/deleted.ts";
import { consume, watched } from "./capture/download.ts";
import { judgeFile } from "./capture/judge-file.ts";
import {
  type ExportKey,
  type ExportRecord,
  type ExportStep,
  readExport,
  writeExport,
} from "./export/export-record.ts";
import { type LayerCounts, countLayers } from "./export/layer-counts.ts";
import { secondsToLook } from "./export/look.ts";
import { openExport } from "./export/open-export.ts";
import { end, tookOf } from "./export/outcomes.ts";
import { blobPath, keepStream } from "./run/artifacts.ts";
import type { RunAtWork } from "./run/context.ts";

export async function saveExport(key: ExportKey, deps: Deps): Promise<ExportStep> {
  const open = await openExport(key, deps);
  if (open.end !== undefined) return open.end;
  const { run, planned } = open;
  const record = await readExport(deps, key, planned.item.id);
  if (record?.job === undefined) throw new Error(`The export of ${planned.item.id} was never started`);

  const stored = await store(run, planned, record.job.exportItemId);
  const base = { planned, tookMs: tookOf(run, record) };
  if (!stored.ok) {
    const next = afterBadFile({
      reason: stored.failure.reason,
      tries: record.tries + 1,
      saidCompleted: record.saidCompleted,
      elapsedMs: key.at - record.startedAt,
      hardLimitMs: run.profile.exports.hardLimitHours * 3_600_000,
    });
    if (next === "failed") return end(run, key, { ...base, failure: stored.failure });
    const overdue = key.at - record.startedAt >= run.profile.exports.timeoutMinutes * 60_000;
    const tried = { sizeBytes: record.previous?.sizeBytes ?? -1, looksAgo: 0 };
    await writeExport(run, key.round, { ...record, tries: record.tries + 1, tried });
    return { next: "wait", seconds: secondsToLook(run, key, record, planned.item.size), overdue };
  }
  return prove(run, key, planned, record, stored.value);
}

/** Streams the temporary item's file; nothing is committed that is no whole zip. */
function store(run: RunAtWork, planned: PlannedItem, exportItemId: string): Promise<Result<Artifact>> {
  return consume(
    () => run.portal.data(exportItemId, "file"),
    (download) => {
      const passing = watched(download.body);
      return keepStream(
        run,
        `${planned.path}_export.gdb.zip`,
        passing.body,
        { kind: "export", proof: "transit" },
        (blob) =>
          blob.sizeBytes === 0
            ? noFile(planned)
            : judgeFile(`the export of "${planned.item.title}"`, EXPORT_EXPECTATION, passing, blob.sizeBytes),
      );
    },
  );
}

/** An overdue export is asked for its bytes whatever its status says, and may have none. */
function noFile({ item }: PlannedItem): Result<never> {
  return failed(
    "export-timeout",
    `Cannot export "${item.title}": the portal has made no file of it yet`,
    "Raise exports.hardLimitHours in the profile, or split the layer",
  );
}

/** Reads the tables back from the store and holds their rows against the service's counts before and after. */
async function prove(
  run: RunAtWork,
  key: ExportKey,
  planned: PlannedItem,
  record: ExportRecord,
  stored: Artifact,
): Promise<ExportStep> {
  const captured = await capture(run, planned);
  const base = { planned, tookMs: tookOf(run, record) };
  if (!captured.ok) {
    const ended = await unlessDeleted(run, planned.item, captured.failure);
    return end(run, key, { ...base, artifacts: [stored], ...ended });
  }

  const { item } = planned;
  const after = item.url === null ? [] : await countLayers(run, item.url);
  const read = (offset: number, length: number) =>
    run.backups.range(blobPath(run, stored.path), offset, length);
  const tables = await run.deps.inspectGdb(read, stored.sizeBytes);
  const notes = captured.value.notes;
  if (!tables.ok) {
    const artifacts = [...captured.value.artifacts, stored];
    return end(run, key, { ...base, artifacts, notes, failure: tables.failure });
  }
  const compared = compareCounts(item.title, counted(record.before, after), tables.value);
  const proved: Artifact = { ...stored, proof: "stored", tables: compared.tables };
  return end(run, key, {
    ...base,
    artifacts: [...captured.value.artifacts, proved],
    loss: [...captured.value.loss, ...compared.loss],
    notes: [...notes, ...compared.notes],
    ...(compared.failure !== null && { failure: compared.failure }),
  });
}

/** Layers of either moment, with what each moment counted. */
function counted(before: readonly LayerCounts[], after: readonly LayerCounts[]) {
  const earlier = new Map(before.map((layer) => [layer.id, layer]));
  const later = new Map(after.map((layer) => [layer.id, layer]));
  return [...new Set([...earlier.keys(), ...later.keys()])].map((id) => {
    const [was, is] = [earlier.get(id), later.get(id)];
    return {
      id,
      name: (was ?? is)?.name ?? "",
      before: was?.rows ?? null,
      after: is?.rows ?? null,
      attachmentsBefore: was?.attachments ?? null,
      attachmentsAfter: is?.attachments ?? null,
    };
  });
}
