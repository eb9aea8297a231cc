// A run whose profile keeps its backups in a folder: the same backup as in a container, byte for byte, as ordinary
// files, which `npm run runs` and `npm run get` find without a storage emulator.
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { RunStatus } from "../../src/core/run.ts";
import { folderStore } from "../../src/clients/store/folder-store.ts";
import { openStore } from "../azurite.ts";
import { type SamplePortal, startPortal } from "../portal/portal.ts";
import { leanSeed } from "../portal/seed/lean.ts";
import { type App, PASSWORD, follow, sampleProfile, startApp, startRun, stateFolder } from "./app.ts";
import { type RestorePoint, readRestorePoint, restorePointIn, value } from "./restore-point.ts";

const scripts = path.resolve(import.meta.dirname, "..", "..", "src", "local", "cli");
const container = `folder-${randomUUID()}`;
let portal: SamplePortal;
let app: App;
let base: string;
let folder: string;
let profile: { readonly name: string };
let ended: RunStatus;
let inFolder: RestorePoint;
let inContainer: RestorePoint;
const cleanUp: (() => Promise<void>)[] = [];

beforeAll(async () => {
  base = await mkdtemp(path.join(tmpdir(), "backup-folder-"));
  cleanUp.push(() => rm(base, { recursive: true, force: true, maxRetries: 5 }));
  folder = path.join(base, "GIS backups");
  const seed = leanSeed({ maps: 4, layers: 1, minutes: 1 });
  portal = await startPortal({ scale: 60, password: PASSWORD, seed });
  cleanUp.unshift(() => portal.stop());
  const state = await stateFolder();
  cleanUp.push(state.remove);
  const other = sampleProfile(portal.url, container);
  profile = sampleProfile(portal.url, container, { destination: { folder } });
  app = await startApp(profile, { stateFolder: state.path, env: { BACKUP_FOLDERS: "allowed" } });
  cleanUp.unshift(() => app.kill());
  value(await openStore("work").ready());
  value(await openStore("work").put(`profiles/${other.name}.json`, JSON.stringify(other)));
  const ids = [await startRun(app, profile.name), await startRun(app, other.name)];
  const [first, second] = await Promise.all(ids.map((id) => follow(app, id)));
  ended = first?.at(-1) as RunStatus;
  inFolder = await restorePointIn(value(folderStore({ folder })), ended.folder);
  inContainer = await readRestorePoint(container, second?.at(-1)?.folder ?? "");
}, 120_000);

afterAll(async () => {
  for (const step of cleanUp) await step();
});

test("the run succeeds, holds what a container would hold, and has nothing else in its folder", async () => {
  expect(ended.verdict).toBe("succeeded");
  const direct = ({ items }: RestorePoint) =>
    items
      .flatMap(({ outcome }) => outcome.artifacts)
      .filter(({ kind }) => kind !== "export")
      .map(({ path: where, hash, sizeBytes }) => `${where} ${hash} ${sizeBytes}`)
      .sort();
  expect(direct(inFolder)).toEqual(direct(inContainer));
  for (const line of direct(inFolder)) {
    const where = line.split(` sha256:`)[0] ?? "";
    expect((await inFolder.read(where)).equals(await inContainer.read(where)), where).toBe(true);
  }
  const onDisk = await readdir(path.join(folder, ended.folder), { recursive: true, withFileTypes: true });
  const files = onDisk
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(path.join(folder, ended.folder), path.join(entry.parentPath, entry.name)));
  expect(files.sort()).toEqual([...inFolder.blobs].sort());
  expect(files).toHaveLength(inContainer.blobs.length);
  expect(await readdir(path.join(folder, ".store", "partial"))).toEqual([]);
});

test("status, list, results, log and check say where it lies", async () => {
  expect(ended.container).toBe(folder);
  expect(inFolder.manifest.run.container).toBe(folder);
  const results = await app.call("GET", `backups/${ended.id}/results`);
  expect(results.text).toContain(path.join(folder, ended.folder));
  expect((await app.call("GET", `backups?profile=${profile.name}`)).text).toContain(folder);
  expect((await app.call("GET", `backups/${ended.id}/log`)).text).toBe(
    (await inFolder.read("Full_log.log")).toString("utf8"),
  );
  expect((await app.call("POST", `profiles/${profile.name}/check`)).text).toContain(
    JSON.stringify(`Writes to the folder "${folder}" and reads back`),
  );
});

async function command(name: string, ...args: readonly string[]): Promise<string> {
  const script = path.join(scripts, `${name}.ts`);
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", script, ...args]);
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (data: Buffer) => (said += data.toString()));
  }
  const code = await new Promise((resolve) => child.once("exit", resolve));
  expect(code, said).toBe(0);
  return said;
}

test("npm run runs lists it and npm run get takes it out, checked", async () => {
  const file = path.join(base, "profile.json");
  await writeFile(file, JSON.stringify(profile));
  const out = path.join(base, "out");
  const [listed, got] = await Promise.all([
    command("runs", "--profile", file),
    command("get", "--profile", file, "--run", "latest", "--out", out),
  ]);
  expect(listed).toContain(`Backups in the folder "${folder}"`);
  expect(listed).toContain(`SUCCEEDED`);
  expect(got).toMatch(/^[\d,]+ files, [\d,]+ bytes, all checked/m);
  expect((await readFile(path.join(out, "manifest.json"))).equals(await inFolder.read("manifest.json"))).toBe(
    true,
  );
}, 60_000);
