// createReplica as an extract: a job of the service, and a file on the service's host that is gone after a while.
import { bytes, PortalError, type Answer } from "../answer.ts";
import { param, type Call } from "../call.ts";
import { held } from "../content.ts";
import type { ExportFault } from "../faults.ts";
import { exportZip } from "../fgdb/of-service.ts";
import type { Route } from "../routes.ts";
import { troubleOf } from "../rungs.ts";
import { idOf, type ReplicaJob, type Service } from "../state.ts";
import { SERVICES, serviceUrl, usable } from "./services.ts";

const MINUTE = 60_000;
/** A result that nobody asks for is deleted. */
const IDLE_MINUTES = 10;

function start(call: Call, fault: ExportFault): object {
  const { service } = usable(call);
  if (call.method !== "POST") throw new PortalError(405, "Method not supported. Use POST.");
  if (!service.capabilities.split(",").includes("Extract")) {
    throw new PortalError(400, "This operation is not supported.", undefined, [""]);
  }
  if (param(call, "syncModel") !== "none" || param(call, "async") !== "true") {
    throw new PortalError(400, "The sample portal makes extracts only: syncModel=none, async=true.");
  }
  if (param(call, "dataFormat").toLowerCase() !== "filegdb")
    throw new PortalError(400, "Invalid dataFormat.", undefined, []);
  const ids = param(call, "layers").split(",").map(Number);
  const chosen = service.layers.filter(({ id }) => ids.includes(id));
  if (chosen.length === 0) throw new PortalError(400, "'layers' must be specified.");
  const attachments = param(call, "returnAttachments") === "true";
  const layers = attachments ? chosen : chosen.map((layer) => ({ ...layer, hasAttachments: false }));
  const missing = { rows: fault.dropRows ?? 0, attachments: fault.dropAttachments ?? 0 };
  // An extract with attachments that works does so without them too.
  const rungs = attachments ? (["replica"] as const) : (["replica-without-attachments", "replica"] as const);
  const troubles = rungs.map((rung) => troubleOf(service, layers, rung));
  call.state.serial += 1;
  const job: ReplicaJob = {
    id: idOf(`replica ${call.state.serial} ${call.now}`),
    service: service.name,
    submittedAt: call.now,
    doneAt: call.now + (fault.minutes ?? service.exportMinutes) * MINUTE,
    fails: fault.fails ?? (troubles.includes(null) ? null : (troubles[0] ?? null)),
    withErrors: fault.withErrors ?? false,
    whole: fault.junk === undefined ? exportZip(service, layers, missing) : Buffer.from(fault.junk),
    readAt: call.now,
  };
  call.state.replicas.set(job.id, job);
  return { statusUrl: `${serviceUrl(call, service)}/jobs/${job.id}` };
}

function jobOf(call: Call, id: string): { readonly job: ReplicaJob; readonly service: Service } {
  const job = call.state.replicas.get(id);
  const service = call.at["service"] ?? job?.service ?? "";
  const usableService = usable({ ...call, at: { ...call.at, service } }).service;
  if (job === undefined || job.service !== service) throw new PortalError(404, "Job not found.");
  return { job, service: usableService };
}

function status(call: Call): object {
  const { job, service } = jobOf(call, call.at["job"] ?? "");
  const told = (value: string, more: object = {}): object => ({
    replicaName: "extract",
    status: value,
    recordCount: service.layers.reduce((sum, layer) => sum + layer.rows.length, 0),
    submissionTime: Math.round(job.submittedAt),
    lastUpdatedTime: Math.round(Math.min(call.now, job.doneAt)),
    resultUrl: "",
    ...more,
  });
  const share = (call.now - job.submittedAt) / Math.max(1, job.doneAt - job.submittedAt);
  if (call.now < job.doneAt)
    return told(share < 0.2 ? "Pending" : share < 0.6 ? "ExportingData" : "ExportAttachments");
  if (job.fails !== null) return told("Failed", { statusMessage: job.fails });
  job.readAt = Math.max(job.readAt, job.doneAt);
  const place = call.state.org.isPortal
    ? `${call.services}/rest/directories/arcgisoutput`
    : `${serviceUrl(call, service)}/replicafilescache`;
  const resultUrl = `${place}/${job.id}.zip`;
  return told(job.withErrors ? "CompletedWithErrors" : "Completed", { resultUrl });
}

function result(call: Call): Answer {
  const { job } = jobOf(call, (call.at["file"] ?? "").replace(/\.zip$/, ""));
  const gone = call.now > Math.max(job.readAt, job.doneAt) + IDLE_MINUTES * MINUTE;
  if (gone || call.now < job.doneAt || job.fails !== null)
    return { ...new PortalError(404, "File not found.").answer(), status: 404 };
  job.readAt = call.now;
  return bytes(held(job.whole), "application/zip");
}

export function replicaRoutes(faultOf: (call: Call) => ExportFault): readonly Route[] {
  return [
    {
      method: "ANY",
      path: `${SERVICES}/createReplica`,
      form: "json",
      answer: (call) => start(call, faultOf(call)),
    },
    { method: "ANY", path: `${SERVICES}/jobs/:job`, form: "json", answer: status },
    { method: "ANY", path: `${SERVICES}/replicafilescache/:file`, form: "raw", answer: result },
    { method: "ANY", path: "/:org/arcgis/rest/directories/arcgisoutput/:file", form: "raw", answer: result },
  ];
}
