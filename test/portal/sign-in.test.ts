import { afterEach, describe, expect, it } from "vitest";
import { ask, codeOf, open, parsed, REFERER, signIn, type Json, type Session } from "./ask.ts";

let session: Session;
afterEach(() => session.portal.stop());

const self = async (headers: Record<string, string>): Promise<Json> =>
  parsed(await ask(`${session.portal.url}/sharing/rest/portals/self?f=json`, undefined, headers));

describe("signing in to the sample portal", () => {
  it("gives a token that works as form field, header and query, and logs where it came, never what it is", async () => {
    session = await open();
    const { portal, token } = session;
    const url = `${portal.url}/sharing/rest/portals/self`;
    const replies = [
      await ask(url, { f: "json", token }),
      await ask(`${url}?f=json`, undefined, { "x-esri-authorization": `Bearer ${token}` }),
      await ask(`${url}?f=json&token=${token}`),
    ];
    expect(replies.map((reply) => (parsed(reply)["user"] as Json)["username"])).toEqual(
      Array(3).fill("backup_admin"),
    );
    expect(portal.state.requests.slice(1).map((entry) => entry.token)).toEqual(["form", "header", "query"]);
    expect(JSON.stringify(portal.state.requests)).not.toContain(token);
  });

  it("answers portals/self without a user to an anonymous caller", async () => {
    session = await open();
    expect(await self({})).toMatchObject({ isPortal: false, id: session.portal.state.org.id });
    expect(await self({})).not.toHaveProperty("user");
  });

  it("refuses a token with another Referer, an unknown token, and one that is too old", async () => {
    session = await open();
    const bearer = { "x-esri-authorization": `Bearer ${session.token}` };
    expect(codeOf(await self({ ...bearer, referer: "https://other.example" }))).toBe(499);
    expect(codeOf(await self({ "x-esri-authorization": "Bearer nonsense" }))).toBe(498);
    session.clock.ms += 59 * 60_000;
    expect(codeOf(await self(bearer))).toBeUndefined();
    session.clock.ms += 60_000;
    expect(codeOf(await self(bearer))).toBe(498);
  });

  it("answers a wrong password inside HTTP 200 and locks the account after five", async () => {
    session = await open();
    const { portal } = session;
    const url = `${portal.url}/sharing/rest/generateToken`;
    const wrong = await ask(url, {
      username: "jdoe",
      password: "no",
      client: "referer",
      referer: REFERER,
      f: "json",
    });
    expect(wrong.status).toBe(200);
    expect(parsed(wrong)["error"]).toEqual({
      code: 400,
      message: "Unable to generate token.",
      details: ["Invalid username or password."],
    });
    for (let tries = 0; tries < 4; tries += 1) await signIn(portal, "jdoe", "no");
    expect(await signIn(portal, "jdoe", "sample-jdoe")).toHaveProperty("error");
    session.clock.ms += 15 * 60_000;
    expect(await signIn(portal, "jdoe", "sample-jdoe")).toHaveProperty("token");
  });

  it("answers an HTML page when f=json is missing, and 499 where an anonymous caller may not look", async () => {
    session = await open();
    const page = await ask(`${session.portal.url}/sharing/rest/portals/self`);
    expect(page.status).toBe(200);
    expect(page.bytes.toString()).toMatch(/^<!DOCTYPE html>/);
    expect(page.headers["x-arcgis-trace-id"]).toMatch(/^[0-9a-f]{32}$/);
    expect(codeOf(parsed(await ask(`${session.portal.url}/sharing/rest/portals/self/users?f=json`)))).toBe(
      499,
    );
  });
});
