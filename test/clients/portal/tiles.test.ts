// Tile packages and their switches against scripted answers.
import type { ServerResponse } from "node:http";
import { describe, expect, test } from "vitest";
import { serverRoot } from "../../../src/clients/portal/server-root.ts";
import { bytesOf, SELF, servePortal } from "./server.ts";
import { failureOf, portalWith, SERVICE, TILES, valueOf } from "./service-answers.ts";

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
