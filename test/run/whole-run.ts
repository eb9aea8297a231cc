// A run over an item of every type and condition and everything that is odd, at both kinds of portal, and what it left held
// byte for byte against the portal's own state.
import { randomUUID } from "node:crypto";
import { readFile, readdir } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { STRATEGIES } from "../../src/core/item.ts";
import type { RunStatus } from "../../src/core/run.ts";
import { openStore } from "../azurite.ts";
import { SELF_SECRETS } from "../portal/endpoints/organisation.ts";
import { startPortal, type SamplePortal } from "../portal/portal.ts";
import { typeRows, typesSeed } from "../portal/seed/types.ts";
import { type App, PASSWORD, follow, sampleProfile, startApp, startRun, stateFolder } from "./app.ts";
import { type Compared, expectContent, expectData, expectDefinition, keptOf } from "./compare-item.ts";
import { type RestorePoint, readRestorePoint, sha256, value } from "./restore-point.ts";

// A service keeps what it exported for ten minutes, which is twenty seconds of the test.
const SCALE = 30;

/** What no way leads to. The online run may switch the export of tiles on, the other may not. */
const NOT_TO_BE_HAD: Readonly<Record<SamplePortal["kind"], Readonly<Record<string, string>>>> = {
  online: { "Base map with too many tiles": "too-many-tiles", "Point cloud (scene)": "not-supported" },
  enterprise: {
    "Base map with too many tiles": "too-many-tiles",
    "Point cloud (scene)": "not-supported",
    "Base map, export switched off": "export-switched-off",
    "Parcels (vector), export switched off": "export-switched-off",
  },
};
const PACKAGES = { online: 10, enterprise: 8 } as const;

/** Declares the tests against a portal of this kind; each kind has a test file of its own, so that they run side by side. */
export function wholeRunTests(kind: SamplePortal["kind"]): void {
  describe(`a run over a whole portal (${kind})`, () => {
    let portal: SamplePortal;
    let app: App;
    let point: RestorePoint;
    let statuses: readonly RunStatus[];
    let before: ReadonlySet<string>;
    /** Every item with the time at which it went to the recycle bin. */
    let everything: ReadonlyMap<string, number | null>;
    const container = `whole-${kind}-${randomUUID()}`;
    let hostState: string;
    const cleanUp: (() => Promise<void>)[] = [];

    beforeAll(async () => {
      portal = await startPortal({ kind, seed: typesSeed, scale: SCALE, password: PASSWORD });
      cleanUp.push(() => portal.stop());
      // What a group search would show of other organisations is theirs to back up.
      const all = [...portal.state.items.values()];
      const own = all.filter((item) => item.orgId === portal.state.org.id && item.binnedAt === null);
      before = new Set(own.map(({ id }) => id));
      everything = new Map(all.map(({ id, binnedAt }) => [id, binnedAt]));
      const state = await stateFolder();
      cleanUp.push(state.remove);
      hostState = state.path;
      const profile = sampleProfile(portal.url, container, {
        ...{ exports: { lanes: 8 }, lanes: 8, dependencies: true },
        tiles: { switchExportOn: kind === "online" },
      });
      app = await startApp(profile, { stateFolder: state.path, scale: SCALE });
      cleanUp.unshift(() => app.kill());
      statuses = await follow(app, await startRun(app, profile.name));
      point = await readRestorePoint(container, statuses.at(-1)?.folder ?? "");
    }, 120_000);

    afterAll(async () => {
      for (const step of cleanUp) await step();
    });

    test("a whole run accounts for every item of the portal exactly once, and fails what is not to be had", () => {
      const ids = point.items.map(({ item }) => item.id);
      expect(new Set(ids)).toEqual(before);
      expect(ids).toHaveLength(before.size);
      const { listed, saved, unchanged, skipped, failed } = point.manifest.counts;
      expect(listed).toBe(before.size);
      expect(saved + unchanged + skipped + failed).toBe(listed);
      expect(point.manifest.books).toMatchObject({
        walked: before.size,
        searchTotal: before.size,
        differences: [],
      });
      const reasons = point.items.flatMap(({ item, outcome }) =>
        outcome.state === "failed" ? [[item.title, outcome.failure.reason]] : [],
      );
      expect(Object.fromEntries(reasons)).toEqual(NOT_TO_BE_HAD[kind]);
      expect([reasons.length, point.manifest.verdict]).toEqual([failed, "partial"]);
    });

    test("every row of the strategy table is met", () => {
      const types = new Set(point.items.map(({ item }) => item.type));
      expect(typeRows().filter(({ type }) => !types.has(type))).toEqual([]);
      expect(new Set(point.items.map(({ outcome }) => outcome.strategy))).toEqual(new Set(STRATEGIES));
    });

    test("all that was kept of an item is the portal's, byte for byte: saved, skipped or failed", async () => {
      const compared: Record<Compared, number> = { geodatabase: 0, rows: 0, package: 0, nothing: 0 };
      let definitions = 0;
      for (const line of point.items) {
        if (line.outcome.strategy === "skip-no-value") {
          expect(line.outcome.artifacts, line.item.title).toEqual([]);
          continue;
        }
        const kept = await keptOf(portal, point, line);
        await expectContent(kept);
        if (expectDefinition(kept)) definitions += 1;
        compared[await expectData(kept)] += 1;
      }
      const { services, tileServices } = portal.state;
      expect(definitions).toBe(services.size + tileServices.size);
      const layers = [...services.values()].filter(({ sources }) => sources.length === 0);
      expect(compared).toMatchObject({ geodatabase: layers.length - 1, rows: 1, package: PACKAGES[kind] });
    });

    test("the organisation's files tell its members, groups, folders and what is shared", async () => {
      const file = async (name: string) => (await point.read(`organisation/${name}`)).toString("utf8");
      const { members, groups, folders, items } = portal.state;
      const users = JSON.parse(await file("users.json")) as { username: string }[];
      expect(users.map(({ username }) => username)).toEqual([...members.keys()].sort());
      const told = (await file("groups.jsonl"))
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line) as { group: { id: string }; items: string[] });
      expect(told.map(({ group, items: shared }) => [group.id, shared.toSorted()]).sort()).toEqual(
        [...groups.keys()]
          .map((id) => [id, [...items.values()].filter((item) => item.groups.includes(id)).map((item) => item.id).sort()])
          .sort(),
      ); // prettier-ignore
      const listed = JSON.parse(await file("folders.json")) as {
        id: string;
        username: string;
        title: string;
      }[];
      expect(listed.map(({ id, username: owner, title }) => ({ id, owner, title })).sort(byId)).toEqual(
        folders.map(({ id, owner, title }) => ({ id, owner, title })).sort(byId),
      );
    });

    test("every artifact and every file of the manifest has the length and hash that are sealed", async () => {
      const artifacts = point.items.flatMap(({ outcome }) => outcome.artifacts);
      for (const { path, sizeBytes, hash } of [
        ...artifacts,
        ...point.manifest.files.map((file) => ({ ...file, path: file.name })),
      ]) {
        const bytes = await point.read(path);
        expect([bytes.length, `sha256:${sha256(bytes)}`], path).toEqual([sizeBytes, hash]);
        expect(path.length).toBeLessThan(200);
      }
      const known = new Set([
        ...artifacts.map(({ path }) => path),
        ...point.manifest.files.map(({ name }) => name),
      ]);
      expect(point.blobs.filter((path) => !known.has(path)).sort()).toEqual(["manifest.json", "run.json"]);
    });

    test("the report names the portal that it is, and its services were reached with the token that they take", () => {
      expect(point.manifest.portal).toMatchObject({
        kind,
        base: portal.url,
        version: kind === "online" ? "2025.1" : "11.3.0",
      });
      const asked = portal.state.requests.filter(({ path }) => path.includes("/FeatureServer"));
      expect(new Set(asked.map(({ server }) => server))).toEqual(
        new Set([kind === "online" ? "portal" : "hosting"]),
      );
      // One exchange per run and worker: every call after it carries the server's token at once.
      const exchanges = [...portal.state.tokens.values()].filter(({ serverUrl }) => serverUrl !== null);
      expect(exchanges).toHaveLength(kind === "online" ? 0 : 1);
    });

    test("no temporary export is left, and nothing else was deleted", () => {
      const left = [...portal.state.items.values()].map(({ id, binnedAt }) => [id, binnedAt] as const);
      expect(new Map(left)).toEqual(everything);
    });

    test("the status never goes backwards and ends at the sealed numbers", () => {
      const done = statuses.map(
        ({ counts }) => counts.saved + counts.skipped + counts.failed + counts.unchanged,
      );
      expect(done).toEqual([...done].sort((a, b) => a - b));
      expect(statuses.at(-1)?.counts).toEqual(point.manifest.counts);
    });

    test("a secret that was used appears in nothing that was written", async () => {
      const tokens = [...portal.state.tokens.keys()];
      expect(tokens.length).toBeGreaterThan(0);
      const secrets = [PASSWORD, ...tokens, ...SELF_SECRETS];
      const found: string[] = [];
      const look = (where: string, bytes: Buffer) => {
        for (const secret of secrets) if (bytes.includes(secret)) found.push(where);
      };
      look("host log", Buffer.from(app.log()));
      // Durable history, keys and all: what the host keeps on disk.
      for (const file of await readdir(hostState, { recursive: true, withFileTypes: true })) {
        if (file.isFile()) look(file.name, await readFile(path.join(file.parentPath, file.name)));
      }
      for (const path of point.blobs) look(path, await point.read(path));
      const work = openStore("work");
      for (let next: string | undefined, start = true; start || next !== undefined; start = false) {
        const page = value(await work.list(`runs/${point.manifest.run.id}`, next));
        for (const { path } of page.blobs) look(path, Buffer.from(value(await work.get(path))?.bytes ?? []));
        next = page.next;
      }
      expect(found).toEqual([]);
    });
  });
}

function byId(a: { readonly id: string }, b: { readonly id: string }): number {
  return a.id < b.id ? -1 : 1;
}
