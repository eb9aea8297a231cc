// Tokens for federated servers: exchanged where the portal and the server name each other, and never sent anywhere else.
import http from "node:http";
import net from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Portal } from "../../../src/clients/portal/portal.ts";
import { ok, type Failure, type Result } from "../../../src/core/result.ts";
import { startPortal, USERNAME, type SamplePortal } from "../../portal/portal.ts";
import { itemId } from "../../portal/seed/build.ts";
import { smallSeed } from "../../portal/seed/small.ts";
import { portalAt, SELF, serve, TOKEN, type Got, type Route, type Served } from "./server.ts";

const MINUTE = 60_000;

function failureOf(result: Result<unknown>): Failure {
  if (result.ok) throw new Error("it did not fail");
  return result.failure;
}

describe("at the sample Enterprise", () => {
  let sample: SamplePortal;
  let now = Date.UTC(2026, 0, 5);
  let portal: Portal;
  const wells = (): string => sample.state.items.get(itemId("Wells"))?.fields.url ?? "";
  const exchanges = (): number =>
    sample.state.requests.filter(
      ({ path, user, token }) => path.endsWith("/generateToken") && token === "form" && user === null,
    ).length;
  beforeAll(async () => {
    sample = await startPortal({ kind: "enterprise", seed: smallSeed, clock: () => now });
  });
  afterAll(() => sample.stop());
  beforeEach(() => {
    sample.state.requests.length = 0;
    sample.faults.clear();
    sample.state.options.serverTokenMinutes = 60;
    const auth = { kind: "password", username: USERNAME, password: async () => ok(sample.password) } as const;
    portal = portalAt(sample.url, { auth, now: () => now }).portal;
  });

  test("connect() tells an Enterprise with its version and its path", async () => {
    expect(await portal.connect()).toMatchObject({
      ok: true,
      value: { kind: "enterprise", version: "11.3.0", base: sample.url, seesAllItems: true },
    });
  });

  test("one exchange serves all that wait for it, and every call after it", async () => {
    const counts = await Promise.all([0, 1, 0, 1].map((layer) => portal.count(wells(), layer)));
    expect(counts).toEqual([ok(60), ok(25), ok(60), ok(25)]);
    expect(await portal.attachmentCount(wells(), 0)).toEqual(ok(9));
    expect(exchanges()).toBe(1);
    const asked = sample.state.requests.filter(({ server }) => server === "hosting");
    // The four that came first asked as strangers, since the server is another host than the portal.
    expect(asked.slice(-3).every(({ token, status }) => token !== "none" && status === 200)).toBe(true);
    expect(sample.state.requests.some(({ token }) => token === "query")).toBe(false);
    const pump = sample.state.items.get(itemId("Pumps/Valves"))?.fields.url ?? "";
    expect((await portal.service(pump, "")).ok).toBe(true);
    expect(exchanges()).toBe(1);
  });

  test("a server's token that has ended is exchanged anew, before its end and when the server forgets it", async () => {
    sample.state.options.serverTokenMinutes = 10;
    expect((await portal.service(wells(), "")).ok).toBe(true);
    now += 9 * MINUTE;
    expect((await portal.service(wells(), "")).ok).toBe(true);
    expect(exchanges()).toBe(2);
    for (const [token, { serverUrl }] of sample.state.tokens) {
      if (serverUrl !== null) sample.state.tokens.delete(token);
    }
    expect((await portal.service(wells(), "/layers")).ok).toBe(true);
    expect(exchanges()).toBe(3);
  });

  test("an exchange asks for a new portal token when the portal has forgotten its own", async () => {
    expect((await portal.connect()).ok).toBe(true);
    sample.state.tokens.clear();
    expect((await portal.service(wells(), "")).ok).toBe(true);
  });

  test("trouble of the exchange is told and not kept: the next call succeeds", async () => {
    sample.faults.add(
      { match: { path: "/generateToken$", nth: 2, times: 7 }, answer: { status: 503 } },
      { match: { path: "/server/rest/info$", nth: 1 }, answer: { html: true } },
    );
    const failure = failureOf(await portal.service(wells(), ""));
    expect(failure.reason).toBe("transient");
    expect(failure.text).toContain("get a token for the server");
    expect((await portal.service(wells(), "")).ok).toBe(true);
  });

  test("a server's token that is not taken any more and cannot be replaced is told as that", async () => {
    expect((await portal.service(wells(), "")).ok).toBe(true);
    for (const [token, { serverUrl }] of sample.state.tokens) {
      if (serverUrl !== null) sample.state.tokens.delete(token);
    }
    sample.faults.add({ match: { path: "/generateToken$", times: "always" }, answer: { status: 503 } });
    const failure = failureOf(await portal.service(wells(), "/layers"));
    expect(failure.reason).toBe("transient");
    expect(failure.text).toContain("get a token for the server");
  });
});

/** Leads every host to one server, without TLS. */
function leadTo(served: Served): (url: URL) => http.Agent {
  const agent = new http.Agent();
  agent.createConnection = () => net.connect(Number(new URL(served.url).port), "127.0.0.1");
  return () => Object.assign(agent, { protocol: "https:" });
}

const PORTAL = "gis.acme.org";
const ENTERPRISE = { ...SELF, isPortal: true, urlKey: null, portalHostname: `${PORTAL}/portal` };
const SERVER_TOKEN = "server-tok-7Ks";
const REFUSED = { error: { code: 499, message: "Token Required", details: [] } };
const bearer = ({ headers }: Got): unknown => headers["x-esri-authorization"];

interface World {
  /** What `rest/info` of every server says. */
  readonly owningSystemUrl?: string;
  /** Undefined: the portal does not tell this account. */
  readonly servers?: readonly string[];
  readonly exchanged?: string;
}

/** An Enterprise at gis.acme.org/portal and servers at every host that is asked, behind one socket. */
async function world(say: World): Promise<{ served: Served; portal: Portal }> {
  const route: Route = (got) => {
    if (got.headers.host === PORTAL && got.path.startsWith("/portal/sharing/rest")) {
      if (got.path.endsWith("/portals/self")) return ENTERPRISE;
      if (got.path.endsWith("/portals/self/servers")) {
        return say.servers === undefined
          ? { error: { code: 403, messageCode: "GWM_0003", message: "no" } }
          : { servers: say.servers.map((url) => ({ url, adminUrl: "https://inner:6443/arcgis" })) };
      }
      if (got.path.endsWith("/generateToken")) {
        return got.form.has("serverUrl")
          ? { token: say.exchanged ?? SERVER_TOKEN, expires: Date.now() + 60 * MINUTE, ssl: true }
          : { token: TOKEN, expires: Date.now() + 60 * MINUTE, ssl: true };
      }
      return {};
    }
    if (got.path.endsWith("/rest/info")) {
      return say.owningSystemUrl === undefined
        ? { currentVersion: 11.3 }
        : { owningSystemUrl: say.owningSystemUrl };
    }
    if (got.path.includes("/Moved/") && got.headers.host !== "evil.example") {
      return (response) => response.writeHead(302, { location: `https://evil.example${got.path}` }).end();
    }
    return bearer(got) === `Bearer ${SERVER_TOKEN}` ? { layers: [] } : REFUSED;
  };
  const served = await serve(route);
  return { served, portal: portalAt(`https://${PORTAL}/portal`, { agent: leadTo(served) }).portal };
}

/** Requests to hosts other than the portal's. */
const elsewhere = (served: Served): Got[] => served.got.filter(({ headers }) => headers.host !== PORTAL);
const service = (host: string): string => `https://${host}/server/rest/services/Hosted/A/FeatureServer`;

describe("by their real names", () => {
  test.each([
    ["another host", "maps.acme.org", { servers: ["https://maps.acme.org/server"] }],
    ["another host, written otherwise", "maps.acme.org", { servers: ["http://MAPS.acme.org/Server/"] }],
    ["another host, and the list is not shown", "maps.acme.org", {}],
    ["the portal's host, which may see the portal's token", PORTAL, {}],
  ] as const)("a federated server on %s gets a token of its own", async (_, host, more) => {
    const { served, portal } = await world({ owningSystemUrl: `http://GIS.acme.org/Portal`, ...more });
    expect((await portal.service(service(host), "")).ok).toBe(true);
    const exchange = served.got.find(({ form }) => form.has("serverUrl"));
    expect(Object.fromEntries(exchange?.form ?? [])).toMatchObject({
      token: TOKEN,
      serverUrl: `https://${host}/server`,
      expiration: "60",
    });
    const used = new Set(served.got.filter(({ path }) => path.includes("/services/")).map(bearer));
    expect(used).toEqual(
      new Set([...(host === PORTAL ? [`Bearer ${TOKEN}`] : []), `Bearer ${SERVER_TOKEN}`]),
    );
  });

  test.each<[string, World, RegExp]>([
    ["that stands alone", {}, /does not say that it belongs to a portal/],
    [
      "of another portal",
      { owningSystemUrl: "https://gis.other.org/portal" },
      /another portal \(gis\.other\.org\)/,
    ],
    ["of a portal beside ours", { owningSystemUrl: `https://${PORTAL}/portal2` }, /another portal/],
    ["of a look-alike", { owningSystemUrl: `https://${PORTAL}.evil.example/portal` }, /another portal/],
    [
      "of a look-alike with a user",
      { owningSystemUrl: `https://${PORTAL}@evil.example/portal` },
      /another portal/,
    ],
    ["with our name as a user", { owningSystemUrl: `https://x@${PORTAL}/portal` }, /another portal/],
    ["of nothing that is an address", { owningSystemUrl: "portal" }, /no address/],
    [
      "that names us and is not ours",
      { owningSystemUrl: `https://${PORTAL}/portal`, servers: ["https://maps.acme.org/server"] },
      /does not list it/,
    ],
  ])("a server %s gets none, and the report says why", async (_, say, why) => {
    const { served, portal } = await world(say);
    const failure = failureOf(await portal.service(service("evil.example"), ""));
    expect(failure.reason).toBe("no-access");
    expect(failure.next).toMatch(why);
    for (const got of elsewhere(served)) {
      expect(JSON.stringify([got.headers, [...got.query], [...got.form]])).not.toMatch(/tok-/);
    }
    expect(served.got.some(({ form }) => form.has("serverUrl"))).toBe(false);
    // It is asked once who it belongs to.
    await portal.service(service("evil.example"), "/layers");
    expect(elsewhere(served).filter(({ path }) => path.endsWith("/info"))).toHaveLength(1);
  });

  test("a server beside the portal that is none of its own is told as no access", async () => {
    const { served, portal } = await world({});
    const failure = failureOf(await portal.service(service(PORTAL), ""));
    expect(failure.reason).toBe("no-access");
    expect(served.got.some(({ form }) => form.has("serverUrl"))).toBe(false);
  });

  test("the portal's own token, given back as an exchange, is not used", async () => {
    const { served, portal } = await world({ owningSystemUrl: `https://${PORTAL}/portal`, exchanged: TOKEN });
    const failure = failureOf(await portal.service(service("maps.acme.org"), ""));
    expect(failure.text).toContain("with its own token");
    expect(elsewhere(served).map(bearer)).toEqual([undefined, undefined]);
  });

  test("a server that refuses its own young token is told as no access, and no other one is asked for", async () => {
    const { served, portal } = await world({
      owningSystemUrl: `https://${PORTAL}/portal`,
      exchanged: "not-taken",
    });
    expect(failureOf(await portal.service(service("maps.acme.org"), "")).reason).toBe("no-access");
    expect(served.got.filter(({ form }) => form.has("serverUrl"))).toHaveLength(1);
    expect(served.got.filter(({ path }) => path.includes("/services/")).map(bearer)).toEqual([
      "Bearer not-taken",
    ]);
  });

  test("a server's token stays at its server, also on a redirect, and in no failure", async () => {
    const { served, portal } = await world({ owningSystemUrl: `https://${PORTAL}/portal` });
    expect((await portal.service(service("maps.acme.org"), "")).ok).toBe(true);
    const moved = "https://maps.acme.org/server/rest/services/Moved/FeatureServer";
    const failure = failureOf(await portal.service(moved, ""));
    expect(JSON.stringify(failure)).not.toContain(SERVER_TOKEN);
    const hops = served.got.filter(({ path }) => path.includes("/Moved/"));
    const once = [
      ["maps.acme.org", `Bearer ${SERVER_TOKEN}`],
      ["evil.example", undefined],
    ];
    // What another host says is not taken; the server is asked once more.
    expect(hops.map((got) => [got.headers.host, bearer(got)])).toEqual([...once, ...once]);
  });

  test("a proxy of the portal is the portal's, and ArcGIS Online has no servers to ask", async () => {
    const { served, portal } = await world({ owningSystemUrl: `https://${PORTAL}/portal` });
    await portal.service(`https://${PORTAL}/portal/sharing/servers/ab/rest/services/T/FeatureServer`, "");
    expect(served.got.some(({ path }) => path.endsWith("/rest/info"))).toBe(false);
    const online = await serve(({ path }) =>
      path === "/sharing/rest/portals/self"
        ? SELF
        : path.endsWith("/generateToken")
          ? { token: TOKEN, expires: Date.now() + 60 * MINUTE }
          : path.includes("/services/")
            ? REFUSED
            : undefined,
    );
    await portalAt(online.url).portal.service(`${online.url}/o/arcgis/rest/services/A/FeatureServer`, "");
    expect(online.to("/rest/info")).toHaveLength(0);
  });
});
