import http from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { FixtureHost } from "./fixture-host.ts";
import { clock, removeFolders, startFixture, temporaryFolder } from "./fixture-host.ts";

let fixture: FixtureHost;

beforeAll(async () => {
  fixture = await startFixture({ clock: clock() });
});
afterAll(async () => {
  await fixture.host.stop();
  await removeFolders();
});

/** fetch does not let a caller choose the Host header or declare a length it does not send. */
function raw(path: string, headers: Record<string, string>, method = "GET"): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = http.request(
      `${fixture.host.url}${path}`,
      { method, headers, agent: false },
      (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      },
    );
    request.on("error", reject);
    if (method === "GET") request.end();
    else request.flushHeaders();
  });
}

describe("HTTP triggers", () => {
  it("give the route's parameters to the function", async () => {
    const response = await fixture.call("GET", "/api/PARTS/wide/7/a%20b/c");
    expect(await response.json()).toEqual({ kind: "wide", number: "7", rest: "a b/c" });
    expect((await fixture.call("GET", "/api/parts/wide/seven/a")).status).toBe(404);
  });

  it("pass body, headers and status both ways", async () => {
    const headers = { "x-functions-key": fixture.host.functionKey, "content-type": "text/odd" };
    const response = await fixture.call("PUT", "/api/echoBody", "grüße", headers);
    expect([response.status, response.headers.get("x-kind"), await response.text()]).toEqual([
      201,
      "text/odd",
      "grüße",
    ]);
    expect(fixture.logs).toContain("information Function.echoBody.User: echoing PUT");
  });

  it("answer 404 for a wrong method, an unknown route, and what lies outside the prefix", async () => {
    expect((await fixture.call("GET", "/api/echoBody")).status).toBe(404);
    expect((await fixture.call("GET", "/api/nothing-here")).status).toBe(404);
    expect((await fixture.call("GET", "/fails")).status).toBe(404);
  });

  it("want the key of their level, in the header or as code", async () => {
    const { functionKey, masterKey } = fixture.host;
    const status = async (method: string, path: string, key?: string): Promise<number> =>
      (await fixture.call(method, path, undefined, key === undefined ? {} : { "x-functions-key": key }))
        .status;
    expect(await status("PUT", "/api/echoBody")).toBe(401);
    expect(await status("PUT", "/api/echoBody", "wrong")).toBe(401);
    expect(await status("PUT", "/api/echoBody", masterKey)).toBe(201);
    expect(await status("PUT", `/api/echoBody?code=${functionKey}`)).toBe(201);
    expect(await status("GET", "/api/forAdmins", functionKey)).toBe(401);
    expect(await status("GET", "/api/forAdmins", masterKey)).toBe(200);
  });

  it("answer 500 with an empty body for an error that nobody caught, and log it", async () => {
    const response = await fixture.call("GET", "/api/fails");
    expect([response.status, await response.text()]).toEqual([500, ""]);
    expect(fixture.logs.some((text) => text.includes("the handler said no"))).toBe(true);
  });

  it("refuse a body over the limit before reading it, and a caller that uses another name for this machine", async () => {
    const key = fixture.host.functionKey;
    expect(await raw("/api/echoBody", { "content-length": "200000000", "x-functions-key": key }, "PUT")).toBe(
      413,
    );
    expect(await raw("/api/ticks", { host: "evil.example" })).toBe(403);
    expect(await raw("/api/ticks", { host: "localhost:1" })).toBe(200);
  });
});

describe("the admin route", () => {
  it("starts a timer with the master key, and nothing else", async () => {
    const admin = { "x-functions-key": fixture.host.masterKey };
    const path = "/admin/functions/tick";
    expect((await fixture.call("POST", path, "{}")).status).toBe(401);
    expect((await fixture.call("POST", path, "{}", admin)).status).toBe(202);
    expect((await fixture.call("POST", "/admin/functions/echo", "{}", admin)).status).toBe(400);
    expect((await fixture.call("POST", "/admin/functions/nobody", "{}", admin)).status).toBe(404);
    const ticks = await (await fixture.call("GET", "/api/ticks")).json();
    expect(ticks).toEqual([{ schedule: { adjustForDST: true }, scheduleStatus: null, isPastDue: false }]);
  });
});

describe("startHost()", () => {
  it("keeps its keys in the state folder", async () => {
    const stateFolder = await temporaryFolder();
    const first = await startFixture({ clock: clock(), stateFolder });
    await first.host.stop();
    const second = await startFixture({ clock: clock(), stateFolder });
    await second.host.stop();
    const keys = ({ host }: FixtureHost): string[] => [host.functionKey, host.masterKey];
    expect(keys(second)).toEqual(keys(first));
    expect(new Set([...keys(first), ...keys(fixture)]).size).toBe(4);
  });

  it("refuses a state folder that another host runs on, and a port that is taken", async () => {
    const stateFolder = await temporaryFolder();
    const first = await startFixture({ clock: clock(), stateFolder });
    await expect(startFixture({ clock: clock(), stateFolder })).rejects.toThrow(
      `Another local host is running on the state folder "${stateFolder}"`,
    );
    const port = Number(new URL(first.host.url).port);
    await expect(startFixture({ clock: clock(), port })).rejects.toThrow(`Port ${String(port)} is taken`);
    await first.host.stop();
    await (await startFixture({ clock: clock(), stateFolder })).host.stop();
  });
});
