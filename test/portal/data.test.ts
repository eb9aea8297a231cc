import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ask, codeOf, open, parsed, type Session } from "./ask.ts";
import { sha256Of } from "./content.ts";
import { itemId } from "./seed/build.ts";

let session: Session;
beforeAll(async () => {
  session = await open();
});
afterAll(() => session.portal.stop());

const data = (key: string): string => `/content/items/${itemId(key)}/data`;
const location = async (key: string): Promise<string> =>
  String((await session.raw(data(key))).headers["location"]);

describe("the sample portal's bytes", () => {
  it("redirect files to another origin that refuses tokens and serves whole files and ranges", async () => {
    const url = await location("Lakes");
    expect(new URL(url).origin).not.toBe(session.portal.url);
    expect((await ask(url, undefined, { "x-esri-authorization": `Bearer ${session.token}` })).status).toBe(
      400,
    );
    const whole = await ask(url);
    expect(whole.headers["content-length"]).toBe(String(whole.bytes.length));
    expect(whole.headers["content-disposition"]).toContain("lakes.zip");
    const part = await ask(url, undefined, { range: "bytes=10-19" });
    expect(part.status).toBe(206);
    expect(part.headers["content-range"]).toBe(`bytes 10-19/${whole.bytes.length}`);
    expect(part.bytes).toEqual(whole.bytes.subarray(10, 20));
    session.clock.ms += 6 * 60_000;
    expect((await ask(url)).status).toBe(403);
  });

  it("stream 80 MB that nobody holds, equal each time", async () => {
    const item = session.portal.state.items.get(itemId("Aerial photo 2023"));
    if (item?.data.kind !== "file") throw new Error("No large file in the seed");
    const { bytes } = await ask(await location("Aerial photo 2023"));
    expect(bytes.length).toBeGreaterThan(64 * 1024 * 1024);
    expect(createHash("sha256").update(bytes).digest("hex")).toBe(sha256Of(item.data.content));
  });

  it("answer items without data by an empty 200, an error inside 200, or a 500", async () => {
    const [empty, told, broken] = await Promise.all(
      ["Council minutes", "Registered app", "Old viewer"].map((key) => session.raw(data(key))),
    );
    expect([empty?.status, empty?.bytes.length]).toEqual([200, 0]);
    expect(told?.status).toBe(200);
    expect(broken?.status).toBe(500);
    expect(broken?.bytes.toString()).toContain("Item does not have a file.");
  });

  it("give JSON inline, with raw control characters and indented where the item has them", async () => {
    const raw = (await session.raw(`${data("Map 7: Road Works 2024/25")}?f=json`)).bytes.toString();
    expect(raw).toContain("\u000b");
    expect(() => JSON.parse(raw) as unknown).toThrow();
    expect((await session.raw(data("Map 4: Hydrants & Valves"))).bytes.toString()).toContain('{\n  "');
  });

  it("give a page with a script for a picky file that is asked for as JSON", async () => {
    expect(
      (await session.raw(data("Survey of 1998"), { accept: "application/json" })).bytes.toString(),
    ).toContain("<script>");
    expect((await session.raw(data("Survey of 1998"))).status).toBe(302);
  });

  it("page resources and serve names with spaces, signs and prefixes", async () => {
    const path = `/content/items/${itemId("Stories of Acme")}/resources`;
    expect(await session.rest(path, { num: "1000" })).toMatchObject({ total: 120, num: 100, nextStart: 101 });
    const ugly = ["images", "a b & c%20d#1?.png"].map(encodeURIComponent).join("/");
    const picture = await session.raw(`/content/items/${itemId("City portal")}/resources/${ugly}`);
    expect(picture.bytes.subarray(1, 4).toString()).toBe("PNG");
  });

  it("answer a missing thumbnail or metadata by a JSON error inside 200", async () => {
    const info = `/content/items/${itemId("Parcels")}/info`;
    expect((await session.raw(`${info}/metadata/metadata.xml`)).bytes.toString()).toContain("<metadata");
    expect((await session.raw(`${info}/thumbnail/ago_downloaded.png`)).headers["content-type"]).toBe(
      "image/png",
    );
    const missing = await session.raw(`/content/items/${itemId("Lakes")}/info/metadata/metadata.xml`);
    expect([missing.status, [400, 500].includes(Number(codeOf(parsed(missing))))]).toEqual([200, true]);
  });

  it("compress JSON when it may, with the encoded length", async () => {
    const reply = await session.raw(data("Heat islands (analysis result)"), { "accept-encoding": "gzip" });
    expect(reply.headers["content-encoding"]).toBe("gzip");
    expect(reply.headers["content-length"]).toBe(String(reply.bytes.length));
    expect(reply.broken).toBe(false);
  });
});
