// A portal where of each hosted layer only one way to its data works: the item is saved by that way, and the report says so.
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Rung } from "../../src/core/ladder.ts";
import type { ItemLine } from "../../src/core/run.ts";
import { startPortal, type SamplePortal } from "../portal/portal.ts";
import { ladderSeed } from "../portal/seed/ladder.ts";
import { PASSWORD, follow, sampleProfile, startApp, startRun, stateFolder } from "./app.ts";
import { type RestorePoint, bundleEntries, readRestorePoint } from "./restore-point.ts";

const EXPECTED: Readonly<Record<string, Rung>> = {
  "Only whole": "fgdb",
  "Only layer by layer": "fgdb-layers",
  "Only by an extract": "replica",
  "Only by an extract without attachments": "rows",
  "Only by queries": "rows",
  "Only as shapefile": "shapefile",
  "Only as CSV": "csv",
  "Tracks of the crews": "shapefile",
};

describe.each(["online"] as const)("the ladder (%s)", (kind) => {
  let portal: SamplePortal;
  let point: RestorePoint;
  let results: string;
  let verdict: string | null | undefined;
  const cleanUp: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    portal = await startPortal({ kind, scale: 120, password: PASSWORD, seed: ladderSeed });
    cleanUp.push(() => portal.stop());
    const container = `ladder-${randomUUID()}`;
    const profile = sampleProfile(portal.url, container, { exports: { lanes: 8 } });
    const state = await stateFolder();
    const app = await startApp(profile, { stateFolder: state.path, scale: 120 });
    cleanUp.push(
      () => app.kill(),
      () => state.remove(),
    );
    const id = await startRun(app, profile.name);
    const status = (await follow(app, id)).at(-1);
    verdict = status?.verdict;
    results = (await app.call("GET", `backups/${id}/results`)).text;
    point = await readRestorePoint(container, status?.folder ?? "");
  }, 90_000);
  afterAll(async () => {
    for (const each of cleanUp) await each();
  });

  const lineOf = (title: string): ItemLine => {
    const line = point.items.find(({ item }) => item.title === title && item.type === "Feature Service");
    if (line === undefined) throw new Error(`No line of ${title}`);
    return line;
  };

  test.each(Object.entries(EXPECTED))("saves what is to be had %s", (title, rung) => {
    const { outcome } = lineOf(title);
    expect([outcome.state, outcome.rung]).toEqual(["saved", rung]);
    if (rung !== "fgdb") expect(results).toMatch(new RegExp(`FALLBACK EXPORTS[^]*${title}`));
  });

  test("what no way gives has failed, and all others are saved", () => {
    expect(verdict).toBe("partial");
    const failed = point.items.filter(({ outcome }) => outcome.state === "failed");
    expect(failed.map(({ item }) => item.title)).toEqual(["No way at all"]);
    expect(JSON.stringify(failed[0]?.outcome)).toContain("Nor did these ways succeed");
  });

  test("layers by queries hold every row and every attachment that the layer has", async () => {
    const { outcome } = lineOf("Only by queries");
    expect(outcome).toMatchObject({ loss: [{ kind: "lesser-format" }] });
    const entries = await bundleEntries(point, outcome.artifacts);
    const service = [...portal.state.services.values()].find(({ name }) => name === "Only_by_queries");
    for (const layer of service?.layers ?? []) {
      const rows = [...entries].filter(([name]) => name.startsWith(`rows/${layer.id}/`));
      const features = rows.flatMap(
        ([, bytes]) => (JSON.parse(bytes.toString("utf8")) as { features: unknown[] }).features,
      );
      expect(features).toHaveLength(layer.rows.length);
      const attached = [...entries.keys()].filter((name) =>
        new RegExp(`^attachments/${layer.id}/\\d+/`).test(name),
      );
      expect(attached).toHaveLength(layer.attachments.length);
    }
  });

  test("the attachments that an extract leaves out are fetched one by one", () => {
    const { outcome } = lineOf("Only by an extract without attachments");
    expect(outcome).toMatchObject({ state: "saved", loss: [] });
    expect(outcome.artifacts.some(({ path }) => path.endsWith("_replica_2.gdb.zip"))).toBe(true);
  });

  test("a table that the whole export forgets comes by itself, rows and photos that cannot be read are told", () => {
    expect(lineOf("Table that nobody knows").outcome).toMatchObject({ state: "saved", rung: "fgdb-layers" });
    expect(lineOf("Rows that cannot be read").outcome).toMatchObject({
      state: "saved",
      loss: expect.arrayContaining([
        { kind: "rows-excluded", text: 'Layer 0 "Points": 2 rows could be read in no way' },
      ]) as unknown,
    });
    expect(lineOf("Photos that cannot be read").outcome).toMatchObject({
      state: "saved",
      loss: expect.arrayContaining([
        { kind: "attachments-missing", text: 'Layer 0 "Points": 1 attachment could be read in no way' },
      ]) as unknown,
    });
    expect(lineOf("Buildings in 3D").outcome.state).toBe("saved");
  });

  test("nothing temporary is left, and every file is in the manifest", () => {
    expect([...portal.state.items.values()].filter(({ fields }) => fields.title.startsWith("TEMP_"))).toEqual(
      [],
    );
    const known = new Set([
      "manifest.json",
      "run.json",
      ...point.manifest.files.map(({ name }) => name),
      ...point.items.flatMap(({ outcome }) => outcome.artifacts.map(({ path }) => path)),
    ]);
    expect(point.blobs.filter((blob) => !known.has(blob))).toEqual([]);
  });
});
