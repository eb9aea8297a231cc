import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { codeOf, open, type Json, type Session } from "./ask.ts";
import { groupId, itemId } from "./seed/build.ts";
import { strangeSeed } from "./seed/seeds.ts";

let session: Session;
beforeAll(async () => {
  session = await open({ seed: strangeSeed });
});
afterAll(() => session.portal.stop());

async function pages(path: string, key: string): Promise<Json[]> {
  const found: Json[] = [];
  for (let start = 1; start !== -1;) {
    const page = await session.rest(path, { start: String(start), num: "7" });
    found.push(...(page[key] as Json[]));
    start = Number(page["nextStart"]);
  }
  return found;
}

async function walk(): Promise<Json[]> {
  const items: Json[] = [];
  for (const { username } of await pages("/portals/self/users", "users")) {
    const path = `/content/users/${encodeURIComponent(String(username))}`;
    const root = await session.rest(path, { num: "1" });
    items.push(...(await pages(path, "items")));
    for (const folder of root["folders"] as Json[])
      items.push(...(await pages(`${path}/${String(folder["id"])}`, "items")));
  }
  return items;
}

describe("the sample portal's listings", () => {
  it("give every item of the organisation once by the walk, and the same by the search", async () => {
    const { state } = session.portal;
    const own = [...state.items.values()]
      .filter((item) => item.orgId === state.org.id && item.binnedAt === null)
      .map((item) => item.id);
    const walked = (await walk()).map((item) => String(item["id"]));
    expect(walked.toSorted()).toEqual(own.toSorted());
    const first = await session.rest("/search", {
      q: `orgid:${state.org.id}`,
      num: "500",
      sortField: "created",
    });
    expect(first).toMatchObject({ total: own.length, num: Math.min(100, own.length) });
  });

  it("leave ownerFolder out of root items, and protected and ownerFolder out of search results", async () => {
    const { items: roots } = (await session.rest("/content/users/jdoe")) as { items: Json[] };
    expect(roots[0]).not.toHaveProperty("ownerFolder");
    expect(roots[0]).toHaveProperty("protected");
    const { results } = (await session.rest("/search", { q: 'owner:jdoe AND type:"Web Map"' })) as {
      results: Json[];
    };
    expect(results.length).toBeGreaterThan(3);
    expect(results[0]).not.toHaveProperty("protected");
  });

  it("leave system accounts out only when asked to, and show disabled members", async () => {
    const names = async (form: Record<string, string>): Promise<unknown[]> =>
      ((await session.rest("/portals/self/users", { num: "100", ...form }))["users"] as Json[]).map(
        (user) => user["username"],
      );
    expect(await names({})).toEqual(
      expect.arrayContaining(["esri_nav", "old_timer", "m.smith@acme.example"]),
    );
    expect(await names({ excludeSystemUsers: "true" })).not.toContain("esri_nav");
  });

  it("stop paging at the cap of the search and repeat the last block beyond it", async () => {
    const { options, org } = session.portal.state;
    options.searchCap = 40;
    const page = async (start: number): Promise<Json> =>
      session.rest("/search", { q: `orgid:${org.id}`, start: String(start), num: "20" });
    const [second, third] = [await page(21), await page(41)];
    expect(second["nextStart"]).toBe(-1);
    expect(Number(second["total"])).toBeGreaterThan(40);
    expect((third["results"] as Json[]).map(({ id }) => id)).toContain(
      (second["results"] as Json[])[0]?.["id"],
    );
    options.searchCap = 10_000;
  });

  it("find what was just made only after the lag of the index", async () => {
    const { state } = session.portal;
    const found = async (): Promise<unknown> =>
      (await session.rest("/search", { q: `id:${itemId("CON item")}` }))["total"];
    const like = state.items.get(itemId("Parcels"));
    if (like === undefined) throw new Error("No item to copy");
    const made = { ...like, id: itemId("CON item"), fields: { ...like.fields, created: session.clock.ms } };
    state.items.set(made.id, made);
    state.options.indexLagMinutes = 5;
    expect(await found()).toBe(0);
    expect(await session.rest(`/content/items/${made.id}`)).toMatchObject({ id: made.id });
    session.clock.ms += 5 * 60_000;
    expect(await found()).toBe(1);
    state.items.delete(made.id);
    state.options.indexLagMinutes = 0;
  });

  it("send raw control characters in strings, which JSON forbids, where an item has them", async () => {
    const reply = await session.raw(`/content/items/${itemId("Pasted from an old document")}?f=json`);
    expect(reply.bytes.toString()).toContain("first line\u000bsecond line\u0001");
    const { folders } = (await session.rest("/content/users/a_lopez-gis")) as { folders: Json[] };
    const list = await session.raw(
      `/content/users/a_lopez-gis/${String(folders.find(({ title }) => title === "Old")?.["id"])}?f=json`,
    );
    expect(() => JSON.parse(list.bytes.toString()) as unknown).toThrow("control character");
  });

  it("show items of other organisations in a group's content, and nowhere else", async () => {
    const id = itemId("Map of the neighbours");
    const { items } = (await session.rest(`/content/groups/${groupId("Board")}`)) as { items: Json[] };
    expect(items.map((item) => item["id"])).toContain(id);
    expect(
      await session.rest("/search", { q: `orgid:${session.portal.state.org.id} AND id:${id}` }),
    ).toMatchObject({ total: 0 });
  });

  it("keep what was deleted in the recycle bin, where the walk and the search do not see it", async () => {
    const { items } = (await session.rest("/content/users/jdoe", { inRecycleBin: "true" })) as {
      items: Json[];
    };
    expect(items.map(({ title }) => title)).toContain("Map that nobody missed");
    const found = await session.rest("/search", { q: `id:${itemId("Map that nobody missed")}` });
    expect(found["total"]).toBe(0);
    expect(codeOf(await session.rest(`/content/items/${itemId("Map that nobody missed")}`))).toBe(400);
  });

  it("can repeat a member's first page for ever and tell a total that never comes", async () => {
    session.portal.state.options.repeatsPagesOf = "old_timer";
    const page = (start: number): Promise<Json> =>
      session.rest("/content/users/old_timer", { start: String(start), num: "100" });
    const [first, second] = [await page(1), await page(4)];
    session.portal.state.options.repeatsPagesOf = null;
    const ids = (value: Json): unknown[] => (value["items"] as Json[]).map(({ id }) => id);
    expect(ids(second)).toEqual(ids(first));
    expect(first).toMatchObject({ total: ids(first).length * 2, nextStart: ids(first).length + 1 });
    expect(second["nextStart"]).toBe(4 + ids(first).length);
  });

  it("count views, and answer CONT_0001 alike for what is missing and what may not be seen", async () => {
    const id = itemId("Zoning plan");
    const [first, second] = [
      await session.rest(`/content/items/${id}`),
      await session.rest(`/content/items/${id}`),
    ];
    expect(second["numViews"]).toBe(Number(first["numViews"]) + 1);
    expect((await session.rest(`/content/items/${"0".repeat(32)}`))["error"]).toMatchObject({
      messageCode: "CONT_0001",
    });
    const other = await session.rest(`/content/items/${id}`, { token: "" });
    expect(other["error"]).toMatchObject({ code: 400, messageCode: "CONT_0001" });
  });

  it("show the groups of an item and the relations of a given type", async () => {
    const groups = await session.rest(`/content/items/${itemId("Damage Report_results")}/groups`);
    const ids = ["admin", "member", "other"]
      .flatMap((role) => groups[role] as Json[])
      .map((group) => group["id"]);
    expect(ids.toSorted()).toEqual([groupId("Field crews"), groupId("Board")].toSorted());
    const path = `/content/items/${itemId("Damage Report")}/relatedItems`;
    expect(await session.rest(path, { relationshipType: "Survey2Service" })).toMatchObject({
      total: 1,
      nextStart: -1,
    });
    expect(codeOf(await session.rest(path))).toBe(400);
  });
});
