import type { ServerResponse } from "node:http";
import { describe, expect, test } from "vitest";
import { createSession } from "../../../src/clients/portal/sign-in.ts";
import { failed, ok, type Failure, type Result } from "../../../src/core/result.ts";
import { PASSWORD, portalAt, SELF, serve, servePortal, TOKEN, type Reaction } from "./server.ts";

const TOKEN_PATH = "/sharing/rest/generateToken";
const SELF_PATH = "/sharing/rest/portals/self";
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
  ])("%s is told apart", async (_, reaction, reason, next) => {
    const served = await servePortal(({ path }) => (path === TOKEN_PATH ? reaction : undefined));
    const failure = failureOf(await portalAt(served.url).portal.connect());
    expect(failure.reason).toBe(reason);
    expect(failure.next).toMatch(next);
    expect(served.to("/generateToken").length).toBeLessThanOrEqual(3);
  });

  test.each<[string, Reaction, string, string]>([
    ["an error of the server", { error: { code: 500, message: "busy" } }, "transient", "500: busy"],
    ["an error that asks for a token", invalid(), "portal-error", "498: Invalid token."],
    ["a redirect within the site", html("", 302, { Location: "/login" }), "portal-error", "to another page"],
    ["a web server's own sign-in", html("no", 401), "portal-error", "a sign-in of the web server (POST"],
    ["a portal that is down", html("", 503), "transient", "answered 503"],
    ["a connection that breaks", (response) => response.destroy(), "transient", "the connection broke off"],
  ])("%s is told as what it is, and seldom asked again", async (_, reaction, reason, text) => {
    const served = await servePortal(({ path }) => (path === TOKEN_PATH ? reaction : undefined));
    const failure = failureOf(await portalAt(served.url).portal.connect());
    expect(failure.reason).toBe(reason);
    expect(failure.text).toContain('Cannot sign in as "backup.admin": ');
    expect(failure.text).toContain(text);
    expect(served.to("/generateToken")).toHaveLength(reason === "transient" ? 3 : 1);
  });

  test.each([
    [failed("secret-refused", "Cannot read the password", "Store it"), "Cannot read the password"],
    [ok(""), 'Cannot sign in as "backup.admin": the password is empty'],
  ])("without a password nobody is asked: %j", async (password, text) => {
    const served = await servePortal(() => undefined);
    const auth = { kind: "password", username: "backup.admin", password: async () => password } as const;
    expect(failureOf(await portalAt(served.url, { auth }).portal.item(ID)).text).toBe(text);
    expect(served.to("/generateToken")).toHaveLength(0);
  });

  test("a token whose end is not told serves as long as was asked for", async () => {
    let now = 1_000_000;
    const served = await servePortal(({ path }) => {
      if (path === TOKEN_PATH) return { token: TOKEN };
      return path === ITEM ? { id: ID } : undefined;
    });
    const { portal } = portalAt(served.url, { now: () => now });
    expect((await portal.item(ID)).ok).toBe(true);
    now += 47 * 60_000;
    await portal.item(ID);
    expect(served.to("/generateToken")).toHaveLength(1);
    now += 2 * 60_000;
    await portal.item(ID);
    expect(served.to("/generateToken")).toHaveLength(2);
  });

  test("a password that is changed while a run goes on ends it, with its own reason", async () => {
    const served = await servePortal(({ path }, nth) => {
      if (path === TOKEN_PATH) return nth === 0 ? undefined : refused("Invalid username or password.");
      return path === ITEM ? invalid() : undefined;
    });
    expect(failureOf(await portalAt(served.url).portal.item(ID)).reason).toBe("sign-in-refused");
    expect(served.to(ID)).toHaveLength(1);
  });

  test("a service elsewhere that wants a token is told as no access, and nobody signs in anew for it", async () => {
    const other = await serve(() => invalid(499));
    const served = await servePortal(() => undefined);
    const failure = failureOf(await portalAt(served.url).portal.service(`${other.url}/A/FeatureServer`, ""));
    expect(failure.reason).toBe("no-access");
    expect(served.to("/generateToken")).toHaveLength(0);
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

describe("createSession()", () => {
  const auth = { kind: "password", username: "a", password: async () => ok("p4ss") } as const;
  const clock = { now: () => 0, wait: () => Promise.resolve(), random: () => 0 };
  const wire = {
    transport: () => Promise.reject(new TypeError("a mistake")),
    fixed: {},
    referer: "https://x",
    totalMs: 1,
  };

  test("a portal that is not found is told as such; a mistake of the program is no matter of the network", async () => {
    const nowhere = failed("portal-unknown", "No portal", "Correct it");
    expect(await createSession({ auth }, async () => nowhere, wire, clock).token()).toEqual(nowhere);
    const found = async () => ok(new URL("https://gis.acme.org"));
    await expect(createSession({ auth }, found, wire, clock).token()).rejects.toThrow("a mistake");
  });

  test("the last 64 tokens are taken out of texts, however many there were", () => {
    const session = createSession({ auth }, async () => ok(new URL("https://gis.acme.org")), wire, clock);
    for (let nth = 100; nth < 200; nth += 1) session.remember(`tok-${nth}`);
    expect(session.clean("tok-199, tok-136, tok-135")).toBe("***, ***, tok-135");
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

  test.each([
    ["nothing but the user", {}, { id: "", version: "" }],
    [
      "another name and a number",
      { portalName: "GIS", currentVersion: 11.3 },
      { name: "GIS", version: "11.3" },
    ],
  ])("a portal that tells %s is connected to", async (_, told, expected) => {
    const self = { isPortal: false, user: { username: "x" }, ...told };
    const served = await servePortal(({ path }) => (path === SELF_PATH ? self : undefined));
    expect(await portalAt(served.url).portal.connect()).toMatchObject({
      ok: true,
      value: {
        name: new URL(served.url).host,
        username: "x",
        privileges: [],
        seesAllItems: false,
        ...expected,
      },
    });
  });

  test("a portal that takes the token and names no user is a failure", async () => {
    const served = await servePortal(({ path }) =>
      path === SELF_PATH ? { ...SELF, user: undefined } : undefined,
    );
    const failure = failureOf(await portalAt(served.url).portal.connect());
    expect(failure.reason).toBe("portal-error");
    expect(failure.text).toContain("took the token but names no user");
  });

  test("an address of another scheme is told before anybody is asked", async () => {
    const failure = failureOf(await portalAt("ftp://gis.acme.org").portal.connect());
    expect(failure).toMatchObject({ reason: "bad-input", text: "The portal's address begins with ftp:" });
  });

  test.each([undefined, {}, { owningSystemUrl: "ftp://x" }])(
    "a service's address is looked around when its server tells of its portal: %j",
    async (info) => {
      const served = await servePortal(({ path }) => (path.endsWith("/rest/info") ? info : undefined));
      const { portal } = portalAt(`${served.url}/server/rest/services/A/FeatureServer`);
      expect(await portal.connect()).toMatchObject({ ok: true, value: { base: served.url } });
      expect(served.to("/server/rest/info")).not.toHaveLength(0);
    },
  );

  test("a portal that answers from another page is where it was asked", async () => {
    const served = await servePortal(({ path }) => {
      if (path === "/who") return SELF;
      return path === SELF_PATH ? html("", 302, { Location: "/who" }) : undefined;
    });
    expect(await portalAt(served.url).portal.connect()).toMatchObject({
      ok: true,
      value: { base: served.url, name: SELF.name },
    });
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
