// What differs at an ArcGIS Enterprise: its web adaptor, its federated server with tokens of its own, no recycle bin.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ask, codeOf, open, parsed, type Json, type Session } from "./ask.ts";
import { wholeOf } from "./content.ts";
import { itemId } from "./seed/build.ts";
import { smallSeed } from "./seed/small.ts";

const MINUTE = 60_000;
let session: Session;
beforeAll(async () => {
  session = await open({ kind: "enterprise", seed: smallSeed });
});
afterAll(() => session.portal.stop());

const serviceUrl = (): string => session.portal.state.items.get(itemId("Wells"))?.fields.url ?? "";
const serverUrl = (): string => serviceUrl().replace(/\/rest\/.*/, "");
const service = async (token: string, suffix = ""): Promise<Json> =>
  parsed(await ask(`${serviceUrl()}${suffix}`, { f: "json", ...(token === "" ? {} : { token }) }));
const serverToken = async (form: Record<string, string> = {}): Promise<Json> =>
  session.rest("/generateToken", { serverUrl: serverUrl(), expiration: "60", ...form });

describe("the sample Enterprise", () => {
  it("lies below its web adaptor, says what it is, and has no recycle bin", async () => {
    const { url } = session.portal;
    expect(url).toMatch(/\/portal$/);
    const self = await session.rest("/portals/self");
    expect(self).toMatchObject({ id: "0123456789ABCDEF", isPortal: true, portalMode: "singletenant" });
    expect(`http://${String(self["portalHostname"])}`).toBe(url);
    expect(self).not.toHaveProperty("recycleBinEnabled");
    expect(parsed(await ask(`${url}/sharing/rest?f=json`))).toMatchObject({ enterpriseVersion: "11.3.0" });
    for (const outside of [`${new URL(url).origin}/sharing/rest?f=json`, `${url}/rest/info?f=json`]) {
      expect((await ask(outside)).status).toBe(404);
    }
  });

  it("lists its federated server, which names the portal and lies elsewhere", async () => {
    const { servers } = (await session.rest("/portals/self/servers")) as { servers: Json[] };
    expect(servers).toMatchObject([{ url: serverUrl(), isHosted: true }]);
    expect(new URL(serverUrl()).host).not.toBe(new URL(session.portal.url).host);
    const info = parsed(await ask(`${serverUrl()}/rest/info?f=json`));
    expect(info["owningSystemUrl"]).toBe(session.portal.url);
    expect(serviceUrl()).toContain("/server/rest/services/Hosted/Wells/FeatureServer");
  });

  it("refuses the portal's token at the server until it is exchanged, and the server's at the portal", async () => {
    expect(codeOf(await service(""))).toBe(499);
    expect(codeOf(await service(session.token))).toBe(498);
    const exchanged = String((await serverToken())["token"]);
    expect(await service(exchanged)).toMatchObject({ serviceItemId: itemId("Wells") });
    expect(codeOf(await session.rest("/portals/self", { token: exchanged }))).toBe(498);
  });

  it("gives a server's token for its own server alone, to a token alone, and for as long as it says", async () => {
    expect(codeOf(await serverToken({ serverUrl: "https://gis.example/server" }))).toBe(400);
    expect(codeOf(await serverToken({ token: "" }))).toBe(499);
    expect(codeOf(await serverToken({ token: "wrong" }))).toBe(498);
    session.portal.state.options.serverTokenMinutes = 5;
    const short = String((await serverToken())["token"]);
    expect(await service(short)).toHaveProperty("layers");
    session.clock.ms += 5 * MINUTE;
    expect(codeOf(await service(short))).toBe(498);
    session.portal.state.options.serverTokenMinutes = 60;
  });

  it("tells no edit dates, streams files itself without ranges, and deletes for good", async () => {
    const token = String((await serverToken())["token"]);
    for (const suffix of ["", "/0"]) {
      expect(await service(token, suffix)).not.toHaveProperty("editingInfo");
    }
    const lakes = session.portal.state.items.get(itemId("Lakes"));
    const file = await session.raw(`/content/items/${itemId("Lakes")}/data`, { range: "bytes=0-9" });
    expect([file.status, file.headers["accept-ranges"]]).toEqual([200, undefined]);
    expect(lakes?.data.kind === "file" && file.bytes.equals(wholeOf(lakes.data.content))).toBe(true);
    await session.rest(`/content/users/jdoe/items/${itemId("Lakes")}/delete`, { f: "json" });
    expect(session.portal.state.items.has(itemId("Lakes"))).toBe(false);
  });

  it("fails an export that its disk has no room for, until another one is deleted", async () => {
    const start = (title: string): Promise<Json> =>
      session.rest("/content/users/backup_admin/export", {
        itemId: itemId("Wells"),
        title,
        exportFormat: "File Geodatabase",
      });
    const status = (job: Json): Promise<Json> =>
      session.rest(`/content/users/backup_admin/items/${String(job["exportItemId"])}/status`, {
        jobType: "export",
        jobId: String(job["jobId"]),
      });
    const first = await start("T1");
    const [job] = [...session.portal.state.jobs.values()];
    session.portal.state.options.exportDiskBytes = (job?.whole.length ?? 0) * 1.5;
    const second = await start("T2");
    session.clock.ms += 3 * MINUTE;
    expect((await status(first))["status"]).toBe("completed");
    const told = await status(second);
    expect(told["status"]).toBe("failed");
    expect(told["statusMessage"]).toContain("not enough space on the disk");
    for (const one of [first, second])
      await session.rest(`/content/users/backup_admin/items/${String(one["exportItemId"])}/delete`, {});
    const third = await start("T3");
    session.clock.ms += 3 * MINUTE;
    expect((await status(third))["status"]).toBe("completed");
  });
});
