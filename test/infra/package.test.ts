// The package as it deploys: the same bytes each time, nothing but what runs, and a whole backup from it alone.
import { randomUUID } from "node:crypto";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import JSZip from "jszip";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Package, makePackage } from "../../tools/package.ts";
import { startPortal, type SamplePortal } from "../portal/portal.ts";
import { smallSeed } from "../portal/seed/small.ts";
import { PASSWORD, follow, sampleProfile, startApp, startRun } from "../run/app.ts";
import { readRestorePoint } from "../run/restore-point.ts";

let portal: SamplePortal;
let made: Package;
let folder: string;

beforeAll(async () => {
  made = await makePackage();
  folder = await mkdtemp(path.join(tmpdir(), "backup-package-"));
  portal = await startPortal({ scale: 60, password: PASSWORD, seed: smallSeed });
});

afterAll(async () => {
  await portal.stop();
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

test("the package has the same bytes when it is made again", async () => {
  expect(Buffer.from((await makePackage()).zip).equals(made.zip)).toBe(true);
});

test("the package holds the bundle, host.json and a package.json without dependencies, and no code of the local host", async () => {
  const zip = await JSZip.loadAsync(made.zip);
  expect(Object.keys(zip.files)).toEqual(["dist/main.js", "host.json", "package.json"]);
  const read = async (name: string) => (await zip.file(name)?.async("string")) ?? "";
  expect(Object.keys(JSON.parse(await read("package.json")) as object)).toEqual([
    "name",
    "version",
    "private",
    "type",
    "main",
    "engines",
  ]);
  const sources = [
    ...(await read("dist/main.js")).matchAll(/^\/\/ ((?:src|test|tools|node_modules)\/.+)$/gm),
  ];
  const named = sources.map(([, file = ""]) => file);
  expect(named).toContain("src/functions/durable.ts");
  expect(named.filter((file) => /^(?:src\/local|test|tools)\//.test(file))).toEqual([]);
});

test("unpacked alone into an empty folder it starts and backs a portal up", async () => {
  const zip = await JSZip.loadAsync(made.zip);
  const app = path.join(folder, "app");
  for (const entry of Object.values(zip.files)) {
    const target = path.join(app, ...entry.name.split("/"));
    await mkdir(path.dirname(target), { recursive: true });
    await writeFile(target, await entry.async("uint8array"));
  }
  expect((await readdir(app)).sort()).toEqual(["dist", "host.json", "package.json"]);
  const container = `package-${randomUUID()}`;
  const profile = sampleProfile(portal.url, container);
  const started = await startApp(profile, { appRoot: app, stateFolder: path.join(folder, "state") });
  try {
    const last = (await follow(started, await startRun(started, profile.name))).at(-1);
    expect(last?.verdict, JSON.stringify(last?.failure)).toBe("succeeded");
    const point = await readRestorePoint(container, last?.folder ?? "");
    expect(point.items).toHaveLength(portal.state.items.size);
  } finally {
    await started.kill();
  }
}, 60_000);
