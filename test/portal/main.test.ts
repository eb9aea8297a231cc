import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it } from "vitest";
import { ask, parsed, signIn, type Json } from "./ask.ts";
import { itemId } from "./seed/build.ts";
import type { SamplePortal } from "./portal.ts";

let child: ChildProcess | undefined;
afterEach(async () => {
  if (child === undefined || child.exitCode !== null) return;
  child.kill();
  await once(child, "exit");
});

async function started(args: readonly string[]): Promise<{ url: string; username: string; pid: number }> {
  const main = fileURLToPath(new URL("main.ts", import.meta.url));
  child = spawn(process.execPath, [main, ...args], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, SAMPLE_PORTAL_PASSWORD: "another one" },
  });
  if (child.stdout === null) throw new Error("No output of the child");
  const [line] = (await once(createInterface(child.stdout), "line")) as [string];
  return JSON.parse(line) as { url: string; username: string; pid: number };
}

describe("main.ts", () => {
  it("prints its address when it is ready, takes the password from the environment, and is controlled over HTTP", async () => {
    const { url, username, pid } = await started(["--port", "0", "--scale", "600"]);
    expect(pid).toBe(child?.pid);
    expect(await signIn({ url } as SamplePortal, username, "another one")).toHaveProperty("token");
    const post = (path: string, value: unknown): Promise<Json> =>
      fetch(`${url}/__sample/${path}`, { method: "POST", body: JSON.stringify(value) }).then(
        (r) => r.json() as Promise<Json>,
      );
    await post("faults", [{ match: { path: "/info$" }, answer: { status: 503 } }]);
    expect((await ask(`${url}/sharing/rest/info?f=json`)).status).toBe(503);
    await post("edit", { addRows: { service: "Parcels", layer: 0, count: 5 } });
    await post("edit", { item: { id: itemId("ugly con"), set: { title: "NUL" } } });
    const state = parsed(await ask(`${url}/__sample/state`)) as {
      items: Json[];
      services: Json[];
      faultsFired: number[];
      requests: Json[];
    };
    expect(state.items.find(({ id }) => id === itemId("ugly con"))).toMatchObject({ title: "NUL" });
    expect(state.items.find(({ id }) => id === itemId("Zoning plan"))).toMatchObject({
      data: { kind: "file", sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as unknown },
    });
    const parcels = state.services.find(({ name }) => name === "Parcels");
    expect((parcels?.["layers"] as Json[])[0]).toMatchObject({ rows: 2505 });
    expect(state.faultsFired).toEqual([1]);
    expect(state.requests.map((entry) => entry["path"])).toEqual([
      "/sharing/rest/generateToken",
      "/sharing/rest/info",
    ]);
  });

  it("names the seeds for one that it does not know", async () => {
    const main = fileURLToPath(new URL("main.ts", import.meta.url));
    child = spawn(process.execPath, [main, "--seed", "none"], { stdio: ["ignore", "ignore", "pipe"] });
    let told = "";
    child.stderr?.on("data", (text: Buffer) => (told += text.toString()));
    const [code] = (await once(child, "close")) as [number];
    expect(code).toBe(2);
    expect(told).toMatch(/^Unknown seed "none": use one of .*default.*trouble/);
  });
});
