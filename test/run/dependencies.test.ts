// One run that asks which items use which, over a portal whose maps, apps and views use each other: the graph is the one
// of the seed, and the organisation's files hold what the portal holds.
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { serviceAddress } from "../portal/places.ts";
import { startPortal, type SamplePortal } from "../portal/portal.ts";
import { CATEGORIES, ROLES, SELF_SECRETS } from "../portal/endpoints/organisation.ts";
import { text } from "../portal/content.ts";
import { addGroup, addItem, addMember, groupId, type Ground, itemId } from "../portal/seed/build.ts";
import { addHosted, addView } from "../portal/seed/layers.ts";
import { surveyZip } from "../portal/seed/media.ts";
import { PASSWORD, follow, sampleProfile, startApp, startRun, stateFolder } from "./app.ts";
import { type RestorePoint, readRestorePoint, sha256 } from "./restore-point.ts";

const container = `graph-${randomUUID()}`;
const ELSEWHERE = "e".repeat(32);
const UGLY = 'Map "quoted" \\ ]\n%% end';
let portal: SamplePortal;
let point: RestorePoint;
let results: string;

function seed(ground: Ground): void {
  const { state, places, password } = ground;
  addMember(state, "backup_admin", "Backup Administrator", { role: "org_admin", password });
  addMember(state, "jdoe", "Jane Doe");
  for (let n = 0; n < 7; n += 1) addGroup(state, `Crew ${n}`, "jdoe", "org", n === 0 ? ["backup_admin"] : []);
  const layers = [{ id: 0, name: "Wells", geometry: "point" as const, rows: 3 }];
  addHosted(ground, { title: "Wells", service: "Wells", minutes: 1, layers });
  addView(ground, { title: "Wells for all", service: "Wells_view", sources: ["Wells"], access: "public" });
  const url = serviceAddress(places, "Wells");
  addItem(state, {
    key: "map",
    title: UGLY,
    type: "Web Map",
    folder: "Maps",
    groups: ["Crew 0"],
    json: {
      operationalLayers: [
        { itemId: itemId("Wells"), url: `${url}/0` },
        { layers: [{ itemId: itemId("Wells for all") }] },
      ],
      baseMap: { baseMapLayers: [{ url: "https://basemaps.example/arcgis/rest/services/World/MapServer" }] },
      note: `0123456789abcdef0123456789abcdef`,
    },
  });
  addItem(state, {
    title: "By address",
    type: "Web Map",
    json: { operationalLayers: [{ url: `${url}/0` }] },
  });
  addItem(state, {
    title: "Board",
    type: "Dashboard",
    json: { desktopView: { widgets: [{ itemId: itemId("map") }, { itemId: ELSEWHERE }] } },
  });
  addItem(state, {
    title: "Portal page",
    type: "Web Experience",
    resources: {
      "config/config.json": text(JSON.stringify({ dataSources: { a: { itemId: itemId("map") } } })),
    },
  });
  addItem(state, {
    title: "Survey",
    type: "Form",
    name: "survey.zip",
    file: surveyZip("survey", itemId("Wells"), url),
  });
  addItem(state, {
    title: "Notes",
    type: "Notebook",
    name: "notes.ipynb",
    file: text(JSON.stringify({ cells: [{ source: [`gis.content.get("${itemId("map")}")`] }] })),
  });
  addItem(state, { title: "Pointer", type: "Feature Service", url });
}

beforeAll(async () => {
  portal = await startPortal({ seed, scale: 240, password: PASSWORD });
  const state = await stateFolder();
  const profile = sampleProfile(portal.url, container, { dependencies: true });
  const app = await startApp(profile, { stateFolder: state.path, scale: 240, redeliver: "after" });
  try {
    const id = await startRun(app, profile.name);
    const status = (await follow(app, id)).at(-1);
    results = (await app.call("GET", `backups/${id}/results`)).text;
    point = await readRestorePoint(container, status?.folder ?? "");
  } finally {
    await app.kill();
    await state.remove();
  }
}, 90_000);

afterAll(() => portal.stop());

const textOf = async (name: string) => (await point.read(name)).toString("utf8");
const jsonOf = async (name: string) => JSON.parse(await textOf(name)) as Record<string, unknown>;

test("dependencies.json holds the edges that the seed has, and no other", async () => {
  const graph = await jsonOf("dependencies.json");
  const edges = graph["edges"] as { from: string; to: string; label: string }[];
  expect(edges.map(({ from, to, label }) => `${from} ${label} ${to}`).sort()).toEqual(
    [
      [itemId("Wells for all"), "source layer", itemId("Wells")],
      [itemId("map"), "layer", itemId("Wells")],
      [itemId("map"), "layer", itemId("Wells for all")],
      [itemId("map"), "basemap", "https://basemaps.example/arcgis/rest/services/World/MapServer"],
      [itemId("By address"), "layer", itemId("Wells")],
      [itemId("Board"), "item", itemId("map")],
      [itemId("Board"), "item", ELSEWHERE],
      [itemId("Portal page"), "data source", itemId("map")],
      [itemId("Pointer"), "service address", itemId("Wells")],
      [itemId("Survey"), "data source", itemId("Wells")],
      [itemId("Notes"), "mention", itemId("map")],
    ]
      .map((edge) => edge.join(" "))
      .sort(),
  );
  expect(graph["items"]).toHaveLength(9);
  expect(graph["outside"]).toHaveLength(2);
});

test("the inventory, the drawings and the report tell the same", async () => {
  const inventory = await textOf("Inventory.csv");
  expect(inventory.split("\r\n")[0]).toMatch(/,Uses,Used by$/);
  const wells = inventory.split("\r\n").find((line) => line.startsWith(itemId("Wells"))) ?? "";
  for (const user of ["map", "By address", "Pointer", "Wells for all"])
    expect(wells).toContain(`[${itemId(user)}]`);
  expect((await textOf("dependencies.dot")).split("\n").filter((line) => line.includes(" -> "))).toHaveLength(
    11,
  );
  expect((await textOf("dependencies.mmd")).split("\n").filter((line) => line.includes("-->"))).toHaveLength(
    11,
  );
  expect(results).toContain(
    "9 items read for what they use: 9 uses of listed items, 2 of 2 items and services elsewhere",
  );
});

test("the organisation's files hold what the portal holds", async () => {
  expect(point.manifest.verdict).toBe("succeeded");
  const users = (await jsonOf("organisation/users.json")) as unknown as Record<string, unknown>[];
  expect(users.map(({ username, fullName, role }) => ({ username, fullName, role }))).toEqual(
    [...portal.state.members.values()].map(({ username, fullName, role }) => ({ username, fullName, role })),
  );
  expect(await jsonOf("organisation/roles.json")).toEqual(ROLES);
  expect(await jsonOf("organisation/categories.json")).toEqual({ categorySchema: CATEGORIES });
  const [folder] = portal.state.folders;
  expect(await jsonOf("organisation/folders.json")).toEqual([
    { username: "jdoe", id: folder?.id, title: "Maps" },
  ]);
  const groups = (await textOf("organisation/groups.jsonl"))
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as unknown);
  expect(groups).toHaveLength(7);
  expect(groups).toContainEqual({
    group: expect.objectContaining({
      id: groupId("Crew 0"),
      title: "Crew 0",
      isInvitationOnly: true,
    }) as unknown,
    users: { owner: "jdoe", admins: ["jdoe"], users: ["jdoe", "backup_admin"] },
    categorySchema: [],
    items: [itemId("map")],
  });
  const self = await textOf("organisation/portal.json");
  expect(JSON.parse(self)).toMatchObject({ id: portal.state.org.id, urlKey: "acme-sample" });
  expect(self).not.toMatch(/bingKey|clientSecret/);
  for (const secret of SELF_SECRETS) expect(self).not.toContain(secret);
  expect(results).toMatch(/ORGANISATION\n {5}2 members, 7 groups, 2 roles, 1 folder/);
});

test("the manifest names every one of these files with its size and hash", async () => {
  const names = point.manifest.files.map(({ name }) => name);
  const told = ["portal.json", "users.json", "roles.json", "categories.json", "groups.jsonl", "folders.json"];
  expect(names.filter((name) => name.startsWith("organisation/")).sort()).toEqual(
    told.map((name) => `organisation/${name}`).sort(),
  );
  expect(names).toEqual(
    expect.arrayContaining(["dependencies.json", "dependencies.dot", "dependencies.mmd"]),
  );
  for (const { name, sizeBytes, hash } of point.manifest.files) {
    const bytes = await point.read(name);
    expect([bytes.length, `sha256:${sha256(bytes)}`], name).toEqual([sizeBytes, hash]);
  }
});
