// Whatever JSON a portal or its services answer, each call returns a result: it throws nothing, and follows no page for ever.
import { expect, test } from "vitest";
import type { Portal } from "../../../src/clients/portal/portal.ts";
import type { Result } from "../../../src/core/result.ts";
import { portalAt, servePortal } from "./server.ts";

const ID = "0123456789abcdef0123456789abcdef";

/** Values in the place of everything that a call may look for. */
const VALUES = [
  undefined,
  null,
  0,
  -1,
  "",
  "x",
  "http://127.0.0.1:1/x",
  [],
  [null, 7, "x", {}, [1]],
  {},
] as const;
const NAMES = [
  ...[
    "total",
    "start",
    "num",
    "nextStart",
    "results",
    "users",
    "items",
    "folders",
    "roles",
    "groups",
    "user",
  ],
  ...["relatedItems", "resources", "servers", "admin", "other", "id", "name", "username", "owner", "title"],
  ...[
    "exportItemId",
    "jobId",
    "status",
    "statusMessage",
    "success",
    "count",
    "objectIds",
    "objectIdFieldName",
  ],
  ...["attachmentGroups", "features", "statusUrl", "responseUrl", "resultUrl", "jobStatus", "output", "url"],
  ...["messages", "currentFolder", "categorySchema", "layers", "tables", "itemId", "token", "expires"],
] as const;

const CALLS: Readonly<Record<string, (portal: Portal, service: string) => Promise<Result<unknown>>>> = {
  members: (portal) => portal.members(1),
  folders: (portal) => portal.folders("jdoe"),
  content: (portal) => portal.content("jdoe", null, 1),
  contentSummary: (portal) => portal.contentSummary("jdoe"),
  recycled: (portal) => portal.recycled("jdoe", 1),
  search: (portal) => portal.search("a", 1),
  groupsOf: (portal) => portal.groupsOf("o", 1),
  group: (portal) => portal.group(ID),
  groupContent: (portal) => portal.groupContent(ID, 1),
  item: (portal) => portal.item(ID),
  groups: (portal) => portal.groups(ID),
  related: (portal) => portal.related(ID, ["Map2Service"], "forward", 1),
  servers: (portal) => portal.servers(),
  data: (portal) => portal.data(ID, "json"),
  resources: (portal) => portal.resources(ID, 1),
  resource: (portal) => portal.resource(ID, "a.png"),
  info: (portal) => portal.info(ID, "metadata/metadata.xml"),
  service: (portal, service) => portal.service(service, "/layers"),
  count: (portal, service) => portal.count(service, 0),
  attachmentCount: (portal, service) => portal.attachmentCount(service, 0),
  startExport: (portal) =>
    portal.startExport({ user: "jdoe", itemId: ID, title: "t", tag: "g", format: "CSV", layers: [0] }),
  exportStatus: (portal) => portal.exportStatus("jdoe", { exportItemId: ID, jobId: "j" }),
  setTags: (portal) => portal.setTags("jdoe", ID, ["a"]),
  deleteItem: (portal) => portal.deleteItem("jdoe", ID),
  startReplica: (portal, service) =>
    portal.startReplica(service, { name: "n", layers: [0], attachments: true, format: "filegdb" }),
  replicaStatus: (portal, service) => portal.replicaStatus(`${service}/jobs/1`),
  startTiles: (portal, service) => portal.startTiles(service, { levels: "0-3", format: "tpkx" }),
  tileJob: (portal, service) => portal.tileJob(service, "j1"),
  editTileExport: (portal, service) =>
    portal.editTileExport(service, { exportTilesAllowed: true, maxExportTilesCount: 10 }),
  objectIds: (portal, service) => portal.objectIds(service, 0),
  rows: (portal, service) => portal.rows(service, 0, { field: "OBJECTID", from: 1, to: 2 }),
  attachments: (portal, service) => portal.attachments(service, 0, [1]),
  attachment: (portal, service) => portal.attachment(service, 0, 1, 1),
  self: (portal) => portal.organisation.self(),
  users: (portal) => portal.organisation.users(1),
  roles: (portal) => portal.organisation.roles(1),
  categories: (portal) => portal.organisation.categories(),
  organisationGroups: (portal) => portal.organisation.groups("o", 1),
  organisationGroup: (portal) => portal.organisation.group(ID),
  groupUsers: (portal) => portal.organisation.groupUsers(ID),
  groupCategories: (portal) => portal.organisation.groupCategories(ID),
  groupItems: (portal) => portal.organisation.groupItems(ID, 1),
};

test.each(VALUES.map((value) => [value]))("%j everywhere", async (value) => {
  const answer = Object.fromEntries(NAMES.map((name) => [name, value]));
  let isOpen = true;
  const server = await servePortal((got) =>
    isOpen && /generateToken|portals\/self$/.test(got.path) ? undefined : answer,
  );
  const { portal } = portalAt(server.url);
  expect((await portal.connect()).ok).toBe(true);
  isOpen = false;
  const service = `${server.url}/arcgis/rest/services/a/FeatureServer`;
  for (const [name, call] of Object.entries(CALLS)) {
    const before = server.got.length;
    const result = await call(portal, service);
    if (!result.ok) expect(result.failure.text, name).not.toBe("");
    expect(server.got.length - before, name).toBeLessThan(20);
    if (result.ok && typeof result.value === "object" && result.value !== null && "discard" in result.value) {
      (result.value.discard as () => void)();
    }
  }
});

test.each(["<html></html>", "{", ""])("%j in place of JSON", async (text) => {
  let isOpen = true;
  const server = await servePortal((got) =>
    isOpen && /generateToken|portals\/self$/.test(got.path)
      ? undefined
      : (response) => void response.writeHead(200).end(text),
  );
  const { portal } = portalAt(server.url);
  expect((await portal.connect()).ok).toBe(true);
  isOpen = false;
  const service = `${server.url}/arcgis/rest/services/a/FeatureServer`;
  for (const call of Object.values(CALLS)) {
    const result = await call(portal, service);
    if (result.ok && typeof result.value === "object" && result.value !== null && "discard" in result.value) {
      (result.value.discard as () => void)();
    }
  }
});
