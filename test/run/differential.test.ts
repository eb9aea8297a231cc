// Two runs of one profile with a quick search: a differential one that leaves out what did not change and what is excluded,
// and one that takes everything because the request says so.
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { RunStatus } from "../../src/core/run.ts";
import { startPortal, type SamplePortal } from "../portal/portal.ts";
import { addMember, itemId } from "../portal/seed/build.ts";
import { leanSeed } from "../portal/seed/lean.ts";
import { PASSWORD, follow, sampleProfile, startApp, stateFolder } from "./app.ts";
import { type RestorePoint, readRestorePoint } from "./restore-point.ts";

const container = `diff-${randomUUID()}`;
let portal: SamplePortal;
let plan: string;
let differential: { readonly status: RunStatus | undefined; readonly point: RestorePoint };
let whole: typeof differential;

beforeAll(async () => {
  portal = await startPortal({
    password: PASSWORD,
    seed: (ground) => {
      leanSeed({ maps: 4, layers: 2, minutes: 1 })(ground);
      addMember(ground.state, "jdoe", "Jane Doe");
    },
  });
  const now = portal.now();
  const map = portal.state.items.get(itemId("Map 1"));
  if (map !== undefined) map.fields.modified = now;
  for (const layer of portal.state.services.get("Layer1")?.layers ?? []) layer.lastEditDate = now;
  const state = await stateFolder();
  const options = { search: "quick", layout: "type", changedWithinDays: 3, exclude: { tags: ["nothing"] } };
  const profile = sampleProfile(portal.url, container, options);
  const app = await startApp(profile, { stateFolder: state.path });
  const run = async (more: object) => {
    const reply = await app.call("POST", "backups", { profile: profile.name, ...more });
    const { id } = JSON.parse(reply.text) as { id: string };
    return { id, status: (await follow(app, id)).at(-1) };
  };
  const pointOf = async (more: object) => {
    const { status } = await run(more);
    return { status, point: await readRestorePoint(container, status?.folder ?? "") };
  };
  try {
    const dry = await run({ dryRun: true });
    plan = (await app.call("GET", `backups/${dry.id}/plan`)).text;
    differential = await pointOf({});
    whole = await pointOf({ changedWithinDays: 0, exclude: { types: ["feature service"] } });
  } finally {
    await app.kill();
    await state.remove();
  }
}, 90_000);

afterAll(() => portal.stop());

const states = ({ items }: RestorePoint) =>
  Object.fromEntries(items.map(({ item, outcome }) => [item.title, outcome.state]));

test("a differential run saves what changed and leaves the rest unchanged, and its books balance", () => {
  const { status, point } = differential;
  expect(states(point)).toEqual({
    ...{ "Map 0": "unchanged", "Map 1": "saved", "Map 2": "unchanged", "Map 3": "unchanged" },
    ...{ "Quick layer 0": "unchanged", "Quick layer 1": "saved" },
  });
  expect(status?.counts).toEqual({ listed: 6, saved: 2, unchanged: 4, skipped: 0, failed: 0 });
  expect(point.manifest).toMatchObject({ verdict: "succeeded", counts: status?.counts });
  expect(point.manifest.run).toMatchObject({ changedWithinDays: 3, exclude: { tags: ["nothing"] } });
  expect(point.manifest.books).toMatchObject({ search: "quick", walked: 6, searchListed: 6 });
  expect(point.manifest.books?.notes.join()).toMatch(
    /^No earlier backup of this profile is known: .* UTC may/,
  );
  for (const { outcome } of point.items) {
    if (outcome.state !== "unchanged") continue;
    expect(outcome.since < (point.manifest.run.changedSince ?? "")).toBe(true);
  }
});

test("a request that takes everything and leaves layers out does so, and its restore point is no differential one", () => {
  const { point } = whole;
  expect(point.manifest.counts).toEqual({ listed: 6, saved: 4, unchanged: 0, skipped: 2, failed: 0 });
  expect(point.manifest.run).not.toHaveProperty("changedWithinDays");
  const layers = point.items.filter(({ item }) => item.type === "Feature Service");
  expect(layers.map(({ outcome }) => outcome.why)).toEqual(
    Array<string>(2).fill("In exclude.types: feature service"),
  );
});

test("the plan of a dry run tells the reason of each", () => {
  expect(plan).toContain("6 items: 2 to be backed up, 0 to be skipped, 4 unchanged.");
  expect(plan.replaceAll(/\s+/g, " ")).toMatch(/Its rows were edited since .* UTC \(changedWithinDays 3\)/);
  expect(plan).toMatch(/UNCHANGED \(4\)/);
});
