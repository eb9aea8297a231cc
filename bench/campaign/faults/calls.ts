// Every kind of call to a portal, where a run makes it, and what comes of an item, or of the run, that goes without it.
import type { FaultMatch } from "../../../test/portal/faults.ts";
import { USERNAME } from "../../../test/portal/portal.ts";
import { TARGET, type SceneName } from "./scenes.ts";

export interface PortalCall {
  readonly scene: SceneName;
  readonly match: FaultMatch;
}

const ITEM = "/content/items/[0-9a-f]+$";
const SERVICE = "/rest/services/(Hosted/)?Target/FeatureServer";
const TILES = "/rest/services/Target/MapServer";
const of = (path: string): FaultMatch => ({ path, itemTitle: TARGET });
const ofExport = (path: string, more: FaultMatch = {}): FaultMatch => ({ path, exportOf: TARGET, ...more });

export const CALLS = {
  // Signing in and listing
  "find the portal": { scene: "map", match: { path: "/portals/self$" } },
  generateToken: { scene: "map", match: { path: "/generateToken$" } },
  "portals/self": { scene: "map", match: { path: "/portals/self$", user: USERNAME } },
  members: { scene: "map", match: { path: "/portals/self/users$" } },
  folders: { scene: "map", match: { path: "/content/users/jdoe$" } },
  "root folder": { scene: "map", match: { path: "/content/users/jdoe$", param: "sortField" } },
  folder: { scene: "map", match: { path: "/content/users/jdoe/[0-9a-f]{32}$" } },
  search: { scene: "map", match: { path: "/rest/search$" } },
  "search as listing": { scene: "quick", match: { path: "/rest/search$" } },
  "count of content": { scene: "quick", match: { path: "/content/users/jdoe$" } },
  "named groups": { scene: "grouped", match: { path: "/community/groups$" } },
  "content of a named group": { scene: "grouped", match: { path: "/content/groups/" } },
  // One item
  item: { scene: "map", match: of(ITEM) },
  thumbnail: { scene: "map", match: of("/info/thumbnail/") },
  metadata: { scene: "map", match: of("/info/metadata/") },
  groups: { scene: "map", match: of("/groups$") },
  related: { scene: "map", match: of("/relatedItems$") },
  "data, json": { scene: "map", match: of("/data$") },
  resources: { scene: "map", match: of("/resources$") },
  resource: { scene: "map", match: of("/resources/images/") },
  "resource, json": { scene: "map", match: of("/resources/b.json$") },
  "data, zip": { scene: "zip", match: of("/data$") },
  "storage, zip": { scene: "zip", match: { server: "storage", itemTitle: TARGET } },
  "storage, photo": { scene: "photo", match: { server: "storage", itemTitle: TARGET } },
  "storage, any file": { scene: "raw", match: { server: "storage", itemTitle: TARGET } },
  // A hosted layer by the portal's export
  "layers before": { scene: "layer", match: of(`${SERVICE}/layers$`) },
  "count before": { scene: "layer", match: { ...of(`${SERVICE}/0/query$`), param: "returnCountOnly" } },
  "layer before": { scene: "layer", match: of(`${SERVICE}/0$`) },
  "attachments before": { scene: "layer", match: of(`${SERVICE}/0/queryAttachments$`) },
  "look for the title": {
    scene: "layer",
    match: { path: "/content/users/backup_admin$", param: "sortField", nth: 2 },
  },
  "export start": { scene: "layer", match: { path: "/export$", itemTitle: TARGET } },
  "export adopted": { scene: "layer", match: ofExport(ITEM) },
  "export tags": { scene: "untagged", match: ofExport("/update$") },
  "export status": { scene: "layer", match: ofExport("/status$") },
  "export item": { scene: "layer", match: ofExport(ITEM, { nth: 2 }) },
  "export data": { scene: "layer", match: ofExport("/data$") },
  "export storage": { scene: "layer", match: { server: "storage", exportOf: TARGET } },
  "layers after": { scene: "layer", match: { ...of(`${SERVICE}/layers$`), nth: 2 } },
  "count after": {
    scene: "layer",
    match: { ...of(`${SERVICE}/0/query$`), param: "returnCountOnly", nth: 2 },
  },
  "export delete": { scene: "layer", match: ofExport("/delete$") },
  service: { scene: "layer", match: of(`${SERVICE}$`) },
  layers: { scene: "layer", match: { ...of(`${SERVICE}/layers$`), nth: 3 } },
  admin: { scene: "layer", match: of("/rest/admin/services/Target/FeatureServer$") },
  sources: { scene: "view", match: of(`${SERVICE}/sources$`) },
  "service of a view": { scene: "view", match: of(`${SERVICE}$`) },
  // A hosted layer by an extract, and by queries
  "extract start": { scene: "replica", match: of(`${SERVICE}/createReplica$`) },
  "extract status": { scene: "replica", match: of(`${SERVICE}/jobs/`) },
  "extract file": { scene: "replica", match: of("/replicafilescache/") },
  "row ids": { scene: "rows", match: { ...of(`${SERVICE}/0/query$`), param: "returnIdsOnly" } },
  rows: { scene: "rows", match: { ...of(`${SERVICE}/0/query$`), param: "orderByFields" } },
  "attachments of rows": {
    scene: "rows",
    match: { ...of(`${SERVICE}/0/queryAttachments$`), param: "objectIds" },
  },
  attachment: { scene: "rows", match: of(`${SERVICE}/0/\\d+/attachments/\\d+$`) },
  // Tiles
  "tile service": { scene: "tiles", match: of(`${TILES}$`) },
  "tiles start": { scene: "tiles", match: of(`${TILES}/exportTiles$`) },
  "tiles status": { scene: "tiles", match: of(`${TILES}/jobs/`) },
  "tiles file": { scene: "tiles", match: { server: "storage", path: "/storage/export/" } },
  "tiles switch": { scene: "switched", match: of("/MapServer/edit$") },
  "tiles start, switched on": { scene: "switched", match: of(`${TILES}/exportTiles$`) },
  "tiles switch back": { scene: "switched", match: { ...of("/MapServer/edit$"), nth: 2 } },
  // The organisation
  settings: { scene: "organisation", match: { path: "/portals/self$", user: USERNAME, nth: 2 } },
  users: { scene: "organisation", match: { path: "/portals/self/users$", nth: 2 } },
  roles: { scene: "organisation", match: { path: "/portals/self/roles$" } },
  categories: { scene: "organisation", match: { path: "/portals/self/categorySchema$" } },
  "search of groups": { scene: "organisation", match: { path: "/community/groups$" } },
  group: { scene: "organisation", match: { path: "/community/groups/[0-9a-f]{32}$" } },
  "users of a group": { scene: "organisation", match: { path: "/community/groups/[0-9a-f]{32}/users$" } },
  "categories of a group": {
    scene: "organisation",
    match: { path: "/community/groups/[0-9a-f]{32}/categorySchema$" },
  },
  "items of a group": { scene: "organisation", match: { path: "/content/groups/" } },
  // A federated server of ArcGIS Enterprise
  "server info": { scene: "federated", match: { server: "hosting", path: "/rest/info$" } },
  servers: { scene: "federated", match: { path: "/portals/self/servers$" } },
  "server token": { scene: "federated", match: { path: "/generateToken$", nth: 2 } },
  "federated layers": { scene: "federated", match: of(`${SERVICE}/layers$`) },
} as const satisfies Record<string, PortalCall>;

export type CallName = keyof typeof CALLS;
export const CALL_NAMES = Object.keys(CALLS) as readonly CallName[];
