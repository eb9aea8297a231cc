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

  const FOLDER = "/server/rest/directories/arcgisjobs/j";
  const denied = { error: { code: 403, message: "no" } };

  /** The job of an Enterprise: what its result holds, and what the folder lists. */
  async function jobWith(value: (url: string) => unknown, listing: object): Promise<unknown> {
    const { portal, at } = await portalWith((url) => {
      const written = value(url);
      return {
        [`${TILES}/jobs/j`]: job("esriJobSucceeded", {
          message: "Done",
          results: { out_service_url: { paramUrl: "results/out_service_url" } },
        }),
        [`${TILES}/jobs/j/results/out_service_url`]: written === undefined ? denied : { value: written },
        [FOLDER]: listing,
      };
    });
    const done = await portal.tileJob(at(TILES), "j");
    if (!done.ok) return done.failure.reason;
    return [done.value.state, done.value.message, ...done.value.files.map(({ name }) => name)].join(", ");
  }

  test.each<[string, (url: string) => unknown, object, string]>([
    ["its address in an object", (url) => ({ url: url + FOLDER }), { files: [{ name: "a.tpkx" }] }, "a.tpkx"],
    ["the package itself", (url) => `${url}${FOLDER}/b.tpkx`, denied, "b.tpkx"],
    ["no package but files", (url) => url + FOLDER, { files: [{ name: "c.dat" }] }, "c.dat"],
    ["addresses alone", (url) => url + FOLDER, { files: [{}, 7, { url: "https://h/p/d.tpkx" }] }, "d.tpkx"],
    ["a name that is not encoded well", (url) => `${url}${FOLDER}/e%zz.tpkx`, denied, "e%zz.tpkx"],
    ["a name with folders", (url) => url + FOLDER, { files: [{ name: "..\\..\\f.tpkx" }] }, "f.tpkx"],
  ])("Enterprise: a result with %s", async (_, value, listing, name) => {
    expect(await jobWith(value, listing)).toBe(`succeeded, Done, ${name}`);
  });

  test.each<[string, (url: string) => unknown, object, string]>([
    ["that may not be read", () => undefined, {}, "no-access"],
    ["that is no address", () => 7, {}, "portal-error"],
    ["whose folder may not be read", (url) => url + FOLDER, denied, "no-access"],
    [
      "that leads elsewhere",
      (url) => url + FOLDER,
      { files: [{ url: "javascript:alert(1)" }] },
      "portal-error",
    ],
    ["without files", (url) => url + FOLDER, {}, "failed, the job succeeded and made no file: Done"],
  ])("Enterprise: a result %s is no package", async (_, value, listing, told) => {
    expect(await jobWith(value, listing)).toBe(told);
  });

  test("an address of a file that cannot be asked is a failure of the portal, not followed", async () => {
    const { portal, at } = await portalWith(() => ({
      [`${TILES}/jobs/j`]: job("esriJobSucceeded", { output: { outputUrl: ["ftp://x/a.tpkx"] } }),
    }));
    expect(failureOf(await portal.tileJob(at(TILES), "j")).reason).toBe("portal-error");
    expect(failureOf(await portal.serviceFile("javascript:alert(1)")).reason).toBe("portal-error");
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

  test("Enterprise: what the service keeps as numbers stays so", async () => {
    const admin = "/server/admin/services/Map.MapServer";
    const { portal, served, at } = await portalWith(() => ({
      "/sharing/rest/portals/self": { ...SELF, isPortal: true },
      [admin]: { properties: { exportTilesAllowed: false, maxExportTilesCount: 5 } },
      [`${admin}/edit`]: { status: "success" },
    }));
    expect((await portal.editTileExport(at("/server/rest/services/Map/MapServer"), values)).ok).toBe(true);
    expect(JSON.parse(served.to("/edit")[0]?.form.get("service") ?? "")).toEqual({ properties: values });
  });

  test.each([
    [
      "whose definition may not be read",
      { ...SELF, isPortal: true },
      { error: { code: 403, message: "no" } },
      "no-access",
    ],
    ["of a portal that does not tell what it is", { ...SELF, user: undefined }, {}, "portal-error"],
  ])("a service %s is left as it is", async (_, self, definition, reason) => {
    const { portal, served, at } = await portalWith(() => ({
      "/sharing/rest/portals/self": self,
      "/server/admin/services/Map.MapServer": definition,
    }));
    const edited = await portal.editTileExport(at("/server/rest/services/Map/MapServer"), values);
    expect(failureOf(edited).reason).toBe(reason);
    expect(served.to("/edit")).toHaveLength(0);
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
