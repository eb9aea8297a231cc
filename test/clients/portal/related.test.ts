import { describe, expect, test } from "vitest";
import { portalAt, servePortal, type Reaction } from "./server.ts";

const ID = "d".repeat(32);
const OTHER = { id: "e".repeat(32), owner: "jdoe", title: "Parcels", type: "Web Map" };
const PATH = `/sharing/rest/content/items/${ID}/relatedItems`;
const refusal = { error: { code: 400, message: "'relationshipType' parameter must be specified." } };

async function portalWith(answer: (query: URLSearchParams) => Reaction) {
  const served = await servePortal((got) => (got.path === PATH ? answer(got.query) : undefined));
  return { ...portalAt(served.url), served };
}

describe("related()", () => {
  test("asks one type in the singular and several in the plural, with direction and page", async () => {
    const { portal, served } = await portalWith(() => ({ total: 1, nextStart: -1, relatedItems: [OTHER] }));
    const one = await portal.related(ID, ["Service2Data"], "reverse", 101);
    expect(one).toEqual({ ok: true, value: { total: 1, nextStart: -1, entries: [OTHER] } });
    await portal.related(ID, ["Service2Data", "Service2Layer"], "forward", 1);
    expect(served.to("/relatedItems").map(({ query }) => Object.fromEntries(query))).toMatchObject([
      { relationshipType: "Service2Data", direction: "reverse", start: "101", num: "100" },
      { relationshipTypes: "Service2Data,Service2Layer", direction: "forward", start: "1" },
    ]);
  });

  test("keeps a related item of which the portal tells little", async () => {
    const { portal } = await portalWith(() => ({ total: 1, relatedItems: [{ id: OTHER.id, owner: null }] }));
    const page = await portal.related(ID, ["Service2Data"], "forward", 1);
    expect(page.ok && page.value.entries).toEqual([{ id: OTHER.id, owner: "", title: "", type: "" }]);
  });

  test("remembers which lists of types the portal refuses, and asks them no more", async () => {
    const { portal, served } = await portalWith((query) =>
      query.has("relationshipTypes") ? refusal : { total: 0, relatedItems: [] },
    );
    const several = () => portal.related(ID, ["Service2Data", "Service2Layer"], "forward", 1);
    expect(await several()).toMatchObject({ ok: false, failure: { reason: "portal-error" } });
    expect(await several()).toMatchObject({ ok: false, failure: { reason: "not-supported" } });
    expect(await portal.related(ID, ["Service2Data"], "forward", 1)).toMatchObject({ ok: true });
    expect(served.to("/relatedItems")).toHaveLength(2);
  });

  test.each([
    [{ error: { code: 400, messageCode: "CONT_0001", message: "Item does not exist." } }, "not-found"],
    [{ error: { code: 403, message: "You do not have permissions." } }, "no-access"],
  ])("takes %j for this item's trouble, not for the question's", async (answer, reason) => {
    const { portal, served } = await portalWith(() => answer);
    for (let n = 0; n < 2; n += 1) {
      expect(await portal.related(ID, ["a", "b"], "forward", 1)).toMatchObject({ failure: { reason } });
    }
    expect(served.to("/relatedItems")).toHaveLength(2);
  });
});

test("servers() asks once for the servers of the portal", async () => {
  const url = "https://maps.acme.org/arcgis";
  const served = await servePortal(({ path }) =>
    path.endsWith("/portals/self/servers") ? { servers: [{ url }, { adminUrl: 7 }] } : undefined,
  );
  const { portal } = portalAt(served.url);
  for (let n = 0; n < 2; n += 1) expect(await portal.servers()).toEqual({ ok: true, value: [url] });
  expect(served.to("/servers")).toHaveLength(1);
});
