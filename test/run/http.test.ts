// The app over HTTP, on the local host: what it takes, what it refuses and how it says so. Every answer is held against the
// OpenAPI document.
import { once } from "node:events";
import { type ServerResponse, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { addOutline } from "../../src/activities/run/state.ts";
import type { RunStatus } from "../../src/core/run.ts";
import { runPaths, statePath } from "../../src/core/work-paths.ts";
import { openStore } from "../azurite.ts";
import { type Ask, type Reply, documentedApi } from "../functions/documented-api.ts";
import { noWayTo } from "../portal/no-way.ts";
import { type SamplePortal, startPortal } from "../portal/portal.ts";
import { smallSeed } from "../portal/seed/small.ts";
import { type App, PASSWORD, sampleProfile, startApp, stateFolder } from "./app.ts";
import { readRestorePoint, value } from "./restore-point.ts";

const container = `http-${randomUUID()}`;
const work = openStore("work");
const cleanUp: (() => Promise<unknown>)[] = [];
/** Answers at once that it is no portal: a run against it ends in a moment. */
let noPortal: string;
/** Answers when it is told to: a run against it stays open. */
let silent: { readonly url: string; readonly release: () => void };
let portal: SamplePortal;
let app: App;
let ask: Ask;
let wholeRun: ReturnType<typeof pollWholeRun>;
let settings: ReturnType<typeof sampleProfile>;

beforeAll(async () => {
  noPortal = (await serverOf((reply) => void reply.writeHead(404).end())).url;
  silent = await silentServer();
  portal = await startPortal({ scale: 60, password: PASSWORD, seed: smallSeed });
  cleanUp.push(() => portal.stop());
  settings = sampleProfile(portal.url, container);
  const state = await stateFolder();
  cleanUp.push(state.remove);
  app = await startApp(settings, { stateFolder: state.path });
  cleanUp.unshift(() => app.kill());
  ask = documentedApi(app);
  wholeRun = pollWholeRun();
  // It goes on beside the other tests; the one that waits for it tells what became of it.
  wholeRun.catch(() => undefined);
});

afterAll(async () => {
  silent.release();
  for (const step of cleanUp) await step();
});

async function serverOf(answer: (reply: ServerResponse) => void): Promise<{ readonly url: string }> {
  const server = createServer((_, reply) => answer(reply)).listen(0, "127.0.0.1");
  await once(server, "listening");
  cleanUp.push(async () => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

async function silentServer() {
  let isReleased = false;
  const waiting: ServerResponse[] = [];
  const end = (reply: ServerResponse) => void reply.writeHead(404).end();
  const { url } = await serverOf((reply) => (isReleased ? end(reply) : void waiting.push(reply)));
  const release = () => {
    isReleased = true;
    waiting.splice(0).forEach(end);
  };
  return { url, release };
}

/** Stores a profile for that portal; its name. */
async function profileFor(url: string, more: object = {}): Promise<string> {
  const profile = sampleProfile(url, container, more);
  const reply = await ask("PUT", `profiles/${profile.name}`, { body: profile });
  expect(reply.status, reply.text).toBe(201);
  return profile.name;
}

/** Every status until the run is sealed. */
async function followed(id: string, everyMs: number): Promise<readonly RunStatus[]> {
  const seen: RunStatus[] = [];
  for (const until = Date.now() + 60_000; Date.now() < until;) {
    const reply = await ask("GET", `backups/${id}`);
    expect(reply.status, reply.text).toBe(200);
    const status = reply.json() as unknown as RunStatus;
    seen.push(status);
    if (status.verdict !== null) return seen;
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
  throw new Error(`Run ${id} does not end: ${JSON.stringify(seen.at(-1))}`);
}

/** A run over the small organisation, with the answer that started it and every status on its way. */
async function pollWholeRun() {
  // Its data are not to be had, so that round 3 captures the view of it; a view is counted when that is settled.
  portal.faults.add(...noWayTo("Wells", "Error exporting data to filegdb format"));
  const itemsAtStart = portal.state.items.size;
  const started = await ask("POST", "backups", { body: { profile: await profileFor(portal.url) } });
  expect(started.status, started.text).toBe(202);
  return { itemsAtStart, started, seen: await followed(String(started.json()["id"]), 50) };
}

function expectForward(seen: readonly RunStatus[]): void {
  const forward = (what: string, numbers: readonly number[]) =>
    expect(numbers, what).toEqual([...numbers].sort((a, b) => a - b));
  const phases = ["opening", "listing", "planning", "saving", "sweeping", "sealing", "sealed"];
  for (const key of ["listed", "saved", "unchanged", "skipped", "failed"] as const) {
    forward(key, seen.map(({ counts }) => counts[key])); // prettier-ignore
  }
  forward("sizeBytes", seen.map(({ sizeBytes }) => sizeBytes)); // prettier-ignore
  forward("startedAt", seen.map(({ startedAt }) => startedAt)); // prettier-ignore
  forward("phase", seen.map(({ phase }) => phases.indexOf(phase))); // prettier-ignore
  forward("had their turn", seen.map(({ counts: { listed: _, ...ended }, unsettled }) =>
    Object.values(ended).reduce((sum, count) => sum + count, unsettled))); // prettier-ignore
}

describe("starting", () => {
  test("two starts at the same instant, ten times: one run and one 409 each; runs of one second have a folder each", async () => {
    const names = await Promise.all(
      Array.from({ length: 10 }, () => profileFor(noPortal, { folderPrefix: "shared" })),
    );
    const pairs = await Promise.all(
      names.map((profile) => Promise.all([1, 2].map(() => ask("POST", "backups", { body: { profile } })))),
    );
    const ids: string[] = [];
    for (const pair of pairs) {
      const [won, lost] = pair.toSorted((a, b) => a.status - b.status);
      expect([won?.status, lost?.status, lost?.code]).toEqual([202, 409, "run-in-progress"]);
      const id = String(won?.json()["id"]);
      expect(lost?.details).toMatchObject([{ runId: id }]);
      ids.push(id);
    }
    const ends = await Promise.all(ids.map(async (id) => (await followed(id, 100)).at(-1)));
    expect(ends.map((end) => end?.failure?.reason)).toEqual(ids.map(() => "portal-unknown"));
    expect(new Set(ids.map((id) => id.slice(-16))).size).toBeLessThan(10);
    const folders = ends.map((end) => end?.folder ?? "");
    expect(new Set(folders).size).toBe(10);
    for (const folder of folders) expect(folder).toMatch(/^shared_\d{8}T\d{6}Z(_\d+)?$/);
  });

  test("an open run is shown, blocks its profile and takes the wish to cancel it more than once", async () => {
    const profile = await profileFor(silent.url);
    const started = await ask("POST", "backups", {
      body: { profile, dryRun: true, select: { types: ["Web Map"] } },
    });
    const id = String(started.json()["id"]);
    const shown = async () => (await ask("GET", `backups/${id}`)).json();
    expect(await shown()).toMatchObject({ verdict: null, cancelRequested: false, dryRun: true });
    for (const text of ["results", "summary", "plan"]) {
      const reply = await ask("GET", `backups/${id}/${text}`);
      expect([reply.status, reply.code], text).toEqual([404, "not-yet"]);
    }
    expect((await ask("GET", `backups/${id}/log`)).status).toBe(200);
    await work.put(runPaths(id).planText, "Plan");
    expect((await ask("GET", `backups/${id}/plan`)).text).toBe("Plan");

    const again = await ask("POST", "backups", { body: { profile } });
    expect([again.status, again.details[0]?.runId]).toEqual([409, id]);
    const gone = await ask("DELETE", `profiles/${profile}`);
    expect([gone.status, gone.code, gone.details[0]?.runId]).toEqual([409, "run-in-progress", id]);
    const { runs } = (await ask("GET", `backups?profile=${profile}`)).json();
    expect(runs).toMatchObject([{ id, verdict: null, counts: null, dryRun: true }]);

    for (const by of ["command-line", "http"]) {
      expect((await ask("POST", `backups/${id}/cancel`, { body: { by } })).status).toBe(202);
    }
    expect((await ask("POST", `backups/${id}/cancel`)).status).toBe(202);
    const wrong = await ask("POST", `backups/${id}/cancel`, { body: { by: "me", now: true } });
    expect([wrong.status, wrong.details.map(({ path }) => path).sort()]).toEqual([400, ["by", "now"]]);
    expect(await shown()).toMatchObject({ cancelRequested: true });
    const flag = value(await work.get(runPaths(id).cancel));
    expect(Buffer.from(flag?.bytes ?? []).toString()).toContain('"command-line"');
    silent.release();
    expect((await followed(id, 100)).at(-1)?.phase).toBe("sealed");
  });

  test("tells every mistake of the request and of its profile at once", async () => {
    const name = `t-${randomUUID().slice(0, 8)}`;
    const broken = { ...sampleProfile(noPortal, container), name, lanes: 99, password: "hunter2-secret" };
    value(await work.put(`profiles/${name}.json`, JSON.stringify(broken)));
    cleanUp.push(() => work.delete(`profiles/${name}.json`));
    const both = await ask("POST", "backups", {
      body: { profile: name, dryrun: true, select: { ids: ["x"], owner: ["a"] } },
      headers: { "content-type": "text/plain" },
    });
    expect([both.status, both.code]).toEqual([400, "bad-request"]);
    expect(both.details.map(({ path }) => path)).toEqual(
      expect.arrayContaining(["content-type", "dryrun", "select.ids.0", "select.owner", "lanes", "password"]),
    );
    expect(both.details).toHaveLength(6);
    const profileOnly = await ask("POST", "backups", { body: { profile: name } });
    expect([profileOnly.status, profileOnly.code]).toEqual([422, "bad-profile"]);
    const read = await ask("GET", `profiles/${name}`);
    expect([read.status, read.details.map(({ path }) => path).sort()]).toEqual([422, ["lanes", "password"]]);
    const listed = await ask("GET", "profiles");
    expect(listed.json()["profiles"]).toContainEqual(expect.objectContaining({ name, portalUrl: null }));
    expect(`${both.text}${profileOnly.text}${read.text}${listed.text}`).not.toContain("hunter2");
    const none = await ask("POST", "backups", { body: { profile: "nobody-has-this-name" } });
    expect([none.status, none.code]).toEqual([404, "not-found"]);
  });

  test.each<readonly [string, string | Uint8Array, readonly string[]]>([
    ["0 bytes", "", [""]],
    ["no JSON", '{"profile": hunter2}', [""]],
    ["half of it", '{"profile":', [""]],
    ["a list", "[]", [""]],
    ["null", "null", [""]],
    ["more than 1 MB", `{"profile":"${"x".repeat(1_100_000)}"}`, [""]],
    ["100,000 lists in one another", "[".repeat(100_000) + "]".repeat(100_000), [""]],
    ["no UTF-8", Buffer.from([0x7b, 0x22, 0xed, 0xa0, 0x80, 0x22, 0x7d]), [""]],
    ["half of a pair", String.raw`{"profile":"\ud800"}`, ["profile"]],
    ["a path", '{"profile":"../../state/x"}', ["profile"]],
    ["a prototype", '{"profile":"a","__proto__":{"dryRun":true}}', ["(unknown key)", "__proto__"]],
    ["wrong kinds", '{"profile":7,"dryRun":"yes","select":[]}', ["dryRun", "profile", "select"]],
  ])("a body of %s is refused in words", async (_what, raw, paths) => {
    const reply = await ask("POST", "backups", { raw, headers: { "content-type": "application/json" } });
    expect([reply.status, reply.code]).toEqual([400, "bad-request"]);
    expect(paths.length > 0 && reply.details.every(({ path }) => paths.includes(path ?? "?"))).toBe(true);
    expect(reply.text).not.toContain("hunter2");
  });

  test("40,000 unknown keys are counted, and a byte order mark is taken away", async () => {
    const keys = Object.fromEntries(Array.from({ length: 40_000 }, (_, n) => [`k${n}`, 1]));
    const many = await ask("POST", "backups", { body: { profile: "a", ...keys } });
    expect([many.status, many.details.length]).toEqual([400, 51]);
    expect(many.text).toContain("39950 further keys");
    const marked = await ask("POST", "backups", { raw: '\uFEFF{"profile":"nobody-has-this-name"}' });
    expect(marked.status).toBe(404);
  });
});

describe("hostile ids and names", () => {
  test.each([
    "..%2F..%2Fprofiles%2Fx",
    "%00",
    "a%0Ab",
    "x".repeat(10_000),
    "%F0%9F%8C%B3",
    "acme-20261301T000000Z",
    "@a",
    "%E2%80%AE",
  ])("%s is no run and no profile", async (hostile) => {
    const replies: Reply[] = [];
    for (const below of ["", "/results", "/summary", "/log", "/plan"]) {
      replies.push(await ask("GET", `backups/${hostile}${below}`));
    }
    replies.push(await ask("POST", `backups/${hostile}/cancel`));
    replies.push(await ask("GET", `profiles/${hostile}`), await ask("DELETE", `profiles/${hostile}`));
    expect(replies.map(({ status, code }) => `${status} ${code}`)).toEqual(
      replies.map(() => "404 not-found"),
    );
    for (const { text } of replies) expect(text.length).toBeLessThan(400);
    const put = await ask("PUT", `profiles/${hostile}`, { body: sampleProfile(noPortal, container) });
    expect([put.status, put.code]).toEqual([422, "bad-profile"]);
  });

  test.each(["top=0", "top=101", "top=x", "profile=..%2F..", "continuation=x", "porfile=a"])(
    "the query %s is refused",
    async (query) => {
      const reply = await ask("GET", `backups?${query}`);
      expect([reply.status, reply.details.map(({ path }) => path)]).toEqual([400, [query.split("=")[0]]]);
    },
  );
});

describe("profiles", () => {
  test("are made, read, changed under their ETag and deleted", async () => {
    const profile = sampleProfile(noPortal, container, {
      schedule: { cron: "0 2 * * *", zone: "America/Denver" },
    });
    const { name } = profile;
    const address = `profiles/${name}`;
    const created = await ask("PUT", address, { body: profile, headers: { "if-none-match": "*" } });
    expect([created.status, created.headers.get("location")]).toEqual([201, `/api/${address}`]);
    const second = await ask("PUT", address, { body: profile, headers: { "if-none-match": "*" } });
    expect([second.status, second.code]).toEqual([412, "profile-changed"]);

    const read = await ask("GET", address);
    expect(read.json()).toEqual({ ...profile, ...filledIn(name) });
    expect(read.headers.get("x-profile-source")).toBe("stored");
    const etag = read.headers.get("etag") ?? "";
    expect(etag).toBe(created.headers.get("etag"));
    const changed = { ...read.json(), lanes: 2 };
    const first = await ask("PUT", address, { body: changed, headers: { "if-match": etag } });
    expect(first.status, first.text).toBe(200);
    const late = await ask("PUT", address, { body: profile, headers: { "if-match": etag } });
    expect(late.status).toBe(412);
    expect((await ask("GET", address)).json()).toEqual(changed);
    const { profiles } = (await ask("GET", "profiles")).json() as { profiles: { name: string }[] };
    expect(profiles.find((each) => each.name === name)).toMatchObject({
      ...{ source: "stored", overridesSettings: false, portalUrl: noPortal, problems: [], openRun: null },
      ...{ schedule: profile["schedule" as keyof typeof profile], nextRun: expect.any(Number) as number },
    });

    expect((await ask("DELETE", address, { headers: { "if-match": etag } })).status).toBe(412);
    value(await work.put(statePath(name), JSON.stringify({ openRun: null, lastRun: null })));
    expect((await ask("DELETE", address)).status).toBe(204);
    expect((await ask("DELETE", address)).status).toBe(404);
    expect(value(await work.get(statePath(name)))).toBeDefined();
  });

  function filledIn(name: string) {
    return {
      ...{ exports: { timeoutMinutes: 120, hardLimitHours: 24, lanes: 3 }, lanes: 4 },
      ...{ layout: "owner-folder", folderPrefix: name, search: "deep", views: "definition" },
      ...{ emptyServices: true, serviceDefinitions: true, dependencies: false },
      tiles: { switchExportOn: false, most: 500_000 },
    };
  }

  test("with mistakes are refused with all of them, and no pasted secret is stored or repeated", async () => {
    const name = `t-${randomUUID().slice(0, 8)}`;
    const text =
      `{"name":"other","lanes":0,"portal":{"url":"https://u:hunter2-secret@x.org","auth":{"kind":"password",` +
      `"username":"a","secret":"hunter2 secret","password":"hunter2-secret"}}}`;
    const wrong = await ask("PUT", `profiles/${name}`, { raw: text });
    expect([wrong.status, wrong.details.map(({ path }) => path).sort()]).toEqual([
      422,
      ["lanes", "name", "portal.auth.password", "portal.auth.secret", "portal.url"],
    ]);
    // JSON takes the last of two equal keys; the first must not be kept either.
    const twice = JSON.stringify(sampleProfile(noPortal, container, { name })).replace(
      '"secret":',
      '"secret":"hunter2-secret","secret":',
    );
    expect((await ask("PUT", `profiles/${name}`, { raw: twice })).status).toBe(201);
    const stored = Buffer.from(value(await work.get(`profiles/${name}.json`))?.bytes ?? []).toString();
    expect(`${wrong.text}${stored}`).not.toContain("hunter2");
    const condition = { "if-match": "*", "if-none-match": "*", "content-type": "text/plain" };
    const both = await ask("PUT", `profiles/${name}`, { raw: text, headers: condition });
    expect([both.status, both.details.length]).toEqual([400, 7]);
    expect((await ask("DELETE", `profiles/${name}`)).status).toBe(204);
  });

  test("with a folder are refused by an app without a disk, also where one is stored already", async () => {
    const profile = {
      ...sampleProfile(noPortal, container),
      lanes: 0,
      destination: { folder: "/srv/backups" },
    };
    const wrong = await ask("PUT", `profiles/${profile.name}`, { body: profile });
    expect([wrong.status, wrong.details.map(({ path }) => path)]).toEqual([
      422,
      ["lanes", "destination.folder"],
    ]);
    value(await work.put(`profiles/${profile.name}.json`, JSON.stringify({ ...profile, lanes: 1 })));
    const start = await ask("POST", "backups", { body: { profile: profile.name } });
    expect([start.status, start.details.map(({ path }) => path)]).toEqual([422, ["destination.folder"]]);
    expect((await ask("DELETE", `profiles/${profile.name}`)).status).toBe(204);
  });

  test("the default one of the app settings is shown as such, can be overridden, and is not deleted", async () => {
    const address = `profiles/${settings.name}`;
    const found = async () => {
      const { profiles } = (await ask("GET", "profiles")).json() as { profiles: { name: string }[] };
      return profiles.filter(({ name }) => name === settings.name);
    };
    const read = await ask("GET", address);
    expect([read.headers.get("x-profile-source"), read.headers.get("etag")]).toEqual(["settings", null]);
    expect(await found()).toMatchObject([{ source: "settings", overridesSettings: false }]);
    const kept = await ask("DELETE", address);
    expect([kept.status, kept.code]).toEqual([409, "profile-in-settings"]);
    expect((await ask("PUT", address, { body: { ...settings, lanes: 2 } })).status).toBe(201);
    expect(await found()).toMatchObject([{ source: "stored", overridesSettings: true }]);
    expect((await ask("DELETE", address)).status).toBe(204);
    expect(await found()).toMatchObject([{ source: "settings" }]);
  });
});

test("ended runs are listed page by page from what their profile remembers", async () => {
  const profile = `t-${randomUUID().slice(0, 8)}`;
  let state: Parameters<typeof addOutline>[0] = { openRun: null, lastRun: null };
  for (let n = 1; n <= 5; n += 1) {
    state = addOutline(state, {
      ...{ id: `${profile}-2026051${n}T020000Z`, verdict: "partial", startedBy: "timer", dryRun: false },
      ...{ startedAt: n, finishedAt: n + 1, sizeBytes: 1, container: "backups", folder: "f" },
      counts: { listed: 1, saved: 0, unchanged: 0, skipped: 0, failed: 1 },
    });
  }
  value(await work.put(statePath(profile), JSON.stringify(state)));
  const pages: string[][] = [];
  for (let continuation: string | null = ""; continuation !== null;) {
    const from: string = continuation === "" ? "" : `&continuation=${encodeURIComponent(continuation)}`;
    const reply = await ask("GET", `backups?profile=${profile}&top=2${from}`);
    const page = reply.json() as { runs: { id: string }[]; continuation: string | null };
    pages.push(page.runs.map(({ id }) => id.slice(-10, -8)));
    continuation = page.continuation;
  }
  expect(pages.map((page) => page.length)).toEqual([2, 2, 1]);
  expect((await ask("GET", "backups?profile=nobody-has-this-name")).json()).toEqual({
    runs: [],
    continuation: null,
  });
  expect((await ask("GET", "backups?top=100")).status).toBe(200);
});

test("a call without the function key is refused without a word, and the document is served", async () => {
  const stranger = await fetch(`${app.url}/api/profiles`);
  expect([stranger.status, await stranger.text()]).toEqual([401, ""]);
  const served = await ask("GET", "openapi.json");
  expect(served.json()["openapi"]).toBe("3.1.0");
});

describe("a whole run", () => {
  test("is polled from its start to the numbers of Results.txt without a number or phase that goes back", async () => {
    const { itemsAtStart, started, seen } = await wholeRun;
    const { id, statusUrl } = started.json() as { id: string; statusUrl: string };
    expect([statusUrl, started.headers.get("location")]).toEqual([
      `/api/backups/${id}`,
      `/api/backups/${id}`,
    ]);
    expectForward(seen);
    const last = seen.at(-1);
    expect(new Set(seen.map(({ phase }) => phase)).size).toBeGreaterThan(3);
    expect(seen.some(({ unsettled }) => unsettled > 0)).toBe(true);
    expect(seen.some(({ exportsAtWork }) => exportsAtWork.length > 0)).toBe(true);

    const results = (await ask("GET", `backups/${id}/results`)).text;
    const counts = last?.counts ?? { listed: 0, saved: 0, unchanged: 0, skipped: 0, failed: 0 };
    expect(results).toMatch(
      new RegExp(
        `${counts.listed} listed\\s*= ${counts.saved} saved \\+ ${counts.unchanged} unchanged ` +
          `\\+ ${counts.skipped} skipped \\+ ${counts.failed} failed`,
      ),
    );
    // The layer alone, by its export: the view of it is saved in its place.
    expect(counts.failed).toBe(1);
    expect(counts.listed).toBe(itemsAtStart);
    const point = await readRestorePoint(container, last?.folder ?? "");
    expect(last?.sizeBytes).toBe(point.items.reduce((sum, { outcome }) => sum + outcome.sizeBytes, 0));

    expect((await ask("GET", `backups/${id}/summary`)).text).toMatch(/^PARTIAL/);
    await expectLog(id, await point.read("Full_log.log"));
    const ended = await ask("POST", `backups/${id}/cancel`);
    expect([ended.status, ended.code]).toEqual([409, "run-ended"]);
    const plan = await ask("GET", `backups/${id}/plan`);
    expect([plan.status, plan.code]).toEqual([404, "not-found"]);
  }, 60_000);

  async function expectLog(id: string, whole: Buffer): Promise<void> {
    const address = `backups/${id}/log`;
    const log = await ask("GET", address);
    expect([log.status, log.text]).toEqual([200, whole.toString("utf8")]);
    const part = await ask("GET", address, { headers: { range: "bytes=10-29" } });
    expect([part.status, part.text]).toEqual([206, whole.toString("utf8", 10, 30)]);
    expect(part.headers.get("content-range")).toBe(`bytes 10-29/${whole.length}`);
    const beyond = await ask("GET", address, { headers: { range: `bytes=${whole.length}-` } });
    expect([beyond.status, beyond.code]).toEqual([416, "range-not-satisfiable"]);
  }
});
