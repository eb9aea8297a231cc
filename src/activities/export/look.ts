// One look at an export: asks the portal, lets core judge, remembers what was seen.
import { type ExportDecision, judgeExport, nextPollSeconds } from "../../core/export-job.ts";
import type { PlannedItem } from "../../core/item.ts";
import type { RunAtWork } from "../run/context.ts";
import { type ExportKey, type ExportRecord, type ExportStep, writeExport } from "./export-record.ts";
import { endFailed } from "./outcomes.ts";

type Job = NonNullable<ExportRecord["job"]>;

/** Between two looks at a file whose job is completed: it is whole when both find the same. */
const SECOND_LOOK_MS = 1_000;

export async function lookAtExport(
  run: RunAtWork,
  key: ExportKey,
  planned: PlannedItem,
  record: ExportRecord,
  job: Job,
): Promise<ExportStep> {
  let seen = await lookOnce(run, key, planned, record, job);
  if (seen.decision.do === "wait" && seen.decision.soon) {
    await run.deps.wait(SECOND_LOOK_MS);
    seen = await lookOnce(run, key, planned, seen.record, job);
  }
  await writeExport(run, key.round, seen.record);
  const { decision } = seen;
  switch (decision.do) {
    case "wait": {
      const seconds = secondsToLook(run, key, record, planned.item.size);
      return { next: "wait", seconds, overdue: decision.overdue };
    }
    case "save":
      return { next: "save", isSure: seen.record.saidCompleted };
    case "failed":
      return endFailed(run, key, planned, record, decision.failure);
  }
}

async function lookOnce(
  run: RunAtWork,
  key: ExportKey,
  planned: PlannedItem,
  record: ExportRecord,
  job: Job,
): Promise<{ readonly decision: ExportDecision; readonly record: ExportRecord }> {
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
  const previous = item.ok ? item.value : null;
  const saidCompleted = status.ok && status.value.status === "completed";
  const looks = record.looks + 1;
  return { decision, record: { ...record, looks, previous, saidCompleted, tried, parked: false } };
}

/** Seconds to the next look: never past the hard limit, at which the export ends. */
export function secondsToLook(
  run: Pick<RunAtWork, "profile">,
  key: ExportKey,
  record: ExportRecord,
  sourceBytes: number,
): number {
  const hardLimitAt = record.startedAt + run.profile.exports.hardLimitHours * 3_600_000;
  const left = Math.max(1, Math.ceil((hardLimitAt - key.at) / 1000));
  return Math.min(nextPollSeconds(key.at - record.startedAt, sourceBytes), left);
}

function number(value: unknown): number {
  return typeof value === "number" ? value : -1;
}

function text(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}
