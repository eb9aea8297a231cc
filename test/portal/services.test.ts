import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ask, codeOf, open, parsed, type Json, type Session } from "./ask.ts";
import { itemId } from "./seed/build.ts";

let session: Session;
beforeAll(async () => {
  session = await open();
});
afterAll(() => session.portal.stop());

const call = async (path: string, form: Record<string, string> = {}): Promise<Json> => {
  const { portal, token } = session;
  return parsed(
    await ask(`${portal.url}/${portal.state.org.id}/arcgis/rest/services/${path}`, {
      f: "json",
      token,
      ...form,
    }),
  );
};

describe("hosted feature services of the sample portal", () => {
  it("tell their item, layers and tables, and want a token unless they are public", async () => {
    const service = await call("Road_Works/FeatureServer");
    expect(service).toMatchObject({ serviceItemId: itemId("Road Works 2024/25"), isView: false });
    expect((service["layers"] as Json[]).map(({ id }) => id)).toEqual([0, 1, 2]);
    expect((service["tables"] as Json[]).map(({ id }) => id)).toEqual([5, 7]);
    expect(codeOf(await call("Road_Works/FeatureServer", { token: "" }))).toBe(499);
    expect(await call("Parcels_public/FeatureServer", { token: "" })).toMatchObject({ isView: true });
  });

  it("page rows up to their maximum and say that there are more", async () => {
    const form = { where: "1=1", outFields: "*", orderByFields: "OBJECTID" };
    expect(await call("Parcels/FeatureServer/0/query", { ...form, returnCountOnly: "true" })).toEqual({
      count: 2500,
    });
    const first = await call("Parcels/FeatureServer/0/query", { ...form, resultRecordCount: "2000" });
    expect(first["exceededTransferLimit"]).toBe(true);
    expect(first["features"]).toHaveLength(1000);
    const last = await call("Parcels/FeatureServer/0/query", { ...form, resultOffset: "2000" });
    expect(last["features"]).toHaveLength(500);
    expect(last).not.toHaveProperty("exceededTransferLimit");
  });

  it("list attachments in one call where they can, else row by row", async () => {
    const all = await call("Street_Trees_2024/FeatureServer/0/queryAttachments", {
      definitionExpression: "1=1",
      returnUrl: "true",
    });
    const infos = (all["attachmentGroups"] as Json[]).flatMap((group) => group["attachmentInfos"] as Json[]);
    expect(infos).toHaveLength(60);
    const bytes = await ask(String(infos[0]?.["url"]), { token: session.token });
    expect(bytes.bytes.length).toBe(infos[0]?.["size"]);
    const layer = await call("Hydrants_and_Valves/FeatureServer/0");
    expect(layer["advancedQueryCapabilities"]).toMatchObject({ supportsQueryAttachments: false });
    expect(
      codeOf(
        await call("Hydrants_and_Valves/FeatureServer/0/queryAttachments", { definitionExpression: "1=1" }),
      ),
    ).toBe(400);
    expect(
      (await call("Hydrants_and_Valves/FeatureServer/0/1/attachments"))["attachmentInfos"],
    ).not.toHaveLength(0);
  });

  it("tell the sources of a view, and nothing for what is none", async () => {
    const { services } = (await call("Everything/FeatureServer/sources")) as { services: Json[] };
    expect(services.map((source) => source["serviceItemId"])).toEqual([
      itemId("Road Works 2024/25"),
      itemId("Hydrants & Valves"),
    ]);
    expect(codeOf(await call("Parcels/FeatureServer/sources"))).toBe(400);
  });
});
