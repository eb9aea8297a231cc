// The client against the sample portal: a whole conversation, then the same under scripted trouble.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Download, Page, Portal } from "../../../src/clients/portal/portal.ts";
import type { Result } from "../../../src/core/result.ts";
import { pattern, text, wholeOf } from "../../portal/content.ts";
import { startPortal, USERNAME, type SamplePortal } from "../../portal/portal.ts";
import { addItem, addMember, itemId, type Seed } from "../../portal/seed/build.ts";
import { addHosted } from "../../portal/seed/layers.ts";
import { bytesOf, portalAt } from "./server.ts";
import { ok } from "../../../src/core/result.ts";

const FILE = pattern("file", 300_000);
const seed: Seed = (ground) => {
  const { state } = ground;
  addMember(state, USERNAME, "Backup", { role: "org_admin", password: ground.password });
  addMember(state, "jo hn@acme", "John");
  for (let count = 1; count <= 230; count += 1) {
    addItem(state, { title: `Map ${count}`, type: "Web Map", owner: "jo hn@acme", json: { count } });
  }
  const resources = { "images/a b.png": pattern("png", 2_000) };
  addItem(state, {
    title: "Parcels/2024",
    type: "CSV",
    folder: "Files",
    owner: "jo hn@acme",
    name: "p.csv",
    file: FILE,
    resources,
  });
  addItem(state, { title: "Picky", type: "File Geodatabase", name: "g.zip", file: FILE, picky: true });
  addItem(state, { title: "None 500", type: "Web Mapping Application", noData: "500" });
  addItem(state, { title: "None 400", type: "Web Mapping Application", noData: "400" });
  addItem(state, {
    title: "Odd",
    type: "Web Map",
    json: '{"a":1}',
    rawControls: true,
    metadata: "<metadata/>",
  });
  addMember(state, "jdoe", "Jane");
  const layer = {
    id: 0,
    name: "Trees",
    geometry: "point",
    rows: 30,
    fields: [{ name: "kind", type: "String" }],
  } as const;
  addHosted(ground, { title: "Trees", service: "Trees", owner: "jdoe", minutes: 1, layers: [layer] });
};

let sample: SamplePortal;
let now = Date.UTC(2026, 0, 5);
beforeAll(async () => {
  sample = await startPortal({ seed, clock: () => now });
});
afterAll(() => sample.stop());
beforeEach(() => {
  sample.faults.clear();
  sample.state.requests.length = 0;
});

function client(limits = {}): Portal {
  const auth = { kind: "password", username: USERNAME, password: async () => ok(sample.password) } as const;
  return portalAt(sample.url, { auth, now: () => now, limits }).portal;
}

function valueOf<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.failure.text);
  return result.value;
}

async function all<T>(page: (start: number) => Promise<Result<Page<T>>>): Promise<T[]> {
  const entries: T[] = [];
  for (let start = 1; start > 0;) {
    const one = valueOf(await page(start));
    entries.push(...one.entries);
    start = one.nextStart;
  }
  return entries;
}

async function contentOf(download: Promise<Result<Download>>): Promise<Buffer> {
  return bytesOf(valueOf(await download).body);
}

describe("against the sample portal", () => {
  test("the walk and the search find every item once", async () => {
    const portal = client();
    const self = valueOf(await portal.connect());
    expect(self.seesAllItems).toBe(true);
    const walked: string[] = [];
    for (const { username } of await all((start) => portal.members(start))) {
      for (const folder of [null, ...valueOf(await portal.folders(username)).map(({ id }) => id)]) {
        const items = await all((start) => portal.content(username, folder, start));
        walked.push(...items.map(({ id }) => id));
      }
    }
    const found = await all((start) => portal.search(`orgid:${self.id}`, start));
    const known = [...sample.state.items.keys()].sort();
    expect(walked.sort()).toEqual(known);
    expect(found.map(({ id }) => id).sort()).toEqual(known);
  });

  test("bytes arrive as they are, from storage without the token", async () => {
    const portal = client();
    const csv = itemId("Parcels/2024");
    expect((await contentOf(portal.data(csv, "file"))).equals(wholeOf(FILE))).toBe(true);
    for (const expected of ["file", "json"] as const) {
      expect((await contentOf(portal.data(itemId("Picky"), expected))).equals(wholeOf(FILE))).toBe(true);
    }
    for (const title of ["None 500", "None 400"]) {
      expect(valueOf(await portal.data(itemId(title), "json")).length).toBe(0);
    }
    expect((await contentOf(portal.data(itemId("Map 7"), "json"))).toString()).toBe('{"count":7}');
    const [resource] = await all((start) => portal.resources(csv, start));
    expect(await contentOf(portal.resource(csv, resource?.resource ?? ""))).toHaveLength(2_000);
    expect(valueOf(await portal.item(itemId("Odd"))).value["title"]).toBe("Odd");
    const metadata = valueOf(await portal.info(itemId("Odd"), "metadata/metadata.xml"));
    expect(metadata).toEqual(wholeOf(text("<metadata/>")));
    expect(valueOf(await portal.info(csv, "metadata/metadata.xml"))).toBeUndefined();
    const storage = sample.state.requests.filter(({ server }) => server === "storage");
    expect(storage.length).toBeGreaterThan(0);
    expect(storage.every(({ token }) => token === "none")).toBe(true);
    expect(sample.state.requests.some(({ token }) => token === "query")).toBe(false);
  });

  test("an export from its start to its deletion", async () => {
    const portal = client();
    const url = sample.state.items.get(itemId("Trees"))?.fields.url ?? "";
    expect(valueOf(await portal.count(url, 0))).toBe(30);
    expect(valueOf(await portal.attachmentCount(url, 0))).toBe(0);
    const start = {
      user: USERNAME,
      itemId: itemId("Trees"),
      title: "TEMP_1",
      tag: "t",
      format: "File Geodatabase",
    } as const;
    const job = valueOf(await portal.startExport(start));
    expect(valueOf(await portal.exportStatus(USERNAME, job)).status).not.toBe("completed");
    now += 5 * 60_000;
    expect(valueOf(await portal.exportStatus(USERNAME, job)).status).toBe("completed");
    expect((await contentOf(portal.data(job.exportItemId, "file"))).subarray(0, 2).toString()).toBe("PK");
    valueOf(await portal.setTags(USERNAME, job.exportItemId, ["a", "b"]));
    expect(sample.state.items.get(job.exportItemId)?.fields.tags).toEqual(["a", "b"]);
    valueOf(await portal.deleteItem(USERNAME, job.exportItemId));
    expect(sample.state.items.has(job.exportItemId)).toBe(false);
    valueOf(await portal.deleteItem(USERNAME, job.exportItemId));
    const gone = await portal.item(job.exportItemId);
    expect(!gone.ok && gone.failure.reason).toBe("not-found");
  });

  test("trouble in every call is survived", async () => {
    const portal = client({ idleMs: 200, answerMs: 200 });
    sample.faults.add(
      { match: { path: "/portals/self$", nth: 2 }, answer: { status: 503, retryAfter: 1 } },
      { match: { path: "/items/[0-9a-f]+$", nth: 1 }, answer: { reset: "before" } },
      { match: { path: "/items/[0-9a-f]+$", nth: 2 }, answer: { hang: "before" } },
      { match: { path: "/items/[0-9a-f]+$", nth: 3 }, answer: { html: true } },
      {
        match: { path: "/items/[0-9a-f]+$", nth: 4 },
        answer: { error: { code: 498, message: "Invalid token." } },
      },
      { match: { path: "/items/[0-9a-f]+/data$", nth: 1 }, answer: { html: true } },
      { match: { server: "storage", nth: 1 }, answer: { status: 403 } },
    );
    valueOf(await portal.connect());
    valueOf(await portal.item(itemId("Map 1")));
    expect((await contentOf(portal.data(itemId("Parcels/2024"), "file"))).equals(wholeOf(FILE))).toBe(true);
    expect(sample.faults.fired.every((fired) => fired > 0)).toBe(true);
  });

  test.each([
    ["cut", { truncate: { bytes: 100_000 } }],
    ["longer than declared", { lengthExtra: -60_000 }],
    ["shorter than declared", { lengthExtra: 10 }],
    ["stalled", { hang: "body" }],
  ] as const)("a body that is %s never ends cleanly", async (_, fault) => {
    sample.faults.add({ match: { server: "storage", times: "always" }, answer: fault });
    const data = await client({ idleMs: 200 }).data(itemId("Parcels/2024"), "file");
    if (data.ok) await expect(bytesOf(data.value.body)).rejects.toThrow("Cannot read the data");
    else expect(["truncated", "transient"]).toContain(data.failure.reason);
  });

  test("a token that the portal forgot is asked for anew", async () => {
    const portal = client();
    valueOf(await portal.item(itemId("Map 1")));
    sample.state.tokens.clear();
    const results = await Promise.all([1, 2, 3, 4].map((count) => portal.item(itemId(`Map ${count}`))));
    expect(results.every(({ ok: good }) => good)).toBe(true);
    expect(sample.state.requests.filter(({ path }) => path.endsWith("/generateToken"))).toHaveLength(2);
  });
});
