// An account that may not see everything, whatever its role is called: a run over its own items, which says so.
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { RunStatus } from "../../src/core/run.ts";
import { startPortal, type SamplePortal } from "../portal/portal.ts";
import { addItem, addMember, type Seed } from "../portal/seed/build.ts";
import { addHosted } from "../portal/seed/layers.ts";
import { smallSeed } from "../portal/seed/small.ts";
import { PASSWORD, follow, sampleProfile, startApp, startRun, stateFolder } from "./app.ts";
import { type RestorePoint, readRestorePoint } from "./restore-point.ts";

/** Called an administrator, and none: a custom role decides by its privileges alone. */
const USERNAME = "gis.lead";
const seed: Seed = (ground) => {
  smallSeed(ground);
  addMember(ground.state, USERNAME, "Team lead", {
    role: "org_admin",
    roleId: "Cust0mR0le",
    password: ground.password,
    privileges: ["portal:user:createItem", "portal:publisher:publishFeatures", "portal:admin:viewItems"],
  });
  for (const title of ["Own map", "Own plan"])
    addItem(ground.state, { title, type: "Web Map", owner: USERNAME, json: {}, folder: "Plans" });
  addHosted(ground, {
    title: "Own layer",
    service: "Own_layer",
    owner: USERNAME,
    minutes: 1,
    layers: [{ id: 0, name: "Points", geometry: "point", rows: 7 }],
  });
};

const container = `own-${randomUUID()}`;
let portal: SamplePortal;
let status: RunStatus | undefined;
let point: RestorePoint;
let results: string;

beforeAll(async () => {
  portal = await startPortal({ scale: 60, password: PASSWORD, seed });
  const state = await stateFolder();
  const profile = sampleProfile(portal.url, container);
  profile.portal.auth.username = USERNAME;
  const app = await startApp(profile, { stateFolder: state.path });
  try {
    const id = await startRun(app, profile.name);
    status = (await follow(app, id)).at(-1);
    results = (await app.call("GET", `backups/${id}/results`)).text;
    point = await readRestorePoint(container, status?.folder ?? "");
  } finally {
    await app.kill();
    await state.remove();
  }
}, 60_000);

afterAll(() => portal.stop());

test("the account's own items are saved, its layer's rows included, and nobody else's are listed", () => {
  expect(status?.verdict).toBe("succeeded");
  expect(point.items.map(({ item, outcome }) => [item.title, outcome.state]).sort()).toEqual([
    ["Own layer", "saved"],
    ["Own map", "saved"],
    ["Own plan", "saved"],
  ]);
  const layer = point.items.find(({ item }) => item.title === "Own layer");
  expect(layer?.outcome.artifacts.find(({ kind }) => kind === "export")?.tables).toMatchObject([
    { rows: 7, layerId: 0 },
  ]);
  expect(point.manifest.books).toMatchObject({ walked: 3, searchTotal: 3, differences: [] });
});

test("the report says what the account cannot see, and what to do about it", () => {
  expect(point.manifest.portal).toMatchObject({ username: USERNAME, seesAllItems: false });
  expect(results).toContain("NOT VISIBLE TO THE ACCOUNT");
  expect(results.replaceAll(/\s+/g, " ")).toContain(
    `"${USERNAME}" sees its own items and what others share with it. Items of other members are neither in this backup nor in the counts above.`,
  );
  expect(results).toContain("portal:admin:viewUsers");
});

test("nothing of other members was touched, and no temporary export is left", () => {
  const members = portal.state.requests.filter(({ path }) => path.endsWith("/portals/self/users"));
  expect(members).toEqual([]);
  const left = [...portal.state.items.values()].filter((item) => item.fields.title.startsWith("TEMP_"));
  expect(left).toEqual([]);
});
