// Calls to services against scripted answers: what is sent, and which odd answers are survived.
import { Agent, type ServerResponse } from "node:http";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { serverRoot } from "../../../src/clients/portal/server-root.ts";
import type { Failure, Result } from "../../../src/core/result.ts";
import { bytesOf, portalAt, SELF, servePortal, TOKEN, type Reaction, type Served } from "./server.ts";
import type { Portal } from "../../../src/clients/portal/portal.ts";

const SERVICE = "/org/arcgis/rest/services/Trees/FeatureServer";
const TILES = "/org/arcgis/rest/services/Map/MapServer";

/** A portal that answers these paths; `routes` is given its address. */
async function portalWith(
  routes: (url: string) => Record<string, Reaction>,
): Promise<{ portal: Portal; served: Served; at: (path: string) => string }> {
  const served: Served = await servePortal(({ path }) => routes(served.url)[path]);
  return { portal: portalAt(served.url).portal, served, at: (path) => `${served.url}${path}` };
}

/** A portal whose services answer the same to every question. */
async function portalOf(answer: () => object): Promise<{ portal: Portal; at: (path: string) => string }> {
  const served = await servePortal(({ path }) => (path.startsWith("/sharing/") ? undefined : answer()));
  return { portal: portalAt(served.url, { agent: onlyHere }).portal, at: (path) => `${served.url}${path}` };
}

/** Nothing leaves this machine, whatever address an answer tells. */
const onlyHere = (url: URL): Agent =>
  new Agent(
    url.hostname === "127.0.0.1" ? {} : { lookup: (_, __, done) => done(new Error("not asked"), "") },
  );

function valueOf<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.failure.text);
  return result.value;
}

function failureOf(result: Result<unknown>): Failure {
  if (result.ok) throw new Error("a failure was expected");
  return result.failure;
}

const NOT_SUPPORTED = { error: { code: 400, message: "This operation is not supported.", details: [] } };
const START = { name: "x", layers: [0, 2], attachments: true, format: "filegdb" } as const;

describe("startExport()", () => {
  const start = { user: "a", itemId: "i", title: "t", tag: "g", format: "Shapefile" } as const;
  const path = "/sharing/rest/content/users/a/export";

  test("names its layers only when it is told to", async () => {
    const { portal, served } = await portalWith(() => ({ [path]: { exportItemId: "e", jobId: "j" } }));
    await portal.startExport(start);
    await portal.startExport({ ...start, layers: [3, 0] });
    const [all, some] = served.to("/export").map(({ form }) => form);
    expect([all?.get("exportFormat"), all?.has("exportParameters")]).toEqual(["Shapefile", false]);
    expect(JSON.parse(some?.get("exportParameters") ?? "")).toEqual({ layers: [{ id: 3 }, { id: 0 }] });
  });

  test.each([
    ["Export format Shapefile is not supported.", "not-supported"],
    ["Item i is not a hosted service.", "not-supported"],
    ["Error exporting data", "export-failed"],
  ])("%s: %s", async (message, reason) => {
    const { portal } = await portalWith(() => ({ [path]: { error: { code: 400, message } } }));
    expect(failureOf(await portal.startExport(start)).reason).toBe(reason);
  });
});

describe("createReplica", () => {
  test("asks for an extract that leaves no replica behind", async () => {
    const { portal, served, at } = await portalWith((url) => ({
      [`${SERVICE}/createReplica`]: { statusUrl: `${url}/jobs/1` },
    }));
    const started = await portal.startReplica(at(SERVICE), START);
    expect(started).toEqual({ ok: true, value: { statusUrl: at("/jobs/1") } });
    expect(Object.fromEntries(served.to("/createReplica")[0]?.form ?? [])).toMatchObject({
      layers: "0,2",
      layerQueries: '{"0":{"queryOption":"all"},"2":{"queryOption":"all"}}',
      syncModel: "none",
      async: "true",
      dataFormat: "filegdb",
      returnAttachments: "true",
      transportType: "esriTransportTypeUrl",
      token: TOKEN,
    });
  });

  test.each([
    ["an answer without addresses", { ok: 1 }, "export-failed"],
    ["an address that is none", { statusUrl: "javascript:alert(1)" }, "portal-error"],
    ["an address with a user", { statusUrl: "https://a:b@host/x" }, "portal-error"],
    ["no such capability", NOT_SUPPORTED, "not-supported"],
    [
      "no such operation",
      { error: { code: 400, message: "Invalid URL", details: ["Invalid URL"] } },
      "not-supported",
    ],
    ["no access", { error: { code: 403, message: "" } }, "no-access"],
  ])("%s", async (_, answer, reason) => {
    const { portal, at } = await portalWith(() => ({ [`${SERVICE}/createReplica`]: answer }));
    expect(failureOf(await portal.startReplica(at(SERVICE), START)).reason).toBe(reason);
  });

  test("is not repeated after an error that tells nothing", async () => {
    const { portal, served, at } = await portalWith(() => ({
      [`${SERVICE}/createReplica`]: { error: { code: 500, message: "" } },
    }));
    expect(failureOf(await portal.startReplica(at(SERVICE), START)).reason).toBe("transient");
    expect(served.to("/createReplica")).toHaveLength(1);
  });

  test.each([
    [{ status: "Pending", resultUrl: "" }, "working"],
    [{ status: "ExportAttachments" }, "working"],
    [{ status: "Completed", resultUrl: "https://files.example/a.zip?sig=1" }, "completed"],
    [{ status: "CompletedWithErrors", resultUrl: "http://files.example/a.zip" }, "failed"],
    [{ status: "Failed", statusMessage: "no room" }, "failed"],
    [{ status: "Failed", error: { code: 500, description: "no room" } }, "failed"],
    [{ status: "Completed" }, "failed"],
  ])("%j: %s", async (answer, state) => {
    const { portal, at } = await portalWith(() => ({ "/jobs/1": answer }));
    const told = valueOf(await portal.replicaStatus(at("/jobs/1")));
    expect(told.state).toBe(state);
    const kept = "resultUrl" in answer && answer.resultUrl !== "";
    expect(told.resultUrl?.startsWith("https://files.example/a.zip") ?? false).toBe(kept);
    if ("statusMessage" in answer || "error" in answer) expect(told.message).toContain("no room");
  });

  test("a status elsewhere gets no token, its query goes along, and one that is no address is not asked", async () => {
    const foreign = await servePortal(() => ({ status: "InProgress" }));
    const { portal } = await portalWith(() => ({}));
    valueOf(await portal.replicaStatus(`${foreign.url}/jobs/1?key=7&token=theirs`));
    expect(Object.fromEntries(foreign.got[0]?.query ?? [])).toEqual({ key: "7", f: "json" });
    expect(JSON.stringify(foreign.got)).not.toContain(TOKEN);
    expect(failureOf(await portal.replicaStatus("jobs/1")).reason).toBe("portal-error");
  });
});

describe("exportTiles", () => {
  const job = (jobStatus: string, more = {}): object => ({ jobId: "j", jobStatus, message: null, ...more });

  test("sends both names of the storage form for tiles, and neither for vector tiles", async () => {
    const { portal, served, at } = await portalWith(() => ({
      [`${TILES}/exportTiles`]: { jobId: "j 1", itemId: null, status: "success" },
    }));
    for (const format of ["tpkx", "vtpk"] as const) {
      const started = await portal.startTiles(at(TILES), { levels: "0-3", format });
      expect(started).toEqual({ ok: true, value: { jobId: "j 1" } });
    }
    const [tpkx, vtpk] = served.to("/exportTiles").map(({ form }) => form);
    expect(tpkx?.get("storageFormat")).toBe("esriMapCacheStorageModeCompactV2");
    expect(tpkx?.get("storageFormatType")).toBe(tpkx?.get("storageFormat"));
    expect([vtpk?.has("storageFormat"), vtpk?.get("exportExtent"), vtpk?.get("levels")]).toEqual([
      false,
      "DEFAULT",
      "0-3",
    ]);
  });

  test("looks for a job at both addresses and remembers which one knew it; ids are encoded", async () => {
    const { portal, served, at } = await portalWith(() => ({
      [`${TILES}/exportTiles/jobs/a%2F..%20b`]: job("esriJobExecuting"),
    }));
    for (let times = 0; times < 2; times += 1) {
      expect(valueOf(await portal.tileJob(at(TILES), "a/.. b")).state).toBe("working");
    }
    const asked = served.got
      .filter(({ path }) => path.includes("/jobs/"))
      .map(({ path }) => path.includes("exportTiles"));
    expect(asked).toEqual([false, true, true]);
    expect(failureOf(await portal.tileJob(at("/org/arcgis/rest/services/B/MapServer"), "x")).reason).toBe(
      "not-found",
    );
  });

  test("Online: signed addresses, which are asked without token", async () => {
    const storage = await servePortal(({ query }) => (r: ServerResponse) => {
      if (query.get("X-Amz-Signature") === "s+1") r.end("PK tiles");
      else r.writeHead(403).end("<Error><Code>AccessDenied</Code></Error>");
    });
    const url = `${storage.url}/export/8d%20x.tpkx?X-Amz-Signature=s%2B1`;
    const { portal, at } = await portalWith(() => ({
      [`${TILES}/jobs/j`]: job("esriJobSucceeded", { output: { outputUrl: [url], itemId: null } }),
    }));
    const done = valueOf(await portal.tileJob(at(TILES), "j"));
    expect(done).toEqual({ state: "succeeded", message: "", files: [{ name: "8d x.tpkx", url }] });
    const file = valueOf(await portal.serviceFile(url));
    expect((await bytesOf(file.body)).toString()).toBe("PK tiles");
    expect(storage.got[0]?.headers).not.toHaveProperty("x-esri-authorization");
    expect(storage.got[0]?.headers["accept-encoding"]).toBe("identity");
    expect(failureOf(await portal.serviceFile(url.replace("s%2B1", "old"))).reason).toBe("transient");
  });

  test("Enterprise: the result's folder lists the files, some by their names alone", async () => {
    const folder = "/server/rest/directories/arcgisjobs/j/";
    const { portal, at } = await portalWith((url) => ({
      [`${TILES}/jobs/j`]: job("esriJobSucceeded", {
        results: { out_service_url: { paramUrl: "results/out_service_url" } },
      }),
      [`${TILES}/jobs/j/results/out_service_url`]: { dataType: "GPString", value: `${url}${folder}` },
      [folder]: {
        folders: [],
        files: [{ name: "a b.tpkx" }, { name: "c.vtpk", url: `${url}/c` }, { name: "log.txt" }],
      },
    }));
    expect(valueOf(await portal.tileJob(at(TILES), "j")).files).toEqual([
      { name: "a b.tpkx", url: at(`${folder}a%20b.tpkx`) },
      { name: "c.vtpk", url: at("/c") },
    ]);
  });

  test.each([
    [
      "failed",
      job("esriJobFailed", {
        messages: [
          { type: "esriJobMessageTypeInformative", description: "Start" },
          { type: "esriJobMessageTypeError", description: "ERROR 001564: Requested tile count(9) exceeds" },
        ],
      }),
      "ERROR 001564: Requested tile count(9) exceeds",
    ],
    ["failed", job("esriJobTimedOut"), "esrijobtimedout"],
    ["failed", job("esriJobSucceeded", { output: { outputUrl: [] } }), "the job succeeded and made no file"],
    ["succeeded", job("esriJobSucceeded", { output: { outputUrl: null, itemId: "i" } }), ""],
  ])("%s by %j", async (state, answer, message) => {
    const { portal, at } = await portalWith(() => ({ [`${TILES}/jobs/j`]: answer }));
    expect(valueOf(await portal.tileJob(at(TILES), "j"))).toMatchObject({ state, message, files: [] });
  });
});

test("no answer makes a call throw, whatever it holds", async () => {
  const names =
    "status jobStatus statusUrl resultUrl URL error code message messages output outputUrl results out_service_url value files name url objectIdFieldName objectIds features exceededTransferLimit attachmentGroups parentObjectId attachmentInfos id jobId properties";
  const words = "Completed Failed esriJobSucceeded https://x.example/a%zz.zip // http://[ OBJECTID 1";
  const leaf = fc.oneof(fc.constantFrom(...words.split(" ")), fc.jsonValue({ maxDepth: 1 }));
  const { tree } = fc.letrec<{ tree: unknown; fields: object }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4, depthSize: "small" },
      leaf,
      fc.array(tie("tree"), { maxLength: 2 }),
      tie("fields"),
    ),
    fields: fc.dictionary(fc.constantFrom(...names.split(" ")), tie("tree"), { maxKeys: 6 }),
  }));
  let answer: object = {};
  const { portal, at } = await portalOf(() => ({ ...answer }));
  await portal.connect();
  await fc.assert(
    fc.asyncProperty(
      fc.dictionary(fc.constantFrom(...names.split(" ")), tree, { maxKeys: 8 }),
      async (value) => {
        answer = value;
        const results = await Promise.all([
          portal.startReplica(at(SERVICE), START),
          portal.replicaStatus(at("/jobs/1")),
          portal.startTiles(at(TILES), { levels: "0", format: "tpkx" }),
          portal.tileJob(at(TILES), "j"),
          portal.editTileExport(at(TILES), { exportTilesAllowed: true }),
          portal.objectIds(at(SERVICE), 0),
          portal.rows(at(SERVICE), 0, { field: "F", from: 1, to: 2 }),
          portal.attachments(at(SERVICE), 0, [1]),
        ]);
        for (const result of results) if (!result.ok) expect(result.failure.text).not.toContain(TOKEN);
      },
    ),
    { numRuns: 40 },
  );
});

describe("editTileExport()", () => {
  const values = { exportTilesAllowed: true, maxExportTilesCount: 500_000 };

  test("Online: fields of a form, for vector tiles a definition", async () => {
    const admin = "/org/arcgis/rest/admin/services/Map";
    const { portal, served, at } = await portalWith(() => ({
      [`${admin}/MapServer/edit`]: { success: true },
      [`${admin}/VectorTileServer/edit`]: { success: true },
    }));
    expect((await portal.editTileExport(at(TILES), values)).ok).toBe(true);
    expect((await portal.editTileExport(at(TILES.replace("MapS", "VectorTileS")), values)).ok).toBe(true);
    const [map, vector] = served.to("/edit").map(({ form }) => form);
    expect([map?.get("exportTilesAllowed"), map?.get("maxExportTilesCount")]).toEqual(["true", "500000"]);
    expect(JSON.parse(vector?.get("serviceDefinition") ?? "")).toEqual(values);
    expect(failureOf(await portal.editTileExport(at(SERVICE), values)).reason).toBe("bad-input");
    const before = served.got.length;
    await portal.editTileExport(at(`//evil.example${TILES}`), values);
    // The server reads such a path as a host; that it was asked at all is what counts.
    expect(served.got.slice(before).map(({ path }) => path)).toContain(`${admin}/MapServer/edit`);
  });

  test("Enterprise: the whole definition, with nothing else changed", async () => {
    const admin = "/server/admin/services/Hosted/Map.MapServer";
    const { portal, served, at } = await portalWith(() => ({
      "/sharing/rest/portals/self": { ...SELF, isPortal: true },
      [admin]: {
        serviceName: "Map",
        properties: { exportTilesAllowed: "false", minScale: "7" },
        n: { a: 1 },
      },
      [`${admin}/edit`]: { status: "success" },
    }));
    const url = at("/server/rest/services/Hosted/Map/MapServer");
    expect((await portal.editTileExport(url, values)).ok).toBe(true);
    expect(JSON.parse(served.to("/edit")[0]?.form.get("service") ?? "")).toEqual({
      serviceName: "Map",
      properties: { exportTilesAllowed: "true", maxExportTilesCount: "500000", minScale: "7" },
      n: { a: 1 },
    });
  });

  test("a server's administration and its results count as that server's", () => {
    for (const path of ["rest/directories/arcgisjobs/x", "admin/services/Hosted/M.MapServer/edit"]) {
      expect(serverRoot(new URL(`https://gis.acme.org/server/${path}`))?.href).toBe(
        "https://gis.acme.org/server",
      );
    }
    expect(serverRoot(new URL("https://gis.acme.org/portal/admin/x"))).toBeUndefined();
  });
});

describe("objectIds() and rows()", () => {
  const query = `${SERVICE}/0/query`;

  test("ids come sorted and once each, an empty layer has none", async () => {
    let answer: object = { objectIdFieldName: "FID", objectIds: [7, 3, 12, 7] };
    const { portal, at } = await portalWith(() => ({ [query]: answer }));
    expect(valueOf(await portal.objectIds(at(SERVICE), 0))).toEqual({ field: "FID", ids: [3, 7, 12] });
    answer = { objectIdFieldName: "FID", objectIds: null };
    expect(valueOf(await portal.objectIds(at(SERVICE), 0)).ids).toEqual([]);
  });

  test.each([
    [{ objectIdFieldName: "1=1 OR x", objectIds: [1] }],
    [{ objectIds: [1] }],
    [{ objectIdFieldName: "FID", objectIds: [1, "a"] }],
    [{ objectIdFieldName: "FID", objectIds: [1], exceededTransferLimit: true }],
    [{ objectIdFieldName: "FID" }],
  ])("%j is a failure", async (answer) => {
    const { portal, at } = await portalWith(() => ({ [query]: answer }));
    expect(failureOf(await portal.objectIds(at(SERVICE), 0)).reason).toBe("portal-error");
  });

  test("a window is asked for whole and kept as it came", async () => {
    const { portal, served, at } = await portalWith(() => ({
      [query]: (r: ServerResponse) => r.end('{"features":[{"a":1.0}], "exceededTransferLimit" : true}'),
    }));
    const window = { field: "FID", from: -1, to: 20 };
    const rows = valueOf(await portal.rows(at(SERVICE), 0, window));
    expect([rows.features, rows.exceeded]).toEqual([1, true]);
    expect(Buffer.from(rows.raw).toString()).toContain('{"a":1.0}], "exceeded');
    const form = Object.fromEntries(served.to("/query")[0]?.form ?? []);
    expect(form).toMatchObject({
      where: "FID >= -1 AND FID <= 20",
      orderByFields: "FID",
      returnTrueCurves: "true",
    });
    expect(form).not.toHaveProperty("outSR");
    expect(failureOf(await portal.rows(at(SERVICE), 0, { ...window, field: "a;b" })).reason).toBe(
      "bad-input",
    );
  });

  test("a row that cannot be read is asked for twice, and an answer that is too large is told as such", async () => {
    const { portal, served, at } = await portalWith(() => ({
      [query]: { error: { code: 500, message: "Error performing query operation" } },
      [query.replace("/0/", "/1/")]: (r: ServerResponse) =>
        r.end(`{"features":["${"x".repeat(33 * 1024 * 1024)}"]}`),
    }));
    const window = { field: "FID", from: 1, to: 2 };
    expect(failureOf(await portal.rows(at(SERVICE), 0, window)).reason).toBe("transient");
    expect(served.to("/0/query")).toHaveLength(2);
    expect(failureOf(await portal.rows(at(SERVICE), 1, window)).reason).toBe("too-large");
  });
});

describe("attachments()", () => {
  const layer = `${SERVICE}/0`;
  const info = (id: number): object => ({ id, name: `${id}.jpg`, contentType: "image/jpeg", size: 9 });
  const many = (ids: readonly number[]): object => ({
    attachmentGroups: ids.map((id) => ({ parentObjectId: id, attachmentInfos: [info(id)] })),
  });

  test("a list that is cut is asked for by halves, down to single features", async () => {
    const served: Served = await servePortal(({ path, form }) => {
      const ids = (form.get("objectIds") ?? "").split(",").map(Number);
      if (path === `${layer}/queryAttachments`) {
        return ids.length > 2 || ids.at(-1) === 5
          ? { ...many(ids.slice(0, 1)), exceededTransferLimit: true }
          : many([...ids, 999]);
      }
      return path === `${layer}/5/attachments` ? { attachmentInfos: [info(5), info(55)] } : undefined;
    });
    const found = await portalAt(served.url).portal.attachments(
      `${served.url}${SERVICE}`,
      0,
      [1, 2, 3, 4, 5],
    );
    expect(valueOf(found).map(({ objectId, id }) => [objectId, id])).toEqual([
      [1, 1],
      [2, 2],
      [3, 3],
      [4, 4],
      [5, 5],
      [5, 55],
    ]);
  });

  test("a layer without the question is asked row by row, and not for it again", async () => {
    const { portal, served, at } = await portalWith(() => ({
      [`${layer}/queryAttachments`]: NOT_SUPPORTED,
      ...Object.fromEntries(
        Array.from({ length: 300 }, (_, n) => [
          `${layer}/${n}/attachments`,
          { attachmentInfos: n === 7 ? [{ id: 1 }] : [] },
        ]),
      ),
    }));
    const found = await portal.attachments(
      at(SERVICE),
      0,
      Array.from({ length: 300 }, (_, n) => n),
    );
    expect(valueOf(found)).toEqual([{ objectId: 7, id: 1, name: "", contentType: "", size: -1 }]);
    expect(served.to("/queryAttachments")).toHaveLength(1);
  });

  test.each([
    [{ attachmentGroups: [{ attachmentInfos: [] }] }],
    [{ attachmentGroups: [{ parentObjectId: 1, attachmentInfos: [{ name: "no id" }] }] }],
    [{ attachmentGroups: [7] }],
  ])("%j fails instead of losing attachments", async (answer) => {
    const { portal, at } = await portalWith(() => ({ [`${layer}/queryAttachments`]: answer }));
    expect(failureOf(await portal.attachments(at(SERVICE), 0, [1])).reason).toBe("portal-error");
  });

  test("bytes that are an error of the service are no attachment", async () => {
    const { portal, at } = await portalWith(() => ({
      [`${layer}/1/attachments/2`]: { error: { code: 400, message: "Unable to read blob", details: [] } },
      [`${layer}/1/attachments/3`]: (r: ServerResponse) => r.end("jpg"),
    }));
    expect(failureOf(await portal.attachment(at(SERVICE), 0, 1, 2)).reason).toBe("portal-error");
    expect(valueOf(await portal.attachment(at(SERVICE), 0, 1, 3)).length).toBe(3);
  });
});
