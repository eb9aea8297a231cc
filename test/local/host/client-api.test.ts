import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { FixtureHost } from "./fixture-host.ts";
import { clock, removeFolders, startFixture } from "./fixture-host.ts";

const time = clock();
let fixture: FixtureHost;
let manage: string;

beforeAll(async () => {
  fixture = await startFixture({ clock: time });
  const urls = (await (await fixture.call("GET", "/api/check/x")).json()) as { statusQueryGetUri: string };
  manage = `?${new URL(urls.statusQueryGetUri).searchParams.toString()}`;
});
afterAll(async () => {
  await fixture.host.stop();
  await removeFolders();
});

async function ask(method: string, path: string, body?: string): Promise<{ status: number; body: string }> {
  const [where = "", query = ""] = path.split("?");
  const url = `/runtime/webhooks/durabletask/${where}${manage}&${query}`;
  const response = await fixture.call(method, url, body);
  return { status: response.status, body: await response.text() };
}

async function names(query: string): Promise<readonly string[]> {
  const listed = (await (await fixture.call("GET", `/api/list${query}`)).json()) as { instanceId: string }[];
  return listed.map((one) => one.instanceId);
}

describe("the durable client", () => {
  it("lists all, more than one page of them, and by status", async () => {
    for (let n = 0; n < 120; n += 1) await fixture.start("noYield", `many-${String(n)}`);
    await fixture.start("longTimer", "many-open");
    await fixture.host.idle();
    expect((await names("")).filter((id) => id.startsWith("many-"))).toHaveLength(121);
    expect(await names("?statuses=Running")).toEqual(["many-open"]);
    const page = await ask("GET", "instances/?instanceIdPrefix=many-1&top=5");
    expect(JSON.parse(page.body)).toHaveLength(5);
  });

  it("answers a status 202 with its whereabouts while the instance runs, 200 when it has ended, 404 for unknown ones", async () => {
    await fixture.start("longTimer", "open");
    await fixture.start("noYield", "ended", { a: 1 });
    await fixture.host.idle();
    const open = await ask("GET", "instances/open");
    expect(open.status).toBe(202);
    const ended = await ask("GET", "instances/ended?showHistory=true");
    expect(ended.status).toBe(200);
    const { historyEvents, ...status } = JSON.parse(ended.body) as Record<string, unknown>;
    expect(status).toEqual({
      name: "noYield",
      instanceId: "ended",
      runtimeStatus: "Completed",
      input: { a: 1 },
      customStatus: null,
      output: "at once",
      createdTime: "2026-11-24T01:02:03Z",
      lastUpdatedTime: "2026-11-24T01:02:03Z",
    });
    expect(historyEvents).toHaveLength(3);
    expect((await ask("GET", "instances/nobody")).status).toBe(404);
    const unknown = (await (await fixture.call("GET", "/api/status/nobody")).json()) as { refused: string };
    expect(unknown.refused).toContain("404");
  });

  it("terminates a running instance; one that ended answers 410, an unknown one 404", async () => {
    await fixture.start("longTimer", "to-end");
    await fixture.host.idle();
    expect((await fixture.call("POST", "/api/terminate/to-end")).status).toBe(202);
    await fixture.host.idle();
    expect(await fixture.status("to-end")).toMatchObject({ runtimeStatus: "Terminated", output: "enough" });
    expect((await ask("POST", "instances/to-end/terminate?reason=x")).status).toBe(410);
    expect((await ask("POST", "instances/nobody/terminate?reason=x")).status).toBe(404);
  });

  it("drops what an activity of a terminated instance answers", async () => {
    await fixture.start("fanOutOneFails", "ended-early");
    await expect.poll(async () => (await fixture.seen("ended-early")).activities).toHaveLength(3);
    await fixture.call("POST", "/api/terminate/ended-early");
    await fixture.host.idle();
    expect(await fixture.status("ended-early")).toMatchObject({
      runtimeStatus: "Terminated",
      output: "enough",
    });
  });

  it("purges one ended instance, not a running one, and none that is unknown", async () => {
    await fixture.start("noYield", "to-purge");
    await fixture.start("longTimer", "too-early");
    await fixture.host.idle();
    expect(await (await fixture.call("DELETE", "/api/purge/to-purge")).json()).toEqual({
      instancesDeleted: 1,
    });
    expect((await ask("GET", "instances/to-purge")).status).toBe(404);
    expect((await ask("DELETE", "instances/too-early")).status).toBe(412);
    expect(await (await fixture.call("DELETE", "/api/purge/to-purge")).json()).toEqual({
      instancesDeleted: 0,
    });
  });

  it("purges by filter; without runtimeStatus running ones go too, without createdTimeFrom nothing", async () => {
    time.advance(3_600_000);
    const from = new Date(time.now() - 1000).toISOString();
    await fixture.host.idle();
    await fixture.start("noYield", "late-ended");
    await fixture.start("longTimer", "late-open");
    await fixture.host.idle();
    const purged = await fixture.call("DELETE", `/api/purge?from=${from}`);
    expect(await purged.json()).toEqual({ instancesDeleted: 1 });
    expect((await fixture.status("late-open")).runtimeStatus).toBe("Running");
    expect((await ask("DELETE", "instances/?runtimeStatus=Completed")).status).toBe(400);
    const all = await ask("DELETE", `instances/?createdTimeFrom=${from}`);
    expect(JSON.parse(all.body)).toEqual({ instancesDeleted: 1 });
    expect((await ask("GET", "instances/late-open")).status).toBe(404);
    time.advance(3_600_000);
    await fixture.host.idle();
  });

  it.each(["suspend", "resume", "rewind", "raiseEvent", "readEntityState"])(
    "refuses %s by name",
    async (verb) => {
      const answer = (await (await fixture.call("POST", `/api/refused/${verb}/any`)).json()) as {
        refused: string;
      };
      expect(answer.refused).toContain("The local host does not speak");
    },
  );
});

describe("the management URLs", () => {
  it("want the system key", async () => {
    const path = "/runtime/webhooks/durabletask/instances/open";
    expect((await fixture.call("GET", path)).status).toBe(401);
    expect((await fixture.call("GET", `${path}?code=${fixture.host.functionKey}`)).status).toBe(401);
    expect((await fixture.call("GET", `${path}?code=${fixture.host.masterKey}`)).status).not.toBe(401);
  });

  it("come in Azure's order and lead back here", async () => {
    const response = await fixture.call("GET", "/api/check/open");
    expect(response.status).toBe(202);
    const urls = (await response.json()) as Record<string, string>;
    expect(Object.keys(urls)).toEqual([
      ...["id", "statusQueryGetUri", "sendEventPostUri", "terminatePostUri", "rewindPostUri"],
      ...["purgeHistoryDeleteUri", "restartPostUri", "suspendPostUri", "resumePostUri"],
    ]);
    expect(urls["statusQueryGetUri"]?.startsWith(`${fixture.host.url}/runtime/`)).toBe(true);
  });

  it("start with an id of their own, refuse a bad id and bad JSON", async () => {
    const started = await ask("POST", "orchestrators/noYield", "{}");
    expect(started.status).toBe(202);
    expect((JSON.parse(started.body) as { id: string }).id).toMatch(/^[0-9a-f]{32}$/);
    expect((await ask("POST", "orchestrators/noYield/one", "{not json")).status).toBe(400);
    for (const id of ["@entity", "a%23b", "a%5Cb", "a%3Fb", "a%2Fb", "a%00b", "x".repeat(101)]) {
      expect((await ask("POST", `orchestrators/noYield/${id}`, "{}")).status).toBe(400);
    }
  });

  it("refuse a second start of a running id with 409 and Azure's text", async () => {
    await ask("POST", "orchestrators/longTimer/again", "{}");
    await fixture.host.idle();
    expect(await ask("POST", "orchestrators/longTimer/again", "{}")).toEqual({
      status: 409,
      body: '{"Message":"An Orchestration instance with the status Running already exists."}',
    });
  });
});
