// The portal's own export: a job that makes a temporary item, whose file is the data.
import { type ExportDecision, afterBadFile, judgeExport } from "../../core/export-job.ts";
import { EXPORT_TAG } from "../../core/export-title.ts";
import type { Rung } from "../../core/ladder.ts";
import { type Result, failed, ok } from "../../core/result.ts";
import type { ExportFormat } from "../../clients/portal/portal.ts";
import { consume } from "../capture/download.ts";
import type { RunAtWork } from "../run/context.ts";
import {
  type Attempt,
  type ExportRecord,
  type Job,
  type TemporaryItem,
  titleOf,
  writeExport,
} from "./export-record.ts";
import { keepFile } from "./keep-file.ts";
import { limitsOf, secondsToLook } from "./limits.ts";
import { type AtRung, type Kept, type Look, type Means, withAttempt } from "./means.ts";
import { findTemporary } from "./clean-up.ts";

type ItemJob = Extract<Job, { readonly kind: "item" }>;

/** The rungs that are not named export a geodatabase. */
const FORMATS: Readonly<Partial<Record<Rung, ExportFormat>>> = {
  shapefile: "Shapefile",
  csv: "CSV",
  "vtpk-item": "Vector Tile Package",
  slpk: "Scene Package",
};

export const itemExport: Means = { begin, look, keep };

/** Between two looks at a file whose job is completed: it is whole when both find the same. */
const SECOND_LOOK_MS = 1_000;

async function begin(at: AtRung): Promise<Result<ExportRecord>> {
  const { run, key, planned, attempt } = at;
  const title = titleOf(run, key, planned.item.id, attempt);
  const { record, intended } = await intend(at, title);
  const started = await startOrAdopt(at, intended);
  if (!started.ok) return started;
  const { id, owner } = started.value.item;
  const job: ItemJob = { kind: "item", exportItemId: id, jobId: started.value.jobId, owner };
  const temporary = record.temporary.map((each) =>
    each.title === title ? { ...each, item: { id, owner } } : each,
  );
  const begun = withAttempt({ ...record, temporary }, attempt, { job });
  await writeExport(run, key.round, begun);
  return ok(begun);
}

/** Writes down what is about to be asked. */
async function intend(
  { run, key, planned, record }: AtRung,
  title: string,
): Promise<{ readonly record: ExportRecord; readonly intended: TemporaryItem }> {
  const earlier = record.temporary.find((each) => each.title === title);
  if (earlier !== undefined) return { record, intended: earlier };
  const users = [...new Set([run.self.username, planned.item.owner])];
  const intended = { title, users, deleted: false };
  const changed = { ...record, temporary: [...record.temporary, intended] };
  await writeExport(run, key.round, changed);
  return { record: changed, intended };
}

interface Started {
  readonly item: { readonly id: string; readonly owner: string };
  readonly jobId: string;
}

/** Looks for the title before asking, so that a start that was applied though its answer was lost is not repeated. */
async function startOrAdopt(at: AtRung, temporary: TemporaryItem): Promise<Result<Started>> {
  const { run, planned, record, attempt } = at;
  const earlier = await findTemporary(run, temporary);
  if (earlier !== undefined) return ok(await adopt(run, earlier.id, "", earlier.owner));

  const refusals: string[] = [];
  for (const user of temporary.users) {
    const started = await run.portal.startExport({
      user,
      itemId: planned.item.id,
      title: temporary.title,
      tag: EXPORT_TAG,
      format: FORMATS[attempt.rung] ?? "File Geodatabase",
      ...layersOf(record, attempt),
    });
    if (started.ok) return ok(await adopt(run, started.value.exportItemId, started.value.jobId, user));
    // The other user's path is for a refusal alone; anything else may have started the job.
    if (started.failure.reason !== "no-access") {
      const late = await findTemporary(run, temporary);
      return late === undefined ? started : ok(await adopt(run, late.id, "", late.owner));
    }
    refusals.push(started.failure.text);
  }
  return failed(
    "no-access",
    `Cannot export "${planned.item.title}": ${refusals.join("; ")}`,
    "Give the account a role that may update all members' items, or let the owner allow export on the layer",
  );
}

/** No layers are named for the service as a whole: that is what keeps its relations. */
function layersOf(record: ExportRecord, { layers }: Attempt): { readonly layers?: readonly number[] } {
  return layers.length === 0 || layers.length === record.layers.length ? {} : { layers };
}

/** Reads the new item's own owner, who decides the paths of status and delete, and sets our tag where it was dropped. */
async function adopt(run: RunAtWork, id: string, jobId: string, user: string): Promise<Started> {
  const item = await run.portal.item(id);
  const owner = item.ok && typeof item.value.value["owner"] === "string" ? item.value.value["owner"] : user;
  const tags =
    item.ok && Array.isArray(item.value.value["tags"]) ? (item.value.value["tags"] as unknown[]) : [];
  // Without the tag a leftover would not be known as ours; the id in our record still finds it, so a refusal is no end.
  if (item.ok && !tags.includes(EXPORT_TAG)) await run.portal.setTags(owner, id, [EXPORT_TAG]);
  return { item: { id, owner }, jobId };
}

async function look(at: AtRung): Promise<Look> {
  let seen = await lookOnce(at, at.attempt);
  if (seen.decision.do === "wait" && seen.decision.soon) {
    await at.run.deps.wait(SECOND_LOOK_MS);
    seen = await lookOnce(at, seen.attempt);
  }
  const { decision } = seen;
  const record = { ...at.record, parked: false, now: seen.attempt };
  switch (decision.do) {
    case "wait":
      return { do: "wait", seconds: secondsToLook(at), overdue: decision.overdue, record };
    case "save":
      return { do: "save", isSure: seen.attempt.saidCompleted, record };
    case "failed":
      return { do: "failed", failure: decision.failure, record };
  }
}

async function lookOnce(
  at: AtRung,
  attempt: Attempt,
): Promise<{ readonly decision: ExportDecision; readonly attempt: Attempt }> {
  const { run, planned } = at;
  const job = jobOf(attempt);
  const status = await run.portal.exportStatus(job.owner, job);
  const read = await run.portal.item(job.exportItemId);
  const item = read.ok
    ? {
        ok: true as const,
        value: { sizeBytes: number(read.value.value["size"]), name: text(read.value.value["name"]) },
      }
    : read;
  const tried = attempt.tried === null ? null : { ...attempt.tried, looksAgo: attempt.tried.looksAgo + 1 };
  const decision = judgeExport({
    title: planned.item.title,
    status,
    item,
    previous: attempt.previous,
    tried,
    ...limitsOf(at),
  });
  const previous = item.ok ? item.value : null;
  const saidCompleted = status.ok && status.value.status === "completed";
  return { decision, attempt: { ...attempt, looks: attempt.looks + 1, previous, saidCompleted, tried } };
}

async function keep(at: AtRung): Promise<Kept> {
  const { run, record, attempt } = at;
  const job = jobOf(attempt);
  const kept = await keepFile(at, (use) => consume(() => run.portal.data(job.exportItemId, "file"), use));
  if (kept.ok) return { do: "kept", ...kept.value, record };
  // What was stored and cannot be read as what it should be comes out no better by waiting.
  if (kept.isStored) return { do: "failed", failure: kept.failure, record };
  const { elapsedMs, timeoutMs, hardLimitMs } = limitsOf(at);
  const { reason } = kept.failure;
  const tries = attempt.tries + 1;
  const next = afterBadFile({
    reason,
    tries,
    saidCompleted: attempt.saidCompleted,
    elapsedMs,
    hardLimitMs,
  });
  if (next === "failed") return { do: "failed", failure: kept.failure, record };
  const tried = { sizeBytes: attempt.previous?.sizeBytes ?? -1, looksAgo: 0 };
  return {
    do: "wait",
    seconds: secondsToLook(at),
    overdue: elapsedMs >= timeoutMs,
    record: withAttempt(record, attempt, { tries, tried }),
  };
}

function jobOf({ job, rung }: Attempt): ItemJob {
  if (job?.kind !== "item") throw new Error(`The rung ${rung} was never started`);
  return job;
}

function number(value: unknown): number {
  return typeof value === "number" ? value : -1;
}

function text(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}
