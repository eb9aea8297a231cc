// Control of a sample portal that runs in a process of its own: what it holds, faults and edits. Loopback only.
import { PortalError } from "../answer.ts";
import { sha256Of, type Content } from "../content.ts";
import { param, type Call } from "../call.ts";
import type { FaultRule } from "../faults.ts";
import { sizeOf } from "../item-json.ts";
import type { Route } from "../routes.ts";
import type { Item, TileService } from "../state.ts";

const digest = (content: Content | null): { size: number; sha256: string } | null =>
  content === null ? null : { size: content.size, sha256: sha256Of(content) };

function itemState(call: Call, item: Item): object {
  const folder = call.state.folders.find(({ id }) => id === item.folderId);
  return {
    id: item.id,
    owner: item.owner,
    folder: folder?.title ?? null,
    orgId: item.orgId,
    ...item.fields,
    size: sizeOf(item),
    binnedAt: item.binnedAt,
    hidden: item.hidden,
    groups: item.groups,
    data: item.data.kind === "none" ? null : { kind: item.data.kind, ...digest(item.data.content) },
    resources: item.resources.map(({ name, content }) => ({ name, ...digest(content) })),
    thumbnail: digest(item.thumbnail),
    metadata: digest(item.metadata),
  };
}

/** Everything a test compares a backup with; contents by size and hash. */
function stateOf(call: Call): object {
  const { state } = call;
  const exported = new Set([...state.jobs.values()].map((job) => job.itemId));
  return {
    org: state.org,
    now: call.now,
    items: [...state.items.values()].map((item) => itemState(call, item)),
    services: [...state.services.values()].map((service) => ({
      name: service.name,
      itemId: service.itemId,
      sources: service.sources,
      layers: service.layers.map((layer) => ({
        id: layer.id,
        name: layer.name,
        table: layer.geometry === undefined,
        rows: layer.rows.length,
        attachments: layer.hasAttachments ? layer.attachments.length : null,
      })),
    })),
    tileServices: [...state.tileServices.values()].map(
      ({ name, type, itemId, exportTilesAllowed, maxExportTilesCount }) => ({
        name,
        type,
        itemId,
        exportTilesAllowed,
        maxExportTilesCount,
      }),
    ),
    temporaryExports: [...state.items.values()]
      .filter((item) => exported.has(item.id))
      .map((item) => ({
        id: item.id,
        title: item.fields.title,
        owner: item.owner,
        binned: item.binnedAt !== null,
      })),
    exportsStarted: state.jobs.size,
    replicasStarted: state.replicas.size,
    tileJobsStarted: state.tileJobs.size,
    faultsFired: state.faults.fired,
    requests: state.requests,
  };
}

interface Edit {
  /** Fields to set on an item. */
  readonly item?: { readonly id: string; readonly set: Record<string, unknown> };
  readonly remove?: string;
  /** Rows to append to a layer, copies of its last one. */
  readonly addRows?: { readonly service: string; readonly layer: number; readonly count: number };
  /** Key in `tileServices`, and the switches to set. */
  readonly tiles?: { readonly service: string; readonly set: Partial<TileService> };
  readonly org?: Record<string, unknown>;
  readonly options?: Record<string, unknown>;
  readonly member?: { readonly username: string; readonly set: Record<string, unknown> };
}

function edit(call: Call): object {
  const wanted = jsonBody(call) as Edit;
  const { state } = call;
  if (wanted.item !== undefined) {
    const item = state.items.get(wanted.item.id);
    if (item === undefined) throw new PortalError(404, "No such item");
    Object.assign(item.fields, { modified: Math.round(call.now) }, wanted.item.set);
  }
  if (wanted.remove !== undefined) state.items.delete(wanted.remove);
  if (wanted.addRows !== undefined) {
    const { service, layer: id, count } = wanted.addRows;
    const layer = state.services.get(service)?.layers.find((candidate) => candidate.id === id);
    if (layer === undefined) throw new PortalError(404, "No such layer");
    for (let n = 0; n < count; n += 1) {
      layer.lastObjectId += 1;
      const like = layer.rows.at(-1) ?? { attributes: {}, geometry: null };
      layer.rows.push({ ...like, objectId: layer.lastObjectId });
    }
    layer.lastEditDate = Math.round(call.now);
  }
  if (wanted.tiles !== undefined) {
    const service = state.tileServices.get(wanted.tiles.service);
    if (service === undefined) throw new PortalError(404, "No such tile service");
    Object.assign(service, wanted.tiles.set);
  }
  Object.assign(state.org, wanted.org);
  Object.assign(state.options, wanted.options);
  if (wanted.member !== undefined) {
    const member = state.members.get(wanted.member.username);
    if (member === undefined) throw new PortalError(404, "No such member");
    Object.assign(member, wanted.member.set);
  }
  return { success: true };
}

function faults(call: Call): object {
  const rules = jsonBody(call);
  if (!Array.isArray(rules)) throw new PortalError(400, "A list of fault rules is wanted");
  if (param(call, "clear") === "true") call.state.faults.clear();
  call.state.faults.add(...(rules as FaultRule[]));
  return { success: true };
}

function jsonBody(call: Call): unknown {
  return JSON.parse(call.body.toString("utf8"));
}

export const controlRoutes: readonly Route[] = [
  { method: "GET", path: "/__sample/state", form: "raw", answer: stateOf },
  { method: "POST", path: "/__sample/faults", form: "raw", answer: faults },
  { method: "POST", path: "/__sample/edit", form: "raw", answer: edit },
];
