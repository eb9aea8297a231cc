// Tile packages and their switches against scripted answers.
import type { ServerResponse } from "node:http";
import { describe, expect, test } from "vitest";
import { serverRoot } from "../../../src/clients/portal/server-root.ts";
import { bytesOf, SELF, servePortal, type Reaction } from "./server.ts";
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

describe("tileJob() on Enterprise, where the result is a folder", () => {
  const RESULT = `${TILES}/jobs/j/results/out_service_url`;
  const folder = "/server/rest/directories/arcgisjobs/j";
  const job = { jobStatus: "esriJobSucceeded", results: { out_service_url: { paramUrl: "r" } } };
  const read = async (value: (url: string) => unknown, listing?: Reaction) => {
    const { portal, at } = await portalWith((url) => ({
      [`${TILES}/jobs/j`]: job,
      [RESULT]: { value: value(url) },
      [folder]: listing,
    }));
    return { result: await portal.tileJob(at(TILES), "j"), at };
  };

  test("a folder that is told within an object; names keep no folders, entries without a name or an address are left out", async () => {
    const listing = { files: [{ name: "in/a.tpkx" }, { size: 3 }, null, { url: "b%20c.tpkx" }] };
    const { result, at } = await read((url) => ({ url: `${url}${folder}` }), listing);
    expect(valueOf(result).files).toEqual([
      { name: "a.tpkx", url: at(`${folder}/in%2Fa.tpkx`) },
      { name: "b c.tpkx", url: at(`${folder}/b%20c.tpkx`) },
    ]);
  });

  test("an address that is a package itself is not listed", async () => {
    const { result, at } = await read((url) => `${url}/made/p.vtpk`);
    expect(valueOf(result).files).toEqual([{ name: "p.vtpk", url: at("/made/p.vtpk") }]);
  });

  test("files of other names are taken where none looks like a package", async () => {
    const { result } = await read((url) => `${url}${folder}`, { files: [{ name: "odd.bin" }] });
    expect(valueOf(result).files.map(({ name }) => name)).toEqual(["odd.bin"]);
  });

  test.each([
    ["no file", { files: [] }],
    ["no list", {}],
  ])("a folder with %s is a job that made nothing", async (_, listing) => {
    const { result } = await read((url) => `${url}${folder}`, listing);
    expect(valueOf(result)).toEqual({
      state: "failed",
      message: "the job succeeded and made no file",
      files: [],
    });
  });

  test.each([
    ["nothing", () => undefined, undefined, "portal-error", "no address that can be asked"],
    ["a number", () => 7, undefined, "portal-error", "no address that can be asked"],
    ["an object without one", () => ({}), undefined, "portal-error", "no address that can be asked"],
    ["a file of the machine", () => "file:///etc/passwd", undefined, "portal-error", "no address"],
    ["a password", () => "https://u:pw@a.example/x", undefined, "portal-error", "no address"],
    ["a folder that is gone", (url: string) => `${url}${folder}`, undefined, "not-found", "404"],
  ])("an address that is %s fails", async (_, value, listing, reason, words) => {
    const failure = failureOf((await read(value, listing)).result);
    expect(failure).toMatchObject({ reason });
    expect(failure.text).toContain(words);
    expect(failure.text).not.toContain("pw");
  });

  test("a file whose address cannot be asked fails the job, and a result that is gone too", async () => {
    const { result } = await read((url) => `${url}${folder}`, { files: [{ name: "a", url: "ftp://x/a" }] });
    expect(failureOf(result).text).toContain("no address that can be asked");
    const { portal, at } = await portalWith(() => ({ [`${TILES}/jobs/j`]: job }));
    expect((await portal.tileJob(at(TILES), "j")).ok).toBe(false);
  });

  test("what is no address of a service is asked nowhere", async () => {
    const { portal, served } = await portalWith(() => ({}));
    expect(failureOf(await portal.tileJob("nowhere", "j")).text).toContain('"nowhere"');
    const start = { levels: "0", format: "tpkx" } as const;
    expect(failureOf(await portal.startTiles("nowhere", start)).text).toContain('"nowhere"');
    const values = { exportTilesAllowed: true, maxExportTilesCount: 1 };
    expect(failureOf(await portal.editTileExport("nowhere", values)).text).toContain('"nowhere"');
    expect(served.to("/exportTiles")).toEqual([]);
  });

  test("an answer to a start that names no job fails; one that names an item too is told whole", async () => {
    let answer: object = {};
    const { portal, at } = await portalWith(() => ({ [`${TILES}/exportTiles`]: answer }));
    const start = { levels: "0", format: "tpkx" } as const;
    const failure = failureOf(await portal.startTiles(at(TILES), start));
    expect(failure).toMatchObject({ reason: "export-failed" });
    expect(failure.text).toContain("names no job");
    answer = { jobId: "j", itemId: "i" };
    expect(valueOf(await portal.startTiles(at(TILES), start))).toEqual({ jobId: "j", itemId: "i" });
  });

  test("one address told as text, and one that cannot be asked", async () => {
    let outputUrl = "";
    const { portal, at } = await portalWith(() => ({
      [`${TILES}/jobs/j`]: { status: "esriJobSucceeded", message: "made", output: { outputUrl } },
    }));
    outputUrl = at("/made/t.tpkx");
    expect(valueOf(await portal.tileJob(at(TILES), "j"))).toMatchObject({
      message: "made",
      files: [{ name: "t.tpkx" }],
    });
    outputUrl = "ftp://x";
    expect(failureOf(await portal.tileJob(at(TILES), "j")).reason).toBe("portal-error");
    outputUrl = "";
    expect(valueOf(await portal.tileJob(at(TILES), "j")).message).toBe(
      "the job succeeded and made no file: made",
    );
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

  test("Enterprise: vector tiles are edited as services, at once; a definition that cannot be read changes nothing", async () => {
    const admin = "/server/admin/services/Hosted/Map.VectorTileServer";
    const routes: Record<string, object> = {
      "/sharing/rest/portals/self": { ...SELF, isPortal: true },
      [admin]: { properties: { exportTilesAllowed: false, maxExportTilesCount: 5 } },
      [`${admin}/edit`]: { status: "success" },
    };
    const { portal, served, at } = await portalWith(() => routes);
    const url = at("/server/rest/services/Hosted/Map/VectorTileServer");
    expect((await portal.editTileExport(url, values)).ok).toBe(true);
    expect(JSON.parse(served.to("/edit")[0]?.form.get("services") ?? "")).toEqual({ properties: values });
    delete routes[admin];
    expect((await portal.editTileExport(url, values)).ok).toBe(false);
    expect(served.to("/edit")).toHaveLength(1);
  });

  test("a switch that the portal refuses is told, and one whose portal is not known is not set", async () => {
    const { portal, at } = await portalWith(() => ({}));
    expect((await portal.editTileExport(at(TILES), values)).ok).toBe(false);
    const unknown = await portalWith(() => ({ "/sharing/rest/portals/self": { isPortal: true } }));
    expect(failureOf(await unknown.portal.editTileExport(unknown.at(TILES), values)).text).toContain(
      "names no user",
    );
    expect(unknown.served.to("/edit")).toEqual([]);
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
