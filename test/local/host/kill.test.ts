import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { createInterface } from "node:readline";
import { build } from "esbuild";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { clock, removeFolders, startFixture, temporaryFolder } from "./fixture-host.ts";

const main = path.resolve(import.meta.dirname, "../../../src/local/host/main.ts");
const LANES = 3;
const ITEMS = 8;
const LIMIT = 2;
let app: string;
let running: ChildProcess | undefined;

/** The fixture app as the product's app is: one bundled ESM file, found by package.json. */
beforeAll(async () => {
  app = await temporaryFolder();
  await build({
    entryPoints: [path.join(import.meta.dirname, "apps", "app.ts")],
    outfile: path.join(app, "main.js"),
    bundle: true,
    platform: "node",
    format: "esm",
    external: ["@azure/functions-core"],
    banner: { js: "import { createRequire as r } from 'node:module'; const require = r(import.meta.url);" },
    logLevel: "error",
  });
  await writeFile(path.join(app, "package.json"), JSON.stringify({ type: "module", main: "main.js" }));
  const durableTask = { maxConcurrentActivityFunctions: LIMIT };
  await writeFile(path.join(app, "host.json"), JSON.stringify({ extensions: { durableTask } }));
});
afterEach(async () => {
  await kill();
});
afterAll(removeFolders);

async function kill(): Promise<void> {
  const child = running;
  running = undefined;
  if (child?.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  child.kill("SIGKILL");
  await gone;
}

async function startHost(state: string, ...more: string[]): Promise<{ url: string; pid: number }> {
  const args = [main, "--app", app, "--state", state, "--scale", "40", ...more];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "ignore"] });
  running = child;
  for await (const line of createInterface({ input: child.stdout })) {
    return JSON.parse(line) as { url: string; pid: number };
  }
  throw new Error("The host ended before it was ready");
}

function effects(file: string): readonly string[] {
  return existsSync(file)
    ? readFileSync(file, "utf8")
        .split("\n")
        .filter((one) => one !== "")
    : [];
}

async function status(url: string, id: string): Promise<{ runtimeStatus: string; output: unknown }> {
  return (await (await fetch(`${url}/api/status/${id}`)).json()) as {
    runtimeStatus: string;
    output: unknown;
  };
}

const all = Array.from(
  { length: LANES * ITEMS },
  (_, n) => `${String(Math.floor(n / ITEMS))}:${String(n % ITEMS)}`,
);
const output = Array.from({ length: LANES }, (_, lane) => ({ lane, items: ITEMS }));

describe("kill -9", () => {
  it("at several instants: the restarted host finishes, and repeats only what was in flight", async () => {
    const state = await temporaryFolder();
    const file = path.join(state, "effects.txt");
    let { url } = await startHost(state);
    await fetch(`${url}/api/start/work/w`, { method: "POST", body: JSON.stringify({ file, ms: 15 }) });
    const kills = [1, 7, 13, 20];
    for (const count of kills) {
      await expect
        .poll(() => effects(file).length, { interval: 3, timeout: 10_000 })
        .toBeGreaterThanOrEqual(count);
      await kill();
      ({ url } = await startHost(state));
    }
    await expect
      .poll(async () => (await status(url, "w")).runtimeStatus, { timeout: 10_000 })
      .toBe("Completed");
    expect((await status(url, "w")).output).toEqual(output);
    expect([...new Set(effects(file))].sort()).toEqual(all);
    expect(effects(file).length).toBeLessThanOrEqual(all.length + kills.length * LIMIT);
  });

  it("right after a start was answered: the instance is not lost", async () => {
    const state = await temporaryFolder();
    const { url } = await startHost(state);
    await fetch(`${url}/api/start/sequence/s`, { method: "POST", body: "{}" });
    await kill();
    const again = await startHost(state);
    await expect.poll(async () => (await status(again.url, "s")).runtimeStatus).toBe("Completed");
  });
});

describe("redelivery", () => {
  it.each(["after", "at-once"] as const)(
    "%s: every activity runs twice, and one result counts",
    async (redeliver) => {
      const time = clock();
      const fixture = await startFixture({ clock: time, redeliver });
      const file = path.join(await temporaryFolder(), "effects.txt");
      await fixture.start("work", "w", { file, ms: 1 });
      for (let turn = 0; turn < ITEMS / 2; turn += 1) {
        await fixture.host.idle();
        time.advance(1000);
      }
      await fixture.host.idle();
      expect(await fixture.status("w")).toMatchObject({ runtimeStatus: "Completed", output });
      expect([...effects(file)].sort()).toEqual([...all, ...all].sort());
      await fixture.host.stop();
    },
  );
});

it("stop() lets a running activity end, and what waits for its turn goes on with the next host", async () => {
  const time = clock();
  const stateFolder = await temporaryFolder();
  const file = path.join(stateFolder, "effects.txt");
  const first = await startFixture({ clock: time, stateFolder });
  await first.start("work", "w", { file, ms: 30 });
  await expect.poll(() => effects(file).length, { interval: 2 }).toBeGreaterThan(0);
  await first.host.stop();
  const stopped = effects(file).length;
  const second = await startFixture({ clock: time, stateFolder });
  for (let turn = 0; turn < ITEMS / 2; turn += 1) {
    await second.host.idle();
    time.advance(1000);
  }
  await second.host.idle();
  expect(stopped).toBeLessThan(all.length);
  expect([...effects(file)].sort()).toEqual(all);
  expect((await second.status("w")).runtimeStatus).toBe("Completed");
  await second.host.stop();
});
