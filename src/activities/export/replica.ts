// createReplica as an extract (rest-api.md 12.4): the service itself writes a geodatabase. It leaves nothing behind, so that
// a start whose answer was lost only costs a second extract.
import { type Result, failed, ok } from "../../core/result.ts";
import { consume } from "../capture/download.ts";
import { type ExportRecord, type Job, titleOf, writeExport } from "./export-record.ts";
import { keepFile } from "./keep-file.ts";
import { type AtRung, type Kept, type Look, type Means, withAttempt } from "./means.ts";
import { notDone } from "./service-job.ts";

type ReplicaJob = Extract<Job, { readonly kind: "replica" }>;

export const replica: Means = { begin, look, keep };

async function begin(at: AtRung): Promise<Result<ExportRecord>> {
  const { run, key, planned, record, attempt } = at;
  const { url } = planned.item;
  if (url === null) return failed("export-failed", `"${planned.item.title}" has no service address`, SERVICE);
  const start = {
    name: titleOf(run, key, planned.item.id, attempt),
    layers: attempt.layers,
    attachments: attempt.rung === "replica",
    format: "filegdb",
  } as const;
  let started = await run.portal.startReplica(url, start);
  // The client does not repeat what may have begun; here that is cheaper than to do with less.
  if (!started.ok && started.failure.reason === "transient")
    started = await run.portal.startReplica(url, start);
  if (!started.ok) return started;
  const begun = withAttempt(record, attempt, { job: { kind: "replica", ...started.value } });
  await writeExport(run, key.round, begun);
  return ok(begun);
}

const SERVICE = "Look at the item's page: a hosted layer has the address of its service there";

async function look(at: AtRung): Promise<Look> {
  const { statusUrl } = jobOf(at);
  const done: Look = { do: "save", isSure: true, record: { ...at.record, parked: false } };
  if (statusUrl === undefined) return done;
  const status = await at.run.portal.replicaStatus(statusUrl);
  return status.ok && status.value.state === "completed" ? done : notDone(at, status, "extract");
}

/** The address of the file is asked for anew: it may be signed for minutes. */
async function keep(at: AtRung): Promise<Kept> {
  const { run, record, planned } = at;
  const { statusUrl, resultUrl } = jobOf(at);
  const status = statusUrl === undefined ? undefined : await run.portal.replicaStatus(statusUrl);
  if (status?.ok === false) return { do: "failed", failure: status.failure, record };
  const file = status?.value.resultUrl ?? resultUrl;
  if (file === undefined) {
    const text = `The extract of ${JSON.stringify(planned.item.title)} names no file`;
    return { do: "failed", record, ...failed("export-failed", text, SERVICE) };
  }
  const kept = await keepFile(at, (use) => consume(() => run.portal.serviceFile(file), use));
  return kept.ok ? { do: "kept", ...kept.value, record } : { do: "failed", failure: kept.failure, record };
}

function jobOf({ attempt }: AtRung): ReplicaJob {
  if (attempt.job?.kind !== "replica") throw new Error(`The rung ${attempt.rung} was never started`);
  return attempt.job;
}
