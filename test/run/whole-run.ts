// Two runs over the whole city at once, at both kinds of portal, and what they left held byte for byte against the portal's own state.
import { randomUUID } from "node:crypto";
import { readFile, readdir } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { RunStatus } from "../../src/core/run.ts";
import { openStore } from "../azurite.ts";
import { sha256Of, wholeOf } from "../portal/content.ts";
import { readGdbZip } from "../portal/fgdb/read.ts";
import { SELF_SECRETS } from "../portal/endpoints/organisation.ts";
import { startPortal, type SamplePortal } from "../portal/portal.ts";
import { citySeed } from "../portal/seed/default.ts";
import { type App, PASSWORD, follow, sampleProfile, startApp, startRun, stateFolder } from "./app.ts";
import { type RestorePoint, bundleEntries, readRestorePoint, sha256, value } from "./restore-point.ts";

/** Declares the tests against a portal of this kind; each kind has a test file of its own, so that they run side by side. */
export function wholeRunTests(kind: SamplePortal["kind"]): void {
  describe(`a run over a whole portal (${kind})`, () => {
    let portal: SamplePortal;
    let app: App;
    let first: RestorePoint;
    let second: RestorePoint;
    let statuses: readonly RunStatus[];
    let before: ReadonlySet<string>;
    /** Every item with the time at which it went to the recycle bin. */
    let everything: ReadonlyMap<string, number | null>;
    const container = `whole-${kind}-${randomUUID()}`;
    let hostState: string;
    const cleanUp: (() => Promise<void>)[] = [];

    beforeAll(async () => {
      portal = await startPortal({ kind, seed: citySeed, scale: 60, password: PASSWORD });
      cleanUp.push(() => portal.stop());
      // What a group search would show of other organisations is theirs to back up.
      const all = [...portal.state.items.values()];
      const own = all.filter((item) => item.orgId === portal.state.org.id && item.binnedAt === null);
      before = new Set(own.map(({ id }) => id));
      everything = new Map(all.map(({ id, binnedAt }) => [id, binnedAt]));
      const state = await stateFolder();
      cleanUp.push(state.remove);
      hostState = state.path;
      const profile = sampleProfile(portal.url, container, { exports: { lanes: 5 } });
      const other = sampleProfile(portal.url, container, { exports: { lanes: 5 } });
      app = await startApp(profile, { stateFolder: state.path });
      cleanUp.unshift(() => app.kill());
      const work = openStore("work");
      value(await work.ready());
      value(await work.put(`profiles/${other.name}.json`, JSON.stringify(other)));
      const ids = [await startRun(app, profile.name), await startRun(app, other.name)];
      const followed = await Promise.all(ids.map((id) => follow(app, id)));
      statuses = followed[0] ?? [];
      const [one, two] = followed.map((all) => all.at(-1)?.folder ?? "");
      first = await readRestorePoint(container, one ?? "");
      second = await readRestorePoint(container, two ?? "");
    }, 120_000);

    afterAll(async () => {
      for (const step of cleanUp) await step();
    });

    test("a whole run succeeds and accounts for every item of the portal exactly once", () => {
      const ids = first.items.map(({ item }) => item.id);
      expect(first.manifest.verdict, JSON.stringify(failures(first))).toBe("succeeded");
      expect(new Set(ids)).toEqual(before);
      expect(ids).toHaveLength(before.size);
      const { listed, saved, unchanged, skipped, failed } = first.manifest.counts;
      expect(listed).toBe(before.size);
      expect(saved + unchanged + skipped + failed).toBe(listed);
      expect(failed).toBe(0);
      expect(first.manifest.books).toMatchObject({
        walked: before.size,
        searchTotal: before.size,
        differences: [],
      });
    });

    test("every saved item holds the portal's data, resources, thumbnail and metadata byte for byte", async () => {
      for (const { item, outcome } of first.items) {
        if (outcome.state !== "saved") continue;
        const source = portal.state.items.get(item.id);
        if (source === undefined) throw new Error(`${item.title} is not at the portal`);
        const entries = await bundleEntries(first, outcome.artifacts);
        const file = outcome.artifacts.find(({ kind }) => kind === "data");
        if (source.data.kind !== "none") {
          const stored = file === undefined ? entries.get("data") : await first.read(file.path);
          expect(stored === undefined ? "none" : sha256(stored), item.title).toBe(
            sha256Of(source.data.content),
          );
        }
        if (source.thumbnail !== null) {
          const stored = [...entries].find(
            ([name]) => name.startsWith("info/") && !name.endsWith(".xml"),
          )?.[1];
          expect(stored && sha256(stored), item.title).toBe(sha256Of(source.thumbnail));
        }
        if (source.metadata !== null) {
          const stored = entries.get("info/metadata/metadata.xml") ?? entries.get("info/metadata.xml");
          expect(stored?.equals(Buffer.from(wholeOf(source.metadata))), item.title).toBe(true);
        }
        await expectResources(item.title, source.resources, entries, outcome.artifacts);
        // As the portal sent it: raw control characters included, which JSON.parse does not take.
        expect(entries.get("item.json")?.toString("utf8"), item.title).toContain(item.id);
      }
    });

    async function expectResources(
      title: string,
      resources: readonly { readonly name: string; readonly content: Parameters<typeof sha256Of>[0] }[],
      entries: ReadonlyMap<string, Buffer>,
      artifacts: RestorePoint["items"][number]["outcome"]["artifacts"],
    ): Promise<void> {
      const list = JSON.parse(entries.get("resources.json")?.toString("utf8") ?? "[]") as {
        resource: string;
        path: string;
      }[];
      expect(list.map(({ resource }) => resource).sort(), title).toEqual(
        resources.map(({ name }) => name).sort(),
      );
      for (const resource of resources) {
        const path = list.find((entry) => entry.resource === resource.name)?.path ?? "";
        const large = artifacts.find(({ kind, name }) => kind === "resource" && name === resource.name);
        const stored = large === undefined ? entries.get(path) : await first.read(large.path);
        expect(stored && sha256(stored), `${title}: ${resource.name}`).toBe(sha256Of(resource.content));
      }
    }

    test("every export opens and holds the rows and attachments that the layers have", async () => {
      const services = [...portal.state.services.values()];
      let compared = 0;
      for (const { item, outcome } of first.items) {
        const artifact = outcome.artifacts.find(({ kind }) => kind === "export");
        if (artifact === undefined) continue;
        const service = services.find(({ itemId }) => itemId === item.id);
        const tables = readGdbZip(await first.read(artifact.path));
        const rows = tables.filter(({ table }) => !table.endsWith("__ATTACH") && !table.startsWith("GDB_"));
        expect(rows.map((table) => table.rows).sort(), item.title).toEqual(
          service?.layers.map((layer) => layer.rows.length).sort(),
        );
        const attached = tables.filter(({ table }) => table.endsWith("__ATTACH"));
        expect(
          attached.reduce((sum, table) => sum + table.rows, 0),
          item.title,
        ).toBe(service?.layers.reduce((sum, layer) => sum + layer.attachments.length, 0));
        expect(artifact.proof).toBe("stored");
        compared += 1;
      }
      expect(compared).toBe(services.filter(({ sources }) => sources.length === 0).length);
    });

    test("every artifact and every file of the manifest has the length and hash that are sealed", async () => {
      const artifacts = first.items.flatMap(({ outcome }) => outcome.artifacts);
      for (const { path, sizeBytes, hash } of [
        ...artifacts,
        ...first.manifest.files.map((file) => ({ ...file, path: file.name })),
      ]) {
        const bytes = await first.read(path);
        expect([bytes.length, `sha256:${sha256(bytes)}`], path).toEqual([sizeBytes, hash]);
        expect(path.length).toBeLessThan(200);
      }
      const known = new Set([
        ...artifacts.map(({ path }) => path),
        ...first.manifest.files.map(({ name }) => name),
      ]);
      expect(first.blobs.filter((path) => !known.has(path)).sort()).toEqual(["manifest.json", "run.json"]);
    });

    test("the report names the portal that it is, and its services were reached with the token that they take", () => {
      expect(first.manifest.portal).toMatchObject({
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
      expect(exchanges).toHaveLength(kind === "online" ? 0 : 2);
    });

    test("two equal runs give byte-identical direct artifacts", () => {
      const direct = (point: RestorePoint) =>
        point.items
          .flatMap(({ outcome }) => outcome.artifacts)
          .filter(({ kind }) => kind !== "export")
          .map(({ path, hash }) => `${path} ${hash}`)
          .sort();
      expect(direct(second)).toEqual(direct(first));
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
      expect(statuses.at(-1)?.counts).toEqual(first.manifest.counts);
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
      for (const path of first.blobs) look(path, await first.read(path));
      const work = openStore("work");
      for (let next: string | undefined, start = true; start || next !== undefined; start = false) {
        const page = value(await work.list(`runs/${first.manifest.run.id}`, next));
        for (const { path } of page.blobs) look(path, Buffer.from(value(await work.get(path))?.bytes ?? []));
        next = page.next;
      }
      expect(found).toEqual([]);
    });
  });
}

function failures(point: RestorePoint): readonly string[] {
  return point.items.flatMap(({ outcome }) => (outcome.state === "failed" ? [outcome.failure.text] : []));
}
