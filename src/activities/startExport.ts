// Starts the export of a hosted layer, or adopts the one that an earlier delivery started.
import type { PlannedItem } from "../core/item.ts";
import { nextPollSeconds } from "../core/export-job.ts";
import { EXPORT_TAG } from "../core/export-title.ts";
import { type Result, failed, ok } from "../core/result.ts";
import type { Deps } from "../deps.ts";
import {
  type ExportKey,
  type ExportRecord,
  type ExportStep,
  findExport,
  readExport,
  titleOf,
  writeExport,
} from "./export/export-record.ts";
import { countLayers } from "./export/layer-counts.ts";
import { openExport } from "./export/open-export.ts";
import { end, endFailed, tookOf } from "./export/outcomes.ts";
import type { RunAtWork } from "./run/context.ts";

export async function startExport(key: ExportKey, deps: Deps): Promise<ExportStep> {
  const open = await openExport(key, deps);
  if (open.end !== undefined) return open.end;
  const { run, planned } = open;
  const record = (await readExport(deps, key, planned.item.id)) ?? (await intend(run, key, planned));
  // An earlier delivery started it: its watch goes on.
  if (record.job !== undefined) return wait(key, record, planned);

  const job = await startOrAdopt(run, planned, record);
  if (!job.ok) {
    if (job.failure.reason === "transient") {
      return end(run, key, { planned, tookMs: tookOf(run, record), failure: job.failure });
    }
    return endFailed(run, key, planned, record, job.failure);
  }
  const started = { ...record, job: job.value };
  await writeExport(run, key.round, started);
  return wait(key, started, planned);
}

function wait(key: ExportKey, record: ExportRecord, planned: PlannedItem): ExportStep {
  const seconds = nextPollSeconds(key.at - record.startedAt, planned.item.size);
  return { next: "wait", seconds, overdue: false };
}

/** Writes down what is about to be asked, and the rows as they are before it. */
async function intend(run: RunAtWork, key: ExportKey, planned: PlannedItem): Promise<ExportRecord> {
  const { item } = planned;
  const record: ExportRecord = {
    itemId: item.id,
    itemTitle: item.title,
    title: titleOf(run, key, item.id),
    users: [...new Set([run.self.username, item.owner])],
    startedAt: key.at,
    askedAt: run.deps.now(),
    before: item.url === null ? [] : await countLayers(run, item.url),
    looks: 0,
    previous: null,
    saidCompleted: false,
    tries: 0,
    tried: null,
    parked: false,
    deleted: false,
  };
  await writeExport(run, key.round, record);
  return record;
}

/** Looks for the title before asking, so that a start that was applied though its answer was lost is not repeated. */
async function startOrAdopt(
  run: RunAtWork,
  planned: PlannedItem,
  record: ExportRecord,
): Promise<Result<NonNullable<ExportRecord["job"]>>> {
  const earlier = await findExport(run, record);
  if (earlier.found !== undefined) return adopt(run, earlier.found.id, "", earlier.found.owner);

  const refusals: string[] = [];
  for (const user of record.users) {
    const started = await run.portal.startExport({
      user,
      itemId: planned.item.id,
      title: record.title,
      tag: EXPORT_TAG,
      format: "File Geodatabase",
    });
    if (started.ok) return adopt(run, started.value.exportItemId, started.value.jobId, user);
    // The other user's path is for a refusal alone; anything else may have started the job.
    if (started.failure.reason !== "no-access") {
      const late = await findExport(run, record);
      if (late.found !== undefined) return adopt(run, late.found.id, "", late.found.owner);
      return started;
    }
    refusals.push(started.failure.text);
  }
  return failed(
    "no-access",
    `Cannot export "${planned.item.title}": ${refusals.join("; ")}`,
    "Give the account a role that may update all members' items, or let the owner allow export on the layer",
  );
}

/** Reads the new item's own owner, who decides the paths of status and delete, and sets our tag where it was dropped. */
async function adopt(
  run: RunAtWork,
  exportItemId: string,
  jobId: string,
  user: string,
): Promise<Result<NonNullable<ExportRecord["job"]>>> {
  const item = await run.portal.item(exportItemId);
  const owner = item.ok && typeof item.value.value["owner"] === "string" ? item.value.value["owner"] : user;
  const tags =
    item.ok && Array.isArray(item.value.value["tags"]) ? (item.value.value["tags"] as unknown[]) : [];
  // Without the tag a leftover would not be known as ours; the id in our record still finds it, so a refusal is no end.
  if (item.ok && !tags.includes(EXPORT_TAG)) {
    await run.portal.setTags(owner, exportItemId, [EXPORT_TAG]);
  }
  return ok({ exportItemId, jobId, owner });
}
