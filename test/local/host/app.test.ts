import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { loadApp } from "../../../src/local/host/app.ts";
import { toAppFunction } from "../../../src/local/host/functions.ts";
import { readHostSettings } from "../../../src/local/host/host-json.ts";
import { removeFolders, temporaryFolder } from "./fixture-host.ts";

afterAll(removeFolders);

const CORE = `import { createRequire } from "node:module";
const core = createRequire(import.meta.url)("@azure/functions-core");
core.setProgrammingModel({ getCapabilities: async (capabilities) => capabilities });
const register = (name, type) =>
  core.registerFunction({ name, bindings: { trigger: { type, direction: "in" } } }, () => undefined);
`;

async function appOf(
  entry: string,
  manifest: unknown = { type: "module", main: "main.mjs" },
): Promise<string> {
  const folder = await temporaryFolder();
  await writeFile(path.join(folder, "package.json"), JSON.stringify(manifest));
  await writeFile(path.join(folder, "main.mjs"), entry);
  return folder;
}

async function load(folder: string): Promise<readonly string[]> {
  return (await loadApp(folder, () => undefined)).functions.names();
}

describe("loadApp()", () => {
  it("finds the entry by package.json, and answers an app that was loaded before from memory", async () => {
    const folder = await appOf(`${CORE}register("b", "activityTrigger"); register("a", "activityTrigger");`);
    expect(await load(folder)).toEqual(["a", "b"]);
    expect(await load(path.join(folder, "main.mjs"))).toEqual(["a", "b"]);
  });

  it("says in one sentence what is wrong with the entry", async () => {
    const failing = await appOf(`throw new Error("SETTING_X is missing");`);
    await expect(load(failing)).rejects.toThrow(
      `Cannot load the function app "${path.join(failing, "main.mjs")}": SETTING_X is missing`,
    );
    await expect(load(await appOf("export {};"))).rejects.toThrow("registers no function");
    await expect(load(await appOf("", { main: "other.mjs" }))).rejects.toThrow("build the app first");
    await expect(load(await appOf("", {}))).rejects.toThrow('names no entry point in "main"');
    await expect(load(path.join(failing, "nowhere"))).rejects.toThrow("Cannot find the function app");
  });

  it("refuses a name that is registered twice, whatever its case", async () => {
    const folder = await appOf(
      `${CORE}register("one", "activityTrigger"); register("One", "orchestrationTrigger");`,
    );
    await expect(load(folder)).rejects.toThrow('The function name "One" is registered twice');
  });

  it("refuses registration after the start, the log hook, and HTTP streams", async () => {
    const late = await appOf(
      `${CORE}register("one", "activityTrigger"); globalThis.registerLate = register;`,
    );
    await load(late);
    const { registerLate } = globalThis as unknown as { registerLate: (name: string, type: string) => void };
    expect(() => {
      registerLate("two", "activityTrigger");
    }).toThrow("after the app has started");
    const hook = `${CORE}register("one", "activityTrigger"); core.registerHook("log", () => undefined);`;
    await expect(load(await appOf(hook))).rejects.toThrow('the hook "log"');
    const streams = `${CORE}register("one", "activityTrigger");
core.setProgrammingModel({ getCapabilities: async () => ({ HttpUri: "http://127.0.0.1:1" }) });`;
    await expect(load(await appOf(streams))).rejects.toThrow("HTTP streams");
  });
});

describe("toAppFunction()", () => {
  const bindings = (type: string, direction = "in") => ({
    name: "one",
    bindings: { a: { type, direction } },
  });
  const read = (metadata: Parameters<typeof toAppFunction>[0]): unknown =>
    toAppFunction(metadata, () => undefined);

  it.each(["queueTrigger", "blobTrigger", "entityTrigger", "serviceBusTrigger", "warmupTrigger"])(
    "refuses %s by name",
    (type) => {
      expect(() => read(bindings(type))).toThrow(`"${type}"`);
    },
  );

  it("refuses outputs, retry policies and functions without a trigger", () => {
    expect(() => read(bindings("queue", "out"))).toThrow('"queue" (out)');
    expect(() => read({ ...bindings("timerTrigger"), retryOptions: {} })).toThrow("retry policy");
    expect(() => read(bindings("http", "out"))).toThrow("0 triggers");
  });
});

describe("readHostSettings()", () => {
  it("reads limits and prefix, and has Azure's defaults without a file", async () => {
    const folder = await temporaryFolder();
    expect(readHostSettings(folder)).toMatchObject({ routePrefix: "api", maxConcurrentActivities: 10 });
    const durableTask = {
      hubName: "H",
      maxConcurrentActivityFunctions: 3,
      maxConcurrentOrchestratorFunctions: 2,
    };
    const content = { extensions: { http: { routePrefix: "" }, durableTask } };
    await writeFile(path.join(folder, "host.json"), JSON.stringify(content));
    expect(readHostSettings(folder)).toEqual({
      routePrefix: "",
      hubName: "H",
      maxConcurrentActivities: 3,
      maxConcurrentOrchestrators: 2,
    });
  });

  it("names the wrong setting", async () => {
    const folder = path.join(await temporaryFolder(), "app");
    await mkdir(folder);
    const content = { extensions: { durableTask: { maxConcurrentActivityFunctions: 0 } } };
    await writeFile(path.join(folder, "host.json"), JSON.stringify(content));
    expect(() => readHostSettings(folder)).toThrow(
      "maxConcurrentActivityFunctions must be a whole number above 0: 0",
    );
    await writeFile(path.join(folder, "host.json"), "{");
    expect(() => readHostSettings(folder)).toThrow(`Cannot read "${path.join(folder, "host.json")}"`);
  });
});
