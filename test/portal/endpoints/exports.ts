// Export jobs: a new item in the path user's content, a status that may lie, a file when the time has come.
import { held } from "../content.ts";
import { noItem, noPermission, PortalError } from "../answer.ts";
import { may, param, signedIn, type Call } from "../call.ts";
import type { ExportFault } from "../faults.ts";
import { madeOf, type Made } from "../formats/export.ts";
import { mayChange, ownedItem, readableItem } from "../item-json.ts";
import type { Route } from "../routes.ts";
import { idOf, type ExportJob, type Item, type PortalState } from "../state.ts";

const MINUTE = 60_000;

const DISK_FULL = "Error exporting data to filegdb format. There is not enough space on the disk.";

/** Bytes that the exports which are at work, or done and not deleted, take on the server's disk. */
function diskUsed(state: PortalState): number {
  const kept = [...state.jobs.values()].filter((job) => job.fails === null && state.items.has(job.itemId));
  return kept.reduce((sum, job) => sum + job.whole.length, 0);
}

function newItem(call: Call, owner: string, title: string, made: Made, fault: ExportFault): Item {
  const { state } = call;
  const name = `${title}.${made.ending}`;
  const clash = [...state.items.values()].some(
    (item) => item.owner === owner && item.fields.name === name && item.binnedAt === null,
  );
  if (clash) throw new PortalError(409, `Item with this filename already exists: ${name}`, "CONT_0049");
  state.serial += 1;
  const dropped = fault.dropTags ?? state.options.dropExportTags;
  const list = (text: string): string[] => text.split(",").filter(Boolean);
  const item: Item = {
    id: idOf(`export ${state.serial} ${title} ${call.now}`),
    owner,
    folderId: null,
    orgId: state.org.id,
    fields: {
      title,
      type: made.type,
      typeKeywords: [made.type, ...list(param(call, "typeKeywords"))],
      description: null,
      snippet: param(call, "snippet") || null,
      tags: dropped ? [] : list(param(call, "tags")),
      name,
      url: null,
      access: "private",
      size: 1024,
      created: Math.round(call.now),
      modified: Math.round(call.now),
      protected: false,
      numViews: 0,
      lastViewed: -1,
      categories: [],
      properties: null,
      extent: [],
    },
    data: { kind: "none", answer: "500" },
    resources: [],
    thumbnail: null,
    metadata: null,
    groups: [],
    related: [],
    rawControls: false,
    hidden: false,
    binnedAt: null,
  };
  state.items.set(item.id, item);
  return item;
}

function startExport(call: Call, fault: ExportFault): object {
  const caller = signedIn(call);
  if (call.method !== "POST") throw new PortalError(405, "Method not supported. Use POST.");
  const user = call.at["user"] ?? "";
  const source = readableItem(call, param(call, "itemId"));
  if (!mayChange(caller, source, "portal:admin:updateItems")) throw noPermission();
  if (user !== caller.username && !may(caller, "portal:admin:updateItems")) throw noPermission();
  if (!call.state.members.has(user)) throw noPermission();
  const title = param(call, "title");
  const format = param(call, "exportFormat");
  if (title === "") throw new PortalError(400, "'title' parameter must be specified.");
  const made = madeOf(call, source, format, fault);
  const whole = fault.junk === undefined ? made.whole : Buffer.from(fault.junk);
  const full = diskUsed(call.state) + whole.length > call.state.options.exportDiskBytes;
  const item = newItem(call, fault.owner ?? user, title, made, fault);
  const doneAt = call.now + (fault.minutes ?? made.minutes) * MINUTE;
  const job: ExportJob = {
    id: idOf(`job ${item.id}`).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5"),
    itemId: item.id,
    sourceId: source.id,
    startedAt: call.now,
    doneAt,
    toldDoneAt: doneAt + ((fault.lateMinutes ?? 0) - (fault.earlyMinutes ?? 0)) * MINUTE,
    fails: fault.fails ?? made.fails ?? (full ? DISK_FULL : null),
    statusError: fault.statusError ?? null,
    forgotten: fault.forgotten ?? false,
    whole,
    polls: 0,
  };
  call.state.jobs.set(job.id, job);
  return {
    type: made.type,
    size: 1024,
    jobId: job.id,
    exportItemId: item.id,
    serviceItemId: source.id,
    exportFormat: `${format.slice(0, 1).toLowerCase()}${format.slice(1).replaceAll(" ", "")}`,
  };
}

function status(call: Call): object {
  const item = ownedItem(call, call.at["user"] ?? "", call.at["id"] ?? "");
  if (!mayChange(signedIn(call), item, "portal:admin:updateItems")) throw noItem();
  const told = (value: string, statusMessage: string): object => ({
    status: value,
    statusMessage,
    itemId: item.id,
  });
  // Without jobType=export this is the status of an upload, and there was none.
  if (param(call, "jobType") !== "export") return told("completed", "completed");
  const job = call.state.jobs.get(param(call, "jobId"));
  if (job === undefined || job.itemId !== item.id || (job.forgotten && call.now >= job.doneAt)) {
    throw new PortalError(400, "Job does not exist or is inaccessible.", undefined, null);
  }
  job.polls += 1;
  if (job.statusError !== null) throw new PortalError(job.statusError.code, job.statusError.message);
  if (job.fails !== null && call.now >= job.doneAt) return told("failed", job.fails);
  if (call.now >= job.toldDoneAt) return told("completed", "Export completed");
  if (job.polls === 1) return told("partial", "");
  return told(job.polls % 3 === 0 ? "Processing" : "processing", "Processing..");
}

/** Gives the items of jobs that are due their files; one that is told done early has a first part of it. */
export function settleExports(state: PortalState, now: number): void {
  for (const job of state.jobs.values()) {
    const item = state.items.get(job.itemId);
    if (item === undefined || job.fails !== null) continue;
    const full = item.data.kind === "file" && item.data.content.size === job.whole.length;
    if (full || now < Math.min(job.doneAt, job.toldDoneAt)) continue;
    const share = now >= job.doneAt ? 1 : (now - job.toldDoneAt) / (job.doneAt - job.toldDoneAt);
    const bytes = job.whole.subarray(0, Math.ceil(job.whole.length * Math.max(0.1, share)));
    item.data = { kind: "file", content: held(bytes) };
    item.fields.size = bytes.length;
    item.fields.modified = Math.round(Math.min(now, job.doneAt));
  }
}

export function exportRoutes(faultOf: (call: Call) => ExportFault): readonly Route[] {
  return [
    {
      method: "ANY",
      path: "/sharing/rest/content/users/:user/export",
      form: "json",
      answer: (call) => startExport(call, faultOf(call)),
    },
    {
      method: "ANY",
      path: "/sharing/rest/content/users/:user/items/:id/status",
      form: "json",
      answer: status,
    },
  ];
}
