import http from "node:http";
import net from "node:net";
import type { ServerResponse } from "node:http";
import { describe, expect, test } from "vitest";
import { agentsWithDeadline } from "../../../src/clients/portal/agents.ts";
import { DEFAULT_LIMITS } from "../../../src/clients/portal/options.ts";
import { createTransport } from "../../../src/clients/portal/transport.ts";
import type { Failure, Result } from "../../../src/core/result.ts";
import { bytesOf, PASSWORD, portalAt, SELF, serve, servePortal } from "./server.ts";
import { serveRaw, TOKEN, type Reaction } from "./server.ts";

const ID = "c".repeat(32);
const ITEM = `/sharing/rest/content/items/${ID}`;
const EXPORT = {
  user: "backup.admin",
  itemId: ID,
  title: "TEMP",
  tag: "tag",
  format: "File Geodatabase",
} as const;

function failureOf(result: Result<unknown>): Failure {
  if (result.ok) throw new Error("it did not fail");
  return result.failure;
}

function answer(status: number, text = "", headers: Record<string, string> = {}): Reaction {
  return (response: ServerResponse) => response.writeHead(status, headers).end(text);
}

function reset(): Reaction {
  return (response: ServerResponse) => response.destroy();
}

describe("a call repeats the transient", () => {
  test.each<[string, Reaction]>([
    ["HTTP 502", answer(502, "<html>bad gateway")],
    ["an error 504 in HTTP 200", { error: { code: 504, message: "Your request has timed out." } }],
    ["a web page", answer(200, "<html>starting")],
    ["half an answer", (r) => r.writeHead(200, { "Content-Length": 20 }).write("{", () => r.destroy())],
    ["a cut connection", reset()],
    ["nothing at all", answer(200)],
  ])("%s, then the answer", async (_, trouble) => {
    const served = await servePortal(({ path }, nth) =>
      path === ITEM ? (nth < 2 ? trouble : { id: ID }) : undefined,
    );
    const { portal, pauses } = portalAt(served.url);
    expect((await portal.item(ID)).ok).toBe(true);
    expect(pauses).toEqual([750, 1500]);
  });

  test("Retry-After is kept, and one beyond the minute ends it at once", async () => {
    const served = await servePortal(({ path }, nth) =>
      path === ITEM ? (nth === 0 ? answer(429, "", { "Retry-After": "7" }) : { id: ID }) : undefined,
    );
    const kept = portalAt(served.url);
    expect((await kept.portal.item(ID)).ok).toBe(true);
    expect(kept.pauses[0]).toBeGreaterThanOrEqual(7_000);
    const never = await servePortal(({ path }) =>
      path === ITEM ? answer(503, "", { "Retry-After": "900" }) : undefined,
    );
    const ended = portalAt(never.url);
    expect(failureOf(await ended.portal.item(ID)).reason).toBe("transient");
    expect(ended.pauses).toEqual([]);
  });

  test("what stays is a transient failure after at most a minute; a 500 is repeated twice", async () => {
    const served = await servePortal(({ path }) =>
      path === ITEM
        ? answer(503)
        : path.endsWith("/groups")
          ? { error: { code: 500, message: "" } }
          : undefined,
    );
    const { portal, pauses } = portalAt(served.url);
    expect(failureOf(await portal.item(ID)).reason).toBe("transient");
    expect(pauses.reduce((sum, pause) => sum + pause, 0)).toBeLessThanOrEqual(60_000);
    pauses.length = 0;
    expect(failureOf(await portal.groups(ID)).reason).toBe("transient");
    expect(pauses).toHaveLength(2);
  });

  test.each([
    ["no answer", { answerMs: 250 }, () => undefined],
    ["an answer that never ends", { totalMs: 300 }, (r: ServerResponse) => r.write("{")],
    ["an answer that stalls", { idleMs: 250 }, (r: ServerResponse) => r.write("{")],
  ])("%s ends at its deadline", async (_, limits, hang) => {
    const served = await servePortal(({ path }, nth) =>
      path === ITEM ? (nth === 0 ? (r) => void hang(r) : { id: ID }) : undefined,
    );
    const { portal, pauses } = portalAt(served.url, { limits });
    expect((await portal.item(ID)).ok).toBe(true);
    expect(pauses).toHaveLength(1);
  });

  test("a connection that does not stand in time is given up", async () => {
    const silent = await serveRaw(() => undefined);
    const limits = { ...DEFAULT_LIMITS, connectMs: 60 };
    const transport = createTransport(agentsWithDeadline(limits.connectMs), limits);
    const url = new URL(silent.replace("http:", "https:"));
    const exchange = transport({ method: "GET", url, headers: {}, totalMs: 5_000 });
    await expect(exchange).rejects.toMatchObject({ trouble: "connect-timeout" });
  });

  test("a mistake of the program is thrown, and no matter of the network", async () => {
    const transport = createTransport(() => {
      throw new Error("a mistake");
    }, DEFAULT_LIMITS);
    const exchange = transport({ method: "GET", url: new URL("http://h"), headers: {}, totalMs: 5_000 });
    await expect(exchange).rejects.toThrow("a mistake");
  });

  test("an answer that declares bytes and may have none is not whole", async () => {
    const url = new URL(
      await serveRaw((socket) => socket.end("HTTP/1.1 204 -\r\nContent-Length: 5\r\n\r\n")),
    );
    const transport = createTransport(agentsWithDeadline(5_000), DEFAULT_LIMITS);
    const reply = await transport({ method: "GET", url, headers: {}, totalMs: 5_000 });
    await expect(bytesOf(reply.body)).rejects.toMatchObject({
      trouble: "too-short",
      told: "0 bytes came where 5 were declared",
    });
  });

  test("a token that no header takes is a failure that does not tell it", async () => {
    const served = await servePortal(({ path }) =>
      path.endsWith("/generateToken")
        ? { token: "secret\u2603", expires: Date.now() + 3_600_000 }
        : undefined,
    );
    const failure = failureOf(await portalAt(served.url).portal.item(ID));
    expect(failure.reason).toBe("transient");
    expect(JSON.stringify(failure)).not.toContain("secret");
    expect(served.to(ID)).toHaveLength(0);
  });

  test("an answer beyond the limit fails instead of filling the memory", async () => {
    const served = await servePortal(({ path }) => (path === ITEM ? { id: "x".repeat(5_000) } : undefined));
    const { portal } = portalAt(served.url, { limits: { jsonBytes: 4_000 } });
    expect(failureOf(await portal.item(ID)).reason).toBe("wrong-content");
  });

  test("something else than HTTP is told without an exception", async () => {
    const url = await serveRaw((socket) => socket.end("SSH-2.0-OpenSSH_9.6\r\n"));
    expect(failureOf(await portalAt(url).portal.connect()).text).toContain("not HTTP");
  });

  test("the raw bytes are kept though the text needed scrubbing", async () => {
    const text = `{"id":"${ID}","title":"a\u0002b"}`;
    const served = await servePortal(({ path }) => (path === ITEM ? answer(200, text) : undefined));
    const item = await portalAt(served.url).portal.item(ID);
    expect(item.ok && Buffer.from(item.value.raw).toString()).toBe(text);
    expect(item.ok && item.value.value["title"]).toBe("a b");
  });
});

describe("startExport() is repeated only after a certain refusal", () => {
  test.each<[string, Reaction, number]>([
    ["a cut connection", reset(), 1],
    ["HTTP 504", answer(504), 1],
    ["an error 503 in HTTP 200", { error: { code: 503, message: "" } }, 1],
    ["an error 500", { error: { code: 500, message: "" } }, 1],
    ["a web page", answer(200, "<html>"), 1],
    ["HTTP 429", answer(429), 2],
    ["HTTP 503", answer(503), 2],
    ["an error 498", { error: { code: 498, message: "Invalid token." } }, 2],
  ])("%s: %i", async (_, trouble, tries) => {
    const served = await servePortal(({ path }, nth) =>
      path.endsWith("/export") ? (nth === 0 ? trouble : { exportItemId: "e", jobId: "j" }) : undefined,
    );
    const started = await portalAt(served.url).portal.startExport(EXPORT);
    expect(served.to("/export")).toHaveLength(tries);
    expect(started.ok).toBe(tries === 2);
  });

  test("a refusal keeps its reason, and the status of a job that failed is no failure", async () => {
    const served = await servePortal(({ path }) => {
      if (path.endsWith("/export")) return { error: { code: 403, messageCode: "GWM_0003", message: "no" } };
      return path.endsWith("/status")
        ? { status: "Failed", statusMessage: '{"code":400,"message":"filegdb went wrong"}' }
        : undefined;
    });
    const { portal } = portalAt(served.url);
    expect(failureOf(await portal.startExport(EXPORT)).reason).toBe("no-access");
    const status = await portal.exportStatus("o", { exportItemId: "e", jobId: "j" });
    expect(status).toEqual({ ok: true, value: { status: "failed", message: "filegdb went wrong" } });
  });
});

describe("secrets stay inside", () => {
  test("no failure tells the password or the token, though the portal repeats them", async () => {
    const echo =
      (status: number) =>
      (code: number): Reaction =>
        answer(
          status,
          JSON.stringify({
            error: { code, message: `Bad ${TOKEN} at http://h/?token=${TOKEN}` },
          }),
        );
    const failures: Failure[] = [];
    for (const reaction of [
      echo(200)(400),
      echo(500)(500),
      echo(200)(498),
      echo(403)(403),
      answer(200, `<html>${TOKEN}`),
      reset(),
    ]) {
      const served = await servePortal(({ path }) =>
        /\/(portals\/self|generateToken)$/.test(path) ? undefined : reaction,
      );
      const { portal } = portalAt(served.url);
      const calls = [
        portal.item(ID),
        portal.data(ID, "file"),
        portal.search("x".repeat(3_000), 1),
        portal.startExport(EXPORT),
        portal.deleteItem("o", ID),
        portal.count(`${served.url}/rest/services/A/FeatureServer`, 0),
      ];
      for (const result of await Promise.all(calls)) failures.push(failureOf(result));
    }
    const wrong = await servePortal(({ path, form }) =>
      path.endsWith("/generateToken")
        ? { error: { code: 400, message: "no", details: [form.get("password"), form.toString()] } }
        : undefined,
    );
    failures.push(failureOf(await portalAt(wrong.url).portal.connect()));
    expect(failures).toHaveLength(37);
    const secrets = [
      TOKEN,
      PASSWORD,
      encodeURIComponent(PASSWORD),
      new URLSearchParams([["", PASSWORD]]).toString().slice(1),
    ];
    for (const secret of secrets) expect(JSON.stringify(failures)).not.toContain(secret);
  });

  test("a service elsewhere is asked without the token, one of the portal with it", async () => {
    const other = await serve(({ path }) =>
      path === "/rest/services/A/FeatureServer" ? { layers: [] } : undefined,
    );
    const served = await servePortal(({ path }) =>
      path === "/rest/services/A/FeatureServer" ? { layers: [] } : undefined,
    );
    const { portal } = portalAt(served.url);
    expect((await portal.service(`${other.url}/rest/services/A/FeatureServer?token=x`, "")).ok).toBe(true);
    expect((await portal.service(`${served.url}/rest/services/A/FeatureServer/`, "")).ok).toBe(true);
    expect(JSON.stringify(other.got.map((got) => [got.headers, [...got.query]]))).not.toMatch(
      /tok-|esri|"token"/,
    );
    expect(served.to("FeatureServer")[0]?.headers["x-esri-authorization"]).toBe(`Bearer ${TOKEN}`);
  });
});

describe("ArcGIS Online by its real names", () => {
  /** Leads every host to one server, without TLS. */
  function leadTo(url: string): () => http.Agent {
    const port = Number(new URL(url).port);
    const agent = new http.Agent();
    agent.createConnection = () => net.connect(port, "127.0.0.1");
    return () => Object.assign(agent, { protocol: "https:" });
  }

  test("a short name leads to the organisation, and the token comes from the general host", async () => {
    const served = await servePortal(({ path, headers }) =>
      path === ITEM && headers.host === "acme.maps.arcgis.com" ? { id: ID } : undefined,
    );
    const { portal } = portalAt("acme", { agent: leadTo(served.url) });
    expect(await portal.connect()).toMatchObject({
      ok: true,
      value: { base: "https://acme.maps.arcgis.com" },
    });
    expect((await portal.item(ID)).ok).toBe(true);
    expect(served.to("/generateToken").map((got) => got.headers.host)).toEqual(["www.arcgis.com"]);
    expect((await portal.service("http://services1.arcgis.com/o/FeatureServer", "/0")).ok).toBe(false);
    expect(served.to("/FeatureServer/0")[0]?.headers["x-esri-authorization"]).toBe(`Bearer ${TOKEN}`);
    await portal.service("https://arcgis.com.evil.example/o/FeatureServer", "/1");
    expect(served.to("/FeatureServer/1")[0]?.headers["x-esri-authorization"]).toBeUndefined();
  });

  test("no service on this machine is asked for an organisation elsewhere", async () => {
    const served = await servePortal(() => undefined);
    const { portal } = portalAt("acme", { agent: leadTo(served.url) });
    const failure = failureOf(await portal.service("http://127.0.0.1/inner/FeatureServer", ""));
    expect(failure.reason).toBe("portal-error");
    expect(failure.text).toContain("an address without https is not asked");
    expect(served.got.some(({ path }) => path.startsWith("/inner"))).toBe(false);
  });

  test("another organisation under a mistyped name is not taken for it", async () => {
    const served = await servePortal(() => undefined);
    const failure = failureOf(await portalAt("akme", { agent: leadTo(served.url) }).portal.connect());
    expect(failure.reason).toBe("portal-unknown");
    expect(failure.text).toContain("no organisation of this name");
    expect(served.to("/generateToken")).toHaveLength(0);
  });

  test("a service's address leads to its portal", async () => {
    const served = await servePortal(({ path }) =>
      path === "/o/arcgis/rest/info" ? { owningSystemUrl: "http://www.arcgis.com" } : undefined,
    );
    const { portal } = portalAt("https://services1.arcgis.com/o/arcgis/rest/services/A/FeatureServer/0", {
      agent: leadTo(served.url),
    });
    const self = await portal.connect();
    expect(self.ok && self.value.name).toBe(SELF.name);
    expect(served.to("/portals/self")[0]?.headers.host).toBe("www.arcgis.com");
  });
});
