import { randomBytes } from "node:crypto";
import type { ServerResponse } from "node:http";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { DownloadError } from "../../../src/clients/portal/download.ts";
import type { Download } from "../../../src/clients/portal/portal.ts";
import type { Result } from "../../../src/core/result.ts";
import { bytesOf, portalAt, servePortal, serveRaw, TOKEN, type Reaction } from "./server.ts";

const ID = "a".repeat(32);
const DATA = `/sharing/rest/content/items/${ID}/data`;

function opened(result: Result<Download>): Download {
  if (!result.ok) throw new Error(result.failure.text);
  return result.value;
}

function failureOf<T>(result: Result<T>): { reason: string; text: string; next: string } {
  if (result.ok) throw new Error("it did not fail");
  return result.failure;
}

/** The portal redirects /data to a raw server that answers with `bytes` and ends the connection. */
async function dataFromRaw(bytes: string | Buffer): Promise<ReturnType<typeof portalAt>> {
  const raw = await serveRaw((socket) => socket.end(bytes));
  const served = await servePortal(({ path }) => (path === DATA ? redirect(raw) : undefined));
  return portalAt(served.url, { limits: { idleMs: 300 } });
}

function redirect(to: string): Reaction {
  return (response: ServerResponse) => response.writeHead(302, { Location: to }).end();
}

async function brokenBy(download: Download): Promise<DownloadError> {
  const error: unknown = await bytesOf(download.body).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(DownloadError);
  return error as DownloadError;
}

async function dataAnswering(reaction: (nth: number) => Reaction): Promise<ReturnType<typeof portalAt>> {
  const served = await servePortal(({ path }, nth) => (path === DATA ? reaction(nth) : undefined));
  return portalAt(served.url);
}

describe("data() proves that the body is whole", () => {
  const big = randomBytes(200_000);

  test("a body longer than its Content-Length fails", async () => {
    const head = `HTTP/1.1 200 OK\r\nContent-Length: ${big.byteLength - 60_000}\r\n\r\n`;
    const { portal } = await dataFromRaw(Buffer.concat([Buffer.from(head), big]));
    const result = await portal.data(ID, "file");
    if (result.ok) expect((await brokenBy(result.value)).failure.reason).toBe("truncated");
    else expect(result.failure.reason).toBe("truncated");
  });

  test("a body shorter than its Content-Length fails", async () => {
    const head = `HTTP/1.1 200 OK\r\nContent-Length: ${big.byteLength + 1}\r\n\r\n`;
    const { portal } = await dataFromRaw(Buffer.concat([Buffer.from(head), big]));
    const error = await brokenBy(opened(await portal.data(ID, "file")));
    expect(error.failure.reason).toBe("truncated");
  });

  test("a chunked body without its last chunk fails", async () => {
    const head = `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${big.byteLength.toString(16)}\r\n`;
    const { portal } = await dataFromRaw(Buffer.concat([Buffer.from(head), big, Buffer.from("\r\n")]));
    const error = await brokenBy(opened(await portal.data(ID, "file")));
    expect(error.failure.reason).toBe("truncated");
  });

  test("a body that only the connection's end closes fails, because nothing proves it", async () => {
    const { portal } = await dataFromRaw(Buffer.concat([Buffer.from("HTTP/1.1 200 OK\r\n\r\n"), big]));
    const error = await brokenBy(opened(await portal.data(ID, "file")));
    expect(error.failure.text).toContain("without a length");
  });

  test("a body that stalls fails after the idle deadline", async () => {
    const raw = await serveRaw((socket) =>
      socket.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nPK\u0003"),
    );
    const served = await servePortal(({ path }) => (path === DATA ? redirect(raw) : undefined));
    const { portal } = portalAt(served.url, { limits: { idleMs: 100 } });
    const error = await brokenBy(opened(await portal.data(ID, "file")));
    expect(error.failure.reason).toBe("transient");
    expect(error.failure.text).toContain("nothing more came");
  });

  test("gzip that nobody asked for is decoded and its length is not taken for the content's", async () => {
    const { portal } = await dataAnswering(() => (response: ServerResponse) => {
      response.writeHead(200, { "Content-Encoding": "gzip", "Content-Length": gzipSync(big).byteLength });
      response.end(gzipSync(big));
    });
    const download = opened(await portal.data(ID, "file"));
    expect(download.length).toBeNull();
    expect((await bytesOf(download.body)).equals(big)).toBe(true);
  });

  test("gzip that is cut fails, though every declared byte came", async () => {
    const cut = gzipSync(big).subarray(0, 150_000);
    const { portal } = await dataAnswering(() => (response: ServerResponse) => {
      response.writeHead(200, { "Content-Encoding": "gzip", "Content-Length": cut.byteLength }).end(cut);
    });
    const error = await brokenBy(opened(await portal.data(ID, "file")));
    expect(error.failure.reason).toBe("truncated");
  });

  test("gzip whose connection breaks off fails as that, not as damaged", async () => {
    const { portal } = await dataAnswering(() => (response: ServerResponse) => {
      response.writeHead(200, { "Content-Encoding": "gzip" });
      response.write(gzipSync(big).subarray(0, 150_000), () => response.destroy());
    });
    const error = await brokenBy(opened(await portal.data(ID, "file")));
    expect(error.failure.text).toContain("the connection broke off");
  });

  test("no byte at all is an empty download, whatever coding it would have had", async () => {
    const { portal } = await dataAnswering(
      () => (response: ServerResponse) => response.writeHead(200, { "Content-Encoding": "gzip" }).end(),
    );
    expect(opened(await portal.data(ID, "file")).length).toBe(0);
  });

  test("a coding that nobody asked for is not kept for the content", async () => {
    const { portal } = await dataAnswering(
      () => (response: ServerResponse) => response.writeHead(200, { "Content-Encoding": "zstd" }).end(big),
    );
    const failure = failureOf(await portal.data(ID, "file"));
    expect(failure.reason).toBe("truncated");
    expect(failure.text).toContain("an encoding that nobody asked for");
  });

  test("a whole body arrives with its length, and identity was asked for", async () => {
    const served = await servePortal(({ path }) =>
      path === DATA
        ? (response) => response.writeHead(200, { "Content-Length": big.byteLength }).end(big)
        : undefined,
    );
    const download = opened(await portalAt(served.url).portal.data(ID, "file"));
    expect(download.length).toBe(big.byteLength);
    expect((await bytesOf(download.body)).equals(big)).toBe(true);
    expect(served.to("/data")[0]?.headers["accept-encoding"]).toBe("identity");
    expect(served.to("/data")[0]?.query.has("f")).toBe(false);
  });

  test("discard() ends the connection", async () => {
    let closed: () => void = () => undefined;
    const gone = new Promise<void>((done) => (closed = done));
    const { portal } = await dataAnswering(() => (response: ServerResponse) => {
      response.on("close", closed);
      response.writeHead(200, { "Content-Length": 1e9 }).write(big);
    });
    opened(await portal.data(ID, "file")).discard();
    await gone;
  });
});

describe("data() classifies by the first bytes", () => {
  test.each([
    ["no access", { error: { code: 403, messageCode: "GWM_0003", message: "No", details: [] } }, "no-access"],
    ["gone", { error: { code: 400, messageCode: "CONT_0001", message: "Item does not exist" } }, "not-found"],
    ["another error", { success: false, error: { code: 400, message: "Odd" } }, "portal-error"],
  ])("an error of the portal in place of the file fails: %s", async (_, body, reason) => {
    const { portal } = await dataAnswering(() => body);
    expect(failureOf(await portal.data(ID, "file")).reason).toBe(reason);
  });

  test.each([200, 400, 500])(
    "an item without a file is an empty download, also with HTTP %i",
    async (status) => {
      const body = JSON.stringify({
        error: { code: status === 200 ? 400 : status, message: "Item does not have a file." },
      });
      const { portal, pauses } = await dataAnswering(
        () => (r: ServerResponse) => r.writeHead(status).end(body),
      );
      const download = opened(await portal.data(ID, "file"));
      expect(download.length).toBe(0);
      expect((await bytesOf(download.body)).byteLength).toBe(0);
      expect(pauses).toEqual([]);
    },
  );

  test("an empty body is an empty download", async () => {
    const { portal } = await dataAnswering(() => (r: ServerResponse) => r.end());
    expect(opened(await portal.data(ID, "json")).length).toBe(0);
  });

  test.each([
    ["a GeoJSON file", '{"type":"FeatureCollection","features":[]}'],
    ["a file that speaks of errors", '{"error":{"code":1,"message":"x"},"layers":[]}'],
    ["XML", "<?xml version='1.0'?><kml/>"],
    ["a file of a brace", "{"],
  ])("a genuine file passes: %s", async (_, text) => {
    const { portal } = await dataAnswering(() => (r: ServerResponse) => r.end(text));
    expect((await bytesOf(opened(await portal.data(ID, "file")).body)).toString()).toBe(text);
  });

  test("a large JSON file in the shape of an error passes", async () => {
    const text = JSON.stringify({ error: { code: 400, message: "x".repeat(70_000) } });
    const { portal } = await dataAnswering(() => (r: ServerResponse) => r.end(text));
    expect((await bytesOf(opened(await portal.data(ID, "file")).body)).toString()).toBe(text);
  });

  test("a web page is asked again once, then it is the wrong content", async () => {
    const page = (r: ServerResponse): unknown =>
      r.end("<!DOCTYPE html><script>location='https://x'</script>");
    const { portal, pauses } = await dataAnswering(() => page);
    const failure = failureOf(await portal.data(ID, "file"));
    expect(failure.reason).toBe("wrong-content");
    expect(failure.next).toContain("Download it once from the item page");
    expect(pauses).toHaveLength(1);
  });

  test("a web page followed by the file is the file", async () => {
    const { portal } = await dataAnswering(
      (nth) => (r: ServerResponse) => r.end(nth === 0 ? "<html>" : "PK.."),
    );
    expect((await bytesOf(opened(await portal.data(ID, "file")).body)).toString()).toBe("PK..");
  });

  test("a web page that is the item's own file passes, with its name", async () => {
    const { portal } = await dataAnswering(() => (r: ServerResponse) => {
      r.setHeader("Content-Disposition", `attachment; filename="a.html"; filename*=UTF-8''%C3%BCb/er.html`);
      r.end("<html>mine</html>");
    });
    const download = opened(await portal.data(ID, "file"));
    expect(download.fileName).toBe("er.html");
    expect((await bytesOf(download.body)).toString()).toBe("<html>mine</html>");
  });
});

describe("redirects of data()", () => {
  test("the token is dropped on another host, and an error of the storage is no file", async () => {
    const storage = await servePortal(({ path }, nth) =>
      path === "/signed"
        ? (r) => (nth === 0 ? r.writeHead(403).end("<Error/>") : r.end("PK-bytes"))
        : undefined,
    );
    const served = await servePortal(({ path }) =>
      path === DATA ? redirect(`${storage.url}/signed?X-Amz-Signature=s3cret`) : undefined,
    );
    const download = opened(await portalAt(served.url).portal.data(ID, "file"));
    expect((await bytesOf(download.body)).toString()).toBe("PK-bytes");
    expect(served.to("/data")).toHaveLength(2);
    expect(served.to("/data")[0]?.headers["x-esri-authorization"]).toBe(`Bearer ${TOKEN}`);
    expect(
      JSON.stringify(storage.got.map((got) => [got.headers, [...got.query], [...got.form]])),
    ).not.toContain(TOKEN);
  });

  test.each([
    ["round in a circle", (base: string) => `${base}${DATA}`],
    ["to another scheme", () => "ftp://example.org/x"],
    ["to a user's address", () => "https://user:pw@example.org/x"],
    ["to nowhere", () => "http://:::/"],
  ])("a redirect %s fails and is not followed", async (_, to) => {
    const served = await servePortal(({ path, headers }) =>
      path === DATA ? redirect(to(`http://${headers.host ?? ""}`)) : undefined,
    );
    const failure = failureOf(await portalAt(served.url).portal.data(ID, "file"));
    expect(failure.reason).toBe("portal-error");
    expect(failure.text).toMatch(/redirect/);
    expect(failure.text).not.toMatch(/pw|token/);
  });

  test("a redirect with a large page is followed without reading all of it", async () => {
    const served = await servePortal(({ path }) => {
      if (path === "/there") return (r: ServerResponse) => r.end("PK..");
      if (path !== DATA) return undefined;
      return (r: ServerResponse) => r.writeHead(302, { Location: "/there" }).end("x".repeat(100_000));
    });
    const download = opened(await portalAt(served.url).portal.data(ID, "file"));
    expect((await bytesOf(download.body)).toString()).toBe("PK..");
  });

  test("more than ten redirects fail", async () => {
    const served = await servePortal(({ path }) =>
      path.startsWith(DATA) ? redirect(`${path}/x`) : undefined,
    );
    const failure = failureOf(await portalAt(served.url).portal.data(ID, "file"));
    expect(failure.text).toContain("more than 10");
  });
});
