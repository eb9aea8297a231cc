// One look at an export: asks the portal, lets core judge, remembers what was seen.
import { judgeExport, nextPollSeconds } from "../../core/export-job.ts";
import type { PlannedItem } from "../../core/item.ts";
import type { RunAtWork } from "../run/context.ts";
import { type ExportKey, type ExportRecord, type ExportStep, writeExport } from "./export-record.ts";
import { endFailed } from "./outcomes.ts";

type Job = NonNullable<ExportRecord["job"]>;

export async function lookAtExport(
  run: RunAtWork,
  key: ExportKey,
  planned: PlannedItem,
  record: ExportRecord,
  job: Job,
): Promise<ExportStep> {
  const status = await run.portal.exportStatus(job.owner, job);
  const read = await run.portal.item(job.exportItemId);
  const item = read.ok
    ? {
        ok: true as const,
        value: { sizeBytes: number(read.value.value["size"]), name: text(read.value.value["name"]) },
      }
    : read;
  const tried = record.tried === null ? null : { ...record.tried, looksAgo: record.tried.looksAgo + 1 };
  const decision = judgeExport({
    title: planned.item.title,
    status,
    item,
    previous: record.previous,
    tried,
    elapsedMs: key.at - record.startedAt,
    timeoutMs: run.profile.exports.timeoutMinutes * 60_000,
    hardLimitMs: run.profile.exports.hardLimitHours * 3_600_000,
  });
  const seen: ExportRecord = {
    ...record,
    looks: record.looks + 1,
    previous: item.ok ? item.value : null,
    tried,
  };
  await writeExport(run, key.round, seen);
  switch (decision.do) {
    case "wait":
      return { next: "wait", seconds: nextPollSeconds(record.looks, planned.item.size) };
    case "save":
      return { next: "save" };
    case "failed":
      return endFailed(run, key, planned, record, decision.failure);
  }
}

function number(value: unknown): number {
  return typeof value === "number" ? value : -1;
}

function text(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}
