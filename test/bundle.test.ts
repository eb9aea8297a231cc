// The bundle as it deploys: alone with its production files, and with every name that is called registered.
import { spawnSync } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { activities } from "../src/activities/table.ts";
import { orchestrators } from "../src/orchestrators/table.ts";
import { APP_VERSION } from "../src/version.ts";

const root = path.resolve(import.meta.dirname, "..");

test("the bundle starts with nothing but its production files and registers every function", async () => {
  const folder = await mkdtemp(path.join(tmpdir(), "backup-bundle-"));
  try {
    await mkdir(path.join(folder, "dist"));
    await cp(path.join(root, "dist", "main.js"), path.join(folder, "dist", "main.js"));
    await cp(path.join(root, "package.json"), path.join(folder, "package.json"));
    await cp(path.join(root, "host.json"), path.join(folder, "host.json"));
    // What the Functions worker does: it answers the one module that the bundle leaves out.
    await writeFile(path.join(folder, "worker.cjs"), WORKER);
    const env = { PATH: process.env["PATH"], SystemRoot: process.env["SystemRoot"] };
    const run = spawnSync(process.execPath, ["worker.cjs"], { cwd: folder, env, encoding: "utf8" });
    expect(run.stderr).toBe("");
    const registered = JSON.parse(run.stdout) as { name: string; trigger: string }[];
    const named = (trigger: string) =>
      registered
        .filter((each) => each.trigger === trigger)
        .map(({ name }) => name)
        .sort();
    expect(named("activityTrigger")).toEqual(Object.keys(activities).sort());
    expect(named("orchestrationTrigger")).toEqual(Object.keys(orchestrators).sort());
    expect(named("httpTrigger")).toEqual(await filesWith(/^app\.http\(\s*"(\w+)"/m));
    expect(named("timerTrigger")).toEqual(await filesWith(/^app\.timer\("(\w+)"/m));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

/** What the files of src/functions register, each under its own name. */
async function filesWith(pattern: RegExp): Promise<readonly string[]> {
  const folder = path.join(root, "src", "functions");
  const names: string[] = [];
  for (const file of await sourcesIn(folder)) {
    const name = pattern.exec(await readFile(path.join(folder, file), "utf8"))?.[1];
    if (name === undefined) continue;
    expect(file).toBe(`${name}.ts`);
    names.push(name);
  }
  return names.sort();
}

/** Names of the files, without those of folders below. */
async function sourcesIn(folder: string): Promise<readonly string[]> {
  return (await readdir(folder)).filter((file) => file.endsWith(".ts"));
}

test("every activity and orchestration that an orchestrator or a function calls is registered", async () => {
  const called = new Set<string>();
  for (const folder of ["orchestrators", "functions"]) {
    for (const file of await sourcesIn(path.join(root, "src", folder))) {
      const text = await readFile(path.join(root, "src", folder, file), "utf8");
      for (const [, name] of text.matchAll(/(?:step|attempt|starts|\.start)\(\s*(?:context,\s*)?"(\w+)"/g))
        called.add(name ?? "");
      for (const [, one, two] of text.matchAll(/\? "(\w+)" : "(\w+)", \{ \.\.\.key/g))
        called.add(one ?? "").add(two ?? "");
    }
  }
  const registered = new Set([...Object.keys(activities), ...Object.keys(orchestrators)]);
  expect([...called].filter((name) => !registered.has(name))).toEqual([]);
  // And the other way round: nothing is registered that nobody calls.
  expect([...registered].filter((name) => !called.has(name))).toEqual([]);
});

test("each activity and orchestrator lies in the file of its name", async () => {
  for (const [folder, table] of [
    ["activities", activities],
    ["orchestrators", orchestrators],
  ] as const) {
    const files = new Set(await readdir(path.join(root, "src", folder)));
    expect(Object.keys(table).filter((name) => !files.has(`${name}.ts`))).toEqual([]);
  }
});

test("APP_VERSION is the version of package.json", async () => {
  const { version } = JSON.parse(await readFile(path.join(root, "package.json"), "utf8")) as {
    version: string;
  };
  expect(APP_VERSION).toBe(version);
});

const WORKER = `
const Module = require("node:module");
const registered = [];
class Disposable { dispose() {} }
const core = {
  version: "1.0.0", hostVersion: "4.0.0", Disposable,
  registerFunction(metadata) {
    const trigger = Object.values(metadata.bindings).find((binding) => /trigger$/i.test(binding.type));
    registered.push({ name: metadata.name, trigger: trigger.type });
    return new Disposable();
  },
  setProgrammingModel() {}, getProgrammingModel() {}, registerHook() { return new Disposable(); }, log() {},
};
const load = Module.prototype.require;
Module.prototype.require = function (id) { return id === "@azure/functions-core" ? core : load.call(this, id); };
import("./dist/main.js").then(() => console.log(JSON.stringify(registered)));
`;
