// Tile, vector tile and scene layers in every state: what is saved and how, what waits for an option or is too much, and the
// switch of a layer that is turned on for its export and put back whatever happens meanwhile.
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { packageOf } from "../portal/formats/package-of.ts";
import { startPortal, type SamplePortal } from "../portal/portal.ts";
import { tilesSeed } from "../portal/seed/tiles.ts";
import { type App, PASSWORD, follow, sampleProfile, startApp, startRun, stateFolder } from "./app.ts";
import { type RestorePoint, readRestorePoint } from "./restore-point.ts";

// A service keeps what it exported for ten minutes, which is twenty seconds of the test.
const SCALE = 30;
const OFF = ["Base map, export switched off", "Parcels (vector), export switched off"];

/** Title, and the state with the rung, the cause or the reason. */
const WITHOUT_SWITCHING: Readonly<Record<string, string>> = {
  "Base map": "saved tpkx",
  "Base map, export switched off": "failed export-switched-off",
  "Base map with too many tiles": "failed too-many-tiles",
  "Streets (vector)": "saved vtpk-item",
  "Contours (vector), by exportTiles only": "saved vtpk",
  "Parcels (vector), export switched off": "failed export-switched-off",
  "Buildings (scene)": "saved slpk",
  "Point cloud (scene)": "failed not-supported",
  Orthophotos: "saved tpkx",
  Trails: "skipped package-saved",
  Hills: "skipped package-saved",
};

describe.each(["online", "enterprise"] as const)("layers of tiles (%s)", (kind) => {
  let portal: SamplePortal;
  let app: App;
  let state: Awaited<ReturnType<typeof stateFolder>>;
  const container = `tiles-${randomUUID()}`;
  const waiting = sampleProfile("", container, { exports: { lanes: 8 } });
  let profile = waiting;

  beforeAll(async () => {
    portal = await startPortal({ kind, scale: SCALE, password: PASSWORD, seed: tilesSeed });
    state = await stateFolder();
    profile = { ...waiting, portal: { ...waiting.portal, url: portal.url } };
    app = await startApp(profile, { stateFolder: state.path, scale: SCALE });
  }, 60_000);
  afterAll(async () => {
    await app.kill();
    await portal.stop();
    await state.remove();
  });

  const switches = () =>
    Object.fromEntries(
      [...portal.state.tileServices].map(([name, service]) => [
        name,
        [service.exportTilesAllowed, service.maxExportTilesCount],
      ]),
    );

  async function ended(id: string): Promise<{ readonly point: RestorePoint; readonly results: string }> {
    const status = (await follow(app, id)).at(-1);
    const results = (await app.call("GET", `backups/${id}/results`)).text;
    return { point: await readRestorePoint(container, status?.folder ?? ""), results };
  }

  const toldOf = ({ items }: RestorePoint, server: RegExp): Readonly<Record<string, string>> =>
    Object.fromEntries(
      items
        .filter(({ item }) => server.test(item.url ?? ""))
        .map(({ item: { title }, outcome }) => {
          switch (outcome.state) {
            case "saved":
              return [title, `saved ${outcome.rung ?? ""}`];
            case "skipped":
              return [title, `skipped ${outcome.cause}`];
            case "failed":
              return [title, `failed ${outcome.failure.reason}`];
            case "unchanged":
              return [title, "unchanged"];
          }
        }),
    );

  /** Holds every package of the run against what its service makes; how many there are. */
  async function packagesIn(point: RestorePoint): Promise<number> {
    const exports = point.items.flatMap(({ item, outcome }) =>
      outcome.artifacts.filter((file) => file.kind === "export").map(({ path }) => ({ item, path })),
    );
    for (const { item, path } of exports) {
      const service = [...portal.state.tileServices.values()].find(({ itemId }) => itemId === item.id);
      if (service === undefined) throw new Error(`${item.title} has no tiles`);
      expect((await point.read(path)).equals(packageOf(service)), item.title).toBe(true);
    }
    return exports.length;
  }

  // That layers wait is decided before a form of either kind is asked for.
  const once = kind === "online" ? test : test.skip;

  once(
    "without the option the layers that do not allow it wait for it, in one line, and no switch is touched",
    async () => {
      const before = switches();
      const { point, results } = await ended(await startRun(app, profile.name));
      expect(toldOf(point, /Server$/)).toEqual(WITHOUT_SWITCHING);
      expect(results.match(/wait for an option/g)).toHaveLength(1);
      expect(results).toContain("2 tile layers wait for an option");
      expect(switches()).toEqual(before);
      expect(portal.state.requests.filter(({ path }) => /\/edit$/.test(path))).toEqual([]);
      expect(await packagesIn(point)).toBe(5);
      // A package is an item like any other, and what it covers names it.
      const covering = point.items
        .filter(({ item }) => /Package$/.test(item.type))
        .map(({ item }) => item.id);
      const covered = point.items.flatMap(({ outcome }) =>
        outcome.state === "skipped" ? outcome.coveredBy : [],
      );
      expect(covered.sort()).toEqual(covering.sort());
    },
    60_000,
  );

  test("with the option they are saved, and both switches are as before: after a kill -9, and where putting back fails once", async () => {
    const before = switches();
    portal.faults.add(
      ...OFF.map((itemTitle) => ({
        match: { path: "/exportTiles$", itemTitle },
        export: { minutes: 1.5 },
      })),
      {
        match: { path: "Base_map_off[./]MapServer/edit$", nth: 2 },
        answer: { status: 503 },
      },
    );
    const ids = [...portal.state.items.values()]
      .filter(({ fields }) => OFF.includes(fields.title))
      .map(({ id }) => id);
    const willing = { ...profile, tiles: { switchExportOn: true } };
    await app.call("PUT", `profiles/${profile.name}`, willing);
    const started = await app.call("POST", "backups", { profile: profile.name, select: { ids } });
    const { id } = JSON.parse(started.text) as { id: string };
    const areOn = () =>
      ["Base_map_off/MapServer", "Parcels_vector/VectorTileServer"].every(
        (name) => portal.state.tileServices.get(name)?.exportTilesAllowed === true,
      ) && portal.state.tileJobs.size > 0;
    await follow(app, id, (status) => areOn() || status.verdict !== null);
    expect(areOn()).toBe(true);
    await app.kill();
    app = await startApp(profile, { stateFolder: state.path, scale: SCALE });

    const { point } = await ended(id);
    expect(toldOf(point, /(?:off|Parcels_vector)\/\w+Server$/)).toEqual({
      "Base map, export switched off": "saved tpkx",
      "Parcels (vector), export switched off": "saved vtpk",
    });
    expect(await packagesIn(point)).toBe(2);
    expect(point.manifest.verdict).toBe("succeeded");
    expect(point.manifest.leftBehind).toEqual([]);
    expect(portal.faults.fired).toEqual([1, 1, 1]);
    expect(switches()).toEqual(before);
  }, 60_000);
});
