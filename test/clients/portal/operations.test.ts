import type { ServerResponse } from "node:http";
import { describe, expect, test } from "vitest";
import { pageOf } from "../../../src/clients/portal/pages.ts";
import { portalAt, servePortal, type Reaction, type Route } from "./server.ts";

const ID = "d".repeat(32);
const REST = "/sharing/rest";

async function portalWith(routes: Record<string, Reaction>): Promise<{
  portal: ReturnType<typeof portalAt>["portal"];
  served: Awaited<ReturnType<typeof servePortal>>;
}> {
  const route: Route = ({ path }) => routes[path];
  const served = await servePortal(route);
  return { portal: portalAt(served.url).portal, served };
}

describe("pageOf() survives what portals leave out", () => {
  const ask = { action: "list", start: 101, list: "items", entry: (entry: object) => entry };

  test.each([
    [
      { total: 250, nextStart: 201, items: [{}] },
      { total: 250, nextStart: 201 },
    ],
    [
      { total: 101, nextStart: -1, items: [{}] },
      { total: 101, nextStart: -1 },
    ],
    [
      { total: 101, items: [{}] },
      { total: 101, nextStart: -1 },
    ],
    [{ items: [{}, {}] }, { total: 102, nextStart: -1 }],
    [
      { total: 101, nextStart: 101, items: [{}] },
      { total: 101, nextStart: -1 },
    ],
  ])("%j", (value, expected) => {
    expect(pageOf(value, ask)).toMatchObject({ ok: true, value: expected });
  });

  test.each([
    ["that does not go on", { total: 500, nextStart: 101, items: [{}] }],
    ["without a list", { total: 5 }],
    ["with an unreadable entry", { total: 101, items: [7] }],
  ])("a page %s fails instead of losing entries", (_, value) => {
    expect(pageOf(value, ask).ok).toBe(false);
  });
});

describe("listings", () => {
  test("names are encoded, pages are of 100 and stable, nulls lose no item", async () => {
    const user = "jo/e ü@x";
    const { portal, served } = await portalWith({
      [`${REST}/content/users/jo%2Fe%20%C3%BC%40x/f1`]: {
        total: 1,
        start: 1,
        nextStart: -1,
        items: [{ id: ID, type: "Web Map", title: null }],
      },
    });
    const page = await portal.content(user, "f1", 1);
    expect(page.ok && page.value.entries).toEqual([{ id: ID, owner: user, title: "", type: "Web Map" }]);
    const query = served.to("/f1")[0]?.query;
    expect(Object.fromEntries(query ?? [])).toMatchObject({
      num: "100",
      start: "1",
      sortField: "created",
      f: "json",
    });
  });

  test("a name that would change the path is refused", async () => {
    const { portal, served } = await portalWith({});
    await portal.connect();
    const before = served.got.length;
    for (const result of [
      await portal.content("..", null, 1),
      await portal.resource(ID, "../../data"),
      await portal.info(ID, "a//b"),
      await portal.item("."),
    ]) {
      expect(result.ok).toBe(false);
    }
    expect(served.got).toHaveLength(before);
  });

  test("a long query is posted, with the token in the form", async () => {
    const { portal, served } = await portalWith({ [`${REST}/search`]: { total: 0, results: [] } });
    expect((await portal.search("x".repeat(3_000), 1)).ok).toBe(true);
    const got = served.to("/search")[0];
    expect(got?.method).toBe("POST");
    expect(got?.form.get("q")).toHaveLength(3_000);
    expect(got?.form.get("token")).toBeTruthy();
    expect([...(got?.query ?? [])]).toEqual([]);
  });

  test("members tell who is disabled, folders their titles", async () => {
    const { portal } = await portalWith({
      [`${REST}/portals/self/users`]: {
        total: 2,
        users: [{ username: "a" }, { username: "b", disabled: true }],
      },
      [`${REST}/content/users/a`]: { total: 0, items: [], folders: [{ id: "f1", title: "Old/New" }] },
    });
    const members = await portal.members(1);
    expect(members.ok && members.value.entries.map((member) => member.disabled)).toEqual([false, true]);
    const folders = await portal.folders("a");
    expect(folders).toEqual({ ok: true, value: [{ id: "f1", title: "Old/New" }] });
  });
});

describe("entries that tell less than they should", () => {
  test("a resource without size and access is listed, one without a name fails the page", async () => {
    const path = `${REST}/content/items/${ID}/resources`;
    const bare = await portalWith({ [path]: { total: 1, resources: [{ resource: "a.png" }] } });
    const listed = await bare.portal.resources(ID, 1);
    expect(listed.ok && listed.value.entries).toEqual([{ resource: "a.png", size: -1, access: "" }]);
    const nameless = await portalWith({ [path]: { total: 1, resources: [{ size: 7 }] } });
    expect(await nameless.portal.resources(ID, 1)).toMatchObject({
      ok: false,
      failure: { text: expect.stringContaining("entry 1 has no name or id") as string },
    });
  });

  test("a group without an id fails the page instead of being left out", async () => {
    const groups = [{ id: "g1" }, { title: "no id" }];
    const { portal } = await portalWith({ [`${REST}/community/groups`]: { total: 2, results: groups } });
    expect(await portal.organisation.groups("o", 1)).toMatchObject({
      ok: false,
      failure: { text: expect.stringContaining("entry 2 has no name or id") as string },
    });
  });
});

describe("contents", () => {
  test("resource names keep their slashes and encode the rest", async () => {
    const { portal, served } = await portalWith({
      [`${REST}/content/items/${ID}/resources/img/a%20b%231.png`]: (r: ServerResponse) => r.end("png"),
    });
    const resource = await portal.resource(ID, "img/a b#1.png");
    expect(resource.ok && resource.value.length).toBe(3);
    expect(served.to(".png")[0]?.query.has("f")).toBe(false);
  });

  test.each<[string, Reaction]>([
    ["400", { error: { code: 400, message: "no" } }],
    ["404", (r: ServerResponse) => r.writeHead(404).end()],
    ["500", (r: ServerResponse) => r.writeHead(500).end("{}")],
    ["an empty body", (r: ServerResponse) => r.end()],
  ])("info() is undefined for %s", async (_, reaction) => {
    const { portal } = await portalWith({
      [`${REST}/content/items/${ID}/info/metadata/metadata.xml`]: reaction,
    });
    expect(await portal.info(ID, "metadata/metadata.xml")).toEqual({ ok: true, value: undefined });
  });

  test("info() asks for a body that breaks three times, and then tells what broke", async () => {
    const { portal, served } = await portalWith({
      [`${REST}/content/items/${ID}/info/t.png`]: (r: ServerResponse) =>
        void r.writeHead(200, { "Content-Length": 20 }).write("PNG", () => r.destroy()),
    });
    expect(await portal.info(ID, "t.png")).toMatchObject({ ok: false, failure: { reason: "truncated" } });
    expect(served.to("/t.png")).toHaveLength(3);
  });

  test("info() fails where the account has no access", async () => {
    const { portal } = await portalWith({
      [`${REST}/content/items/${ID}/info/t.png`]: { error: { code: 403, message: "no" } },
    });
    expect(await portal.info(ID, "t.png")).toMatchObject({ ok: false, failure: { reason: "no-access" } });
  });
});

describe("deleteItem()", () => {
  const path = `${REST}/content/users/o/items/${ID}/delete`;
  const gone = { error: { code: 400, messageCode: "CONT_0001", message: "Item does not exist" } };

  test("deletes for good", async () => {
    const { portal, served } = await portalWith({ [path]: { success: true, itemId: ID } });
    expect((await portal.deleteItem("o", ID)).ok).toBe(true);
    expect(served.to("/delete")[0]?.form.get("permanentDelete")).toBe("true");
  });

  test("an item that is gone is a success, one that only may not be touched is none", async () => {
    const { portal } = await portalWith({ [path]: gone, [`${REST}/content/items/${ID}`]: gone });
    expect((await portal.deleteItem("o", ID)).ok).toBe(true);
    const there = await portalWith({ [path]: gone, [`${REST}/content/items/${ID}`]: { id: ID } });
    expect(await there.portal.deleteItem("o", ID)).toMatchObject({
      ok: false,
      failure: { reason: "no-access" },
    });
    const odd = { error: { code: 400, message: "Odd" } };
    const unknown = await portalWith({ [path]: gone, [`${REST}/content/items/${ID}`]: odd });
    expect(await unknown.portal.deleteItem("o", ID)).toMatchObject({
      ok: false,
      failure: { reason: "portal-error", text: expect.stringContaining("Cannot read item") as string },
    });
  });
});

describe("attachmentCount()", () => {
  const layer = (more: object): object => ({ id: 0, hasAttachments: true, ...more });

  async function counted(layerJson: object, query: Reaction): Promise<unknown> {
    const { portal, served } = await portalWith({
      "/S/FeatureServer/0": layerJson,
      "/S/FeatureServer/0/queryAttachments": query,
    });
    const result = await portal.attachmentCount(`${served.url}/S/FeatureServer`, 0);
    return result.ok ? result.value : result.failure.reason;
  }

  test("sums the counts of the features, or takes one count", async () => {
    const can = layer({ advancedQueryCapabilities: { supportsQueryAttachmentsCountOnly: true } });
    expect(await counted(can, { attachmentGroups: [{ parentObjectId: 1, count: 2 }, { count: 3 }] })).toBe(5);
    expect(await counted(can, { count: 9 })).toBe(9);
  });

  test("is 0 without attachments, and undefined where the layer cannot tell", async () => {
    expect(await counted({ id: 0, hasAttachments: false }, undefined)).toBe(0);
    expect(await counted(layer({}), undefined)).toBeUndefined();
    const can = layer({ supportsQueryAttachments: true });
    expect(
      await counted(can, { error: { code: 400, message: "This operation is not supported." } }),
    ).toBeUndefined();
    expect(await counted(can, undefined)).toBeUndefined();
    expect(await counted(can, {})).toBeUndefined();
  });

  test("tells what is no answer to the question, and counts a feature that tells nothing as none", async () => {
    const can = layer({ supportsQueryAttachments: true });
    expect(await counted(can, { error: { code: 403, message: "no" } })).toBe("no-access");
    expect(await counted(can, { attachmentGroups: [{ parentObjectId: 1 }, { count: 2 }] })).toBe(2);
  });

  test("an address that cannot be asked is the item's mistake, and nobody is asked", async () => {
    const { portal, served } = await portalWith({});
    for (const url of ["ftp://x/FeatureServer", "https://a:b@x/FeatureServer", "FeatureServer"]) {
      for (const result of [
        await portal.service(url, ""),
        await portal.count(url, 0),
        await portal.attachmentCount(url, 0),
        await portal.startTiles(url, { levels: "0", format: "tpkx" }),
        await portal.tileJob(url, "j"),
        await portal.editTileExport(url, { exportTilesAllowed: true }),
      ]) {
        expect(result).toMatchObject({ ok: false, failure: { reason: "bad-input" } });
      }
    }
    expect(served.got).toEqual([]);
  });

  test("pages where it must, and does not count a first page twice", async () => {
    const { portal, served } = await portalWith({
      "/S/FeatureServer/0": layer({ supportsQueryAttachments: true }),
      "/S/FeatureServer/0/queryAttachments": (r: ServerResponse, got) => {
        const offset = Number(got.form.get("resultOffset") ?? 0);
        const group = (id: number): object => ({
          parentObjectId: id,
          attachmentInfos: [{ id: 1 }, { id: 2 }],
        });
        r.end(
          JSON.stringify({
            exceededTransferLimit: offset < 4,
            attachmentGroups: [group(offset), group(offset + 1)],
          }),
        );
      },
    });
    const url = `${served.url}/S/FeatureServer`;
    expect(await portal.attachmentCount(url, 0)).toEqual({ ok: true, value: 12 });
    const stuck = {
      exceededTransferLimit: true,
      attachmentGroups: [{ parentObjectId: 1, attachmentInfos: [{}] }],
    };
    expect(await counted(layer({ supportsQueryAttachments: true }), stuck)).toBeUndefined();
  });

  test("count() posts and needs a count", async () => {
    const { portal, served } = await portalWith({
      "/S/FeatureServer/3/query": { count: 12 },
      "/S/FeatureServer/4/query": {},
    });
    expect(await portal.count(`${served.url}/S/FeatureServer`, 3)).toEqual({ ok: true, value: 12 });
    expect((await portal.count(`${served.url}/S/FeatureServer`, 4)).ok).toBe(false);
    expect(served.to("/query")[0]?.method).toBe("POST");
  });
});
