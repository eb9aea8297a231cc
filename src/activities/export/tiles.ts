// exportTiles (rest-api.md 11): the service of a tile layer writes a package. Where the layer does not allow it and the profile
// does, the export is switched on for as long as it lasts; what the switch was is written down before it is touched.
import { planTiles, tileServiceOf } from "../../core/tile-plan.ts";
import { type Result, failed, ok } from "../../core/result.ts";
import type { Artifact } from "../../core/outcome.ts";
import { consume } from "../capture/download.ts";
import { type ExportRecord, type Job, type SwitchedOn, readExport, writeExport } from "./export-record.ts";
import { keepFile } from "./keep-file.ts";
import { type AtRung, type Kept, type Look, type Means, withAttempt } from "./means.ts";
import { lostJob, notDone } from "./service-job.ts";

type TilesJob = Extract<Job, { readonly kind: "tiles" }>;

export const tiles: Means = { begin, look, keep };

async function begin(at: AtRung): Promise<Result<ExportRecord>> {
  const { run, key, planned, attempt } = at;
  const { url, title } = planned.item;
  if (url === null) return failed("export-failed", `"${title}" has no service address`, SERVICE);
  const described = await run.portal.service(url, "");
  if (!described.ok) return described;
  const service = tileServiceOf(described.value.value);
  const plan = planTiles(title, service, run.profile.tiles);
  if (plan.do === "fail") return { ok: false, failure: plan.failure };
  // Read after the service: a step that is delivered twice finds on the switch that the other one turned, and then also its note.
  const { switched } = (await readExport(run.deps, key, planned.item.id)) ?? at.record;
  let record = { ...at.record, ...(switched !== undefined && { switched }) };
  if (plan.switchOn) {
    const { exportTilesAllowed, maxExportTilesCount } = service;
    const was = { exportTilesAllowed, maxExportTilesCount };
    const on = await switchOn({ ...at, record }, { serviceUrl: url, was, restored: false });
    if (!on.ok) return on;
    record = on.value;
  }
  const format = attempt.rung === "vtpk" ? "vtpk" : "tpkx";
  const started = await run.portal.startTiles(url, { levels: plan.levels, format });
  if (!started.ok) return started;
  const begun = withAttempt(record, attempt, { job: { kind: "tiles", jobId: started.value.jobId } });
  await writeExport(run, key.round, begun);
  return ok(begun);
}

const SERVICE = "Look at the item's page: a hosted layer has the address of its service there";

/** The service's own limit stays as it is: only the switch is turned. */
async function switchOn(at: AtRung, switched: SwitchedOn): Promise<Result<ExportRecord>> {
  const { run, key } = at;
  // What an earlier delivery of this step wrote down stays: the values of before are in it.
  const isNoted = at.record.switched?.restored === false;
  const record = isNoted ? at.record : { ...at.record, switched };
  await writeExport(run, key.round, record);
  const { maxExportTilesCount } = switched.was;
  const edited = await run.portal.editTileExport(switched.serviceUrl, {
    exportTilesAllowed: true,
    maxExportTilesCount,
  });
  return edited.ok ? ok(record) : edited;
}

async function look(at: AtRung): Promise<Look> {
  const { run, planned, record } = at;
  const status = await run.portal.tileJob(planned.item.url ?? "", jobOf(at).jobId);
  if (!status.ok || status.value.state !== "succeeded") return notDone(at, status, "export the tiles of");
  const { itemId } = status.value;
  const seen = { ...record, parked: false };
  const made = itemId === undefined ? seen : await withItem(at, seen, itemId);
  return { do: "save", isSure: true, record: made };
}

/** An item that the job made is ours to delete. */
async function withItem({ run }: AtRung, record: ExportRecord, id: string): Promise<ExportRecord> {
  if (record.temporary.some(({ item }) => item?.id === id)) return record;
  const read = await run.portal.item(id);
  const value = read.ok ? read.value.value : {};
  const owner = typeof value["owner"] === "string" ? value["owner"] : run.self.username;
  const title = typeof value["title"] === "string" ? value["title"] : "";
  const made = { title, users: [owner], item: { id, owner }, deleted: false };
  return { ...record, temporary: [...record.temporary, made] };
}

/** The addresses of the files are asked for anew: they are signed for minutes, and no record holds them. */
async function keep(at: AtRung): Promise<Kept> {
  const { run, record, planned } = at;
  const status = await run.portal.tileJob(planned.item.url ?? "", jobOf(at).jobId);
  if (!status.ok) {
    const isGone = status.failure.reason === "not-found";
    const failure = isGone ? lostJob("export the tiles of", planned.item.title) : status.failure;
    return { do: "failed", failure, record };
  }
  const { files, itemId } = status.value;
  const open = [
    ...files.map(
      ({ url }) =>
        () =>
          run.portal.serviceFile(url),
    ),
    ...(files.length === 0 && itemId !== undefined ? [() => run.portal.data(itemId, "file")] : []),
  ];
  const artifacts: Artifact[] = [];
  for (const [n, file] of open.entries()) {
    const kept = await keepFile(at, (use) => consume(file, use), n + 1);
    if (!kept.ok) return { do: "failed", failure: kept.failure, record };
    artifacts.push(...kept.value.artifacts);
  }
  if (artifacts.length > 0) return { do: "kept", artifacts, got: [], notes: [], record };
  const text = `The export of ${JSON.stringify(planned.item.title)} names no file`;
  return { do: "failed", record, ...failed("export-failed", text, SERVICE) };
}

function jobOf({ attempt }: AtRung): TilesJob {
  if (attempt.job?.kind !== "tiles") throw new Error(`The rung ${attempt.rung} was never started`);
  return attempt.job;
}
