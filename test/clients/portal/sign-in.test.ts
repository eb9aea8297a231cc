import type { ServerResponse } from "node:http";
import { describe, expect, test } from "vitest";
import { failed, type Failure, type Result } from "../../../src/core/result.ts";
import { PASSWORD, portalAt, SELF, serve, servePortal, TOKEN, type Reaction } from "./server.ts";

const TOKEN_PATH = "/sharing/rest/generateToken";
const ID = "b".repeat(32);
const ITEM = `/sharing/rest/content/items/${ID}`;

function failureOf(result: Result<unknown>): Failure {
  if (result.ok) throw new Error("it did not fail");
  return result.failure;
}

function refused(details: string): Reaction {
  return { error: { code: 400, message: "Unable to generate token.", details: [details] } };
}

function invalid(code = 498): Reaction {
  return { error: { code, message: "Invalid token.", details: [] } };
}

function html(text: string, status = 200, headers: Record<string, string> = {}): Reaction {
  return (response: ServerResponse) => response.writeHead(status, headers).end(text);
}

describe("sign-in", () => {
  test("asks by POST, bound to the referer that every request then carries", async () => {
    const served = await servePortal(({ path }) => (path === ITEM ? { id: ID } : undefined));
    const { portal } = portalAt(served.url);
    expect((await portal.item(ID)).ok).toBe(true);
    const asked = served.to("/generateToken")[0];
    expect(asked?.method).toBe("POST");
    expect(Object.fromEntries(asked?.form ?? [])).toMatchObject({
      client: "referer",
      expiration: "60",
      password: PASSWORD,
    });
    const referer = asked?.form.get("referer");
    expect(referer).toBeTruthy();
    for (const got of served.got) expect(got.headers.referer).toBe(referer);
    const item = served.got.find((got) => got.path === ITEM);
    expect(item?.headers["x-esri-authorization"]).toBe(`Bearer ${TOKEN}`);
    expect(item?.query.has("token")).toBe(false);
  });

  test("one sign-in serves all that wait for it", async () => {
    const served = await servePortal(({ path }) => (path === ITEM ? { id: ID } : undefined));
    const { portal } = portalAt(served.url);
    await Promise.all(Array.from({ length: 8 }, () => portal.item(ID)));
    expect(served.to("/generateToken")).toHaveLength(1);
  });

  test("a refused password is never sent again and told once", async () => {
    const served = await servePortal(({ path }) =>
      path === TOKEN_PATH ? refused("Invalid username or password.") : undefined,
    );
    const told: Failure[] = [];
    const { portal } = portalAt(served.url, { onSignInRefused: (failure) => void told.push(failure) });
    const failures = [await portal.connect(), await portal.item(ID), await portal.members(1)].map(failureOf);
    expect(served.to("/generateToken")).toHaveLength(1);
    expect(told).toHaveLength(1);
    for (const failure of failures) expect(failure).toEqual(told[0]);
    expect(told[0]?.reason).toBe("sign-in-refused");
  });

  test.each<[string, Reaction, string, RegExp]>([
    ["a locked account", refused("Account is locked"), "sign-in-refused", /15 minutes/],
    ["an account that needs more", refused("Odd"), "sign-in-refused", /multifactor/],
    [
      "generateToken switched off",
      { error: { code: 403, message: "Disabled" } },
      "portal-error",
      /generateToken/,
    ],
    ["generateToken not there", html("no", 404), "portal-error", /generateToken/],
    ["Windows sign-in", html("no", 401, { "WWW-Authenticate": "Negotiate" }), "portal-error", /Windows/],
    [
      "a SAML page",
      html("<html><form><input name=SAMLRequest></form>"),
      "portal-error",
      /organisation login/,
    ],
    ["a redirect", html("", 302, { Location: "https://idp.example/login?x=1" }), "portal-error", /built-in/],
    ["a portal that starts", html("<html>Starting</html>"), "transient", /later/],
    [
      "a refusal without words",
      { error: { code: 401, message: "No" } },
      "sign-in-refused",
      /stored password/,
    ],
    ["a token that is asked for", invalid(499), "portal-error", /generateToken/],
    ["a sign-in of an unknown kind", html("no", 401), "portal-error", /built-in/],
    ["a redirect on the same host", html("", 302, { Location: "/login?x=1" }), "portal-error", /built-in/],
    ["a status without JSON", html("no", 418), "portal-error", /./],
  ])("%s is told apart", async (_, reaction, reason, next) => {
    const served = await servePortal(({ path }) => (path === TOKEN_PATH ? reaction : undefined));
    const failure = failureOf(await portalAt(served.url).portal.connect());
    expect(failure.reason).toBe(reason);
    expect(failure.next).toMatch(next);
    expect(served.to("/generateToken").length).toBeLessThanOrEqual(3);
  });

  test.each<[string, Result<string>, string]>([
    ["empty", { ok: true, value: "" }, "the password is empty"],
    ["not to be read", failed("secret-refused", "The vault refuses", "Ask"), "The vault refuses"],
  ])("a password that is %s is not sent", async (_, password, words) => {
    const served = await servePortal(() => undefined);
    const { portal } = portalAt(served.url, {
      auth: { kind: "password", username: "u", password: () => Promise.resolve(password) },
    });
    expect(failureOf(await portal.connect()).text).toContain(words);
    expect(served.to("/generateToken")).toEqual([]);
  });

  test("a sign-in that breaks off is repeated; one that always does is transient", async () => {
    let breaks = 1;
    const served = await servePortal(({ path }, nth) =>
      path === TOKEN_PATH && nth < breaks
        ? (response: ServerResponse) => void response.socket?.destroy()
        : undefined,
    );
    expect((await portalAt(served.url).portal.connect()).ok).toBe(true);
    breaks = 1_000;
    const failure = failureOf(await portalAt(served.url).portal.connect());
    expect(failure.reason).toBe("transient");
    expect(JSON.stringify(failure)).not.toContain(PASSWORD);
  });

  test("a token without an end is used", async () => {
    const served = await servePortal(({ path }) => (path === TOKEN_PATH ? { token: TOKEN } : undefined));
    expect((await portalAt(served.url).portal.connect()).ok).toBe(true);
    expect(served.to("/generateToken")).toHaveLength(1);
  });

  test("the password does not follow a redirect", async () => {
    const other = await serve(() => ({ token: "x" }));
    const served = await servePortal(({ path }) =>
      path === TOKEN_PATH ? html("", 307, { Location: `${other.url}/t` }) : undefined,
    );
    expect((await portalAt(served.url).portal.connect()).ok).toBe(false);
    expect(other.got).toHaveLength(0);
  });

  test("a token that is not taken is renewed once and the call replayed once", async () => {
    let issued = 0;
    const served = await servePortal(({ path, headers }) => {
      if (path === TOKEN_PATH) return { token: `t${(issued += 1)}`, expires: Date.now() + 3_600_000 };
      if (path === ITEM) return headers["x-esri-authorization"] === "Bearer t2" ? { id: ID } : invalid();
      return undefined;
    });
    const { portal } = portalAt(served.url);
    expect((await portal.item(ID)).ok).toBe(true);
    expect(issued).toBe(2);
    const again = await servePortal(({ path }) => (path === ITEM ? invalid() : undefined));
    expect((await portalAt(again.url).portal.item(ID)).ok).toBe(false);
    expect(again.to(ID)).toHaveLength(2);
  });

  test("499 with a fresh token is a lack of access, not a reason to sign in again", async () => {
    const served = await servePortal(({ path }) => (path === ITEM ? invalid(499) : undefined));
    expect(failureOf(await portalAt(served.url).portal.item(ID)).reason).toBe("no-access");
    expect(served.to("/generateToken")).toHaveLength(1);
  });

  test("a token is renewed at 80 % of its life", async () => {
    let now = 1_000_000;
    const served = await servePortal(({ path }) => {
      if (path === TOKEN_PATH) return { token: TOKEN, expires: now + 100_000 };
      return path === ITEM ? { id: ID } : undefined;
    });
    const { portal } = portalAt(served.url, { now: () => now });
    await portal.item(ID);
    now += 79_000;
    await portal.item(ID);
    expect(served.to("/generateToken")).toHaveLength(1);
    now += 2_000;
    await portal.item(ID);
    expect(served.to("/generateToken")).toHaveLength(2);
  });
});

describe("connect()", () => {
  test("judges the account by its privileges and tells the canonical address", async () => {
    const served = await servePortal(() => undefined);
    const { portal } = portalAt(`${served.url}/home/index.html?x=1`);
    const self = await portal.connect();
    expect(self).toMatchObject({ ok: true, value: { kind: "online", seesAllItems: true, base: served.url } });
    expect(portal.username).toBe(SELF.user.username);
  });

  test("a lack of viewItems is a portal of one's own items", async () => {
    const served = await servePortal(({ path, headers }) =>
      path.endsWith("/portals/self") && headers["x-esri-authorization"] !== undefined
        ? { ...SELF, user: { username: "x", role: "org_admin", privileges: ["portal:admin:viewUsers"] } }
        : undefined,
    );
    const self = await portalAt(served.url).portal.connect();
    expect(self.ok && self.value.seesAllItems).toBe(false);
  });

  test("a portal that tells little of itself is one nevertheless; one that names no user is not signed in to", async () => {
    let self: object = { isPortal: true, currentVersion: 11.3, user: { username: "x" } };
    const served = await servePortal(({ path }) =>
      path === "/sharing/rest/portals/self" ? self : undefined,
    );
    expect(await portalAt(served.url).portal.connect()).toEqual({
      ok: true,
      value: {
        id: "",
        name: new URL(served.url).host,
        base: served.url,
        kind: "enterprise",
        version: "11.3",
        username: "x",
        privileges: [],
        seesAllItems: false,
      },
    });
    self = { isPortal: false, portalName: "Acme GIS", user: { username: "x", privileges: [7] } };
    expect(await portalAt(served.url).portal.connect()).toMatchObject({
      value: { name: "Acme GIS", version: "", privileges: [] },
    });
    self = { isPortal: false };
    const failure = failureOf(await portalAt(served.url).portal.connect());
    expect(failure.text).toContain("took the token but names no user");
  });

  test("a site that shows nothing without signing in is still a portal", async () => {
    const served = await servePortal(({ path, headers }) => {
      if (path !== "/portal/sharing/rest/portals/self") {
        if (path === "/portal/sharing/rest/generateToken")
          return { token: TOKEN, expires: Date.now() + 3_600_000 };
        return path === "/portal/sharing/rest/" || path === "/portal/sharing/rest"
          ? { enterpriseVersion: "11.3.0" }
          : undefined;
      }
      if (headers["x-esri-authorization"] === undefined)
        return { error: { code: 499, message: "Token Required" } };
      return { ...SELF, isPortal: true, portalHostname: "gis.acme.org/portal" };
    });
    const self = await portalAt(served.url).portal.connect();
    expect(self).toMatchObject({
      ok: true,
      value: { kind: "enterprise", version: "11.3.0", base: `${served.url}/portal` },
    });
  });

  test("no portal at the address: tells what was tried", async () => {
    const served = await serve(() => undefined);
    const failure = failureOf(await portalAt(`${served.url}/x?token=hush-hush`).portal.connect());
    expect(failure.reason).toBe("portal-unknown");
    expect(failure.text).toMatch(/^No ArcGIS portal answers at .*\/x": tried .*\/x .*\/portal .*\/arcgis /);
    expect(JSON.stringify(failure)).not.toContain("hush-hush");
  });

  test("a portal that is down is transient, and found when it is back", async () => {
    let up = false;
    const served = await servePortal(() => (up ? undefined : html("busy", 503)));
    const { portal, pauses } = portalAt(served.url);
    expect(failureOf(await portal.connect()).reason).toBe("transient");
    expect(pauses.length).toBeGreaterThan(3);
    up = true;
    expect((await portal.connect()).ok).toBe(true);
  });
});
