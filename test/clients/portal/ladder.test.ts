// The client against the sample portal's hosted layers and tiles: each way to the data, where it works and where not.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Download, ExportFormat, Portal } from "../../../src/clients/portal/portal.ts";
import { ok, type Result } from "../../../src/core/result.ts";
import { readGdbZip } from "../../portal/fgdb/read.ts";
import { startPortal, USERNAME, type SamplePortal } from "../../portal/portal.ts";
import { itemId } from "../../portal/seed/build.ts";
import { ladderSeed } from "../../portal/seed/ladder.ts";
import { tileServices } from "../../portal/seed/tiles.ts";
import { entryNames, readShapefiles } from "../../portal/service-files.ts";
import { bytesOf, portalAt } from "./server.ts";

const MINUTE = 60_000;

function valueOf<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.failure.reason}: ${result.failure.text}`);
  return result.value;
}

const reasonOf = (result: Result<unknown>): string => (result.ok ? "ok" : result.failure.reason);
const bytes = async (download: Result<Download>): Promise<Buffer> => bytesOf(valueOf(download).body);

describe.each(["online", "enterprise"] as const)("the ways to the data of a service (%s)", (kind) => {
  let sample: SamplePortal;
  let portal: Portal;
  let now = Date.UTC(2026, 0, 5);
  beforeAll(async () => {
    const seed: typeof ladderSeed = (ground) => {
      ladderSeed(ground);
      tileServices(ground);
    };
    sample = await startPortal({ kind, seed, clock: () => now });
    const auth = { kind: "password", username: USERNAME, password: async () => ok(sample.password) } as const;
    portal = portalAt(sample.url, { auth, now: () => now }).portal;
  });
  afterAll(() => sample.stop());

  const urlOf = (title: string): string => sample.state.items.get(itemId(title))?.fields.url ?? "";
  let exports = 0;

  /** The export's bytes, or the status that is not completed. */
  const exported = async (
    title: string,
    format: ExportFormat,
    layers?: readonly number[],
  ): Promise<Buffer | string> => {
    exports += 1;
    const start = { user: USERNAME, itemId: itemId(title), title: `T${exports}`, tag: "ours", format };
    const job = await portal.startExport({ ...start, ...(layers === undefined ? {} : { layers }) });
    if (!job.ok) return job.failure.reason;
    now += 2 * MINUTE;
    const { status } = valueOf(await portal.exportStatus(USERNAME, job.value));
    return status === "completed" ? bytes(await portal.data(job.value.exportItemId, "file")) : status;
  };

  const extracted = async (title: string, attachments: boolean): Promise<Buffer | string> => {
    const start = { name: "x", layers: [0, 1, 2], attachments, format: "filegdb" } as const;
    const job = await portal.startReplica(urlOf(title), start);
    if (!job.ok) return job.failure.reason;
    expect(valueOf(await portal.replicaStatus(job.value.statusUrl ?? "")).state).toBe("working");
    now += 2 * MINUTE;
    const done = valueOf(await portal.replicaStatus(job.value.statusUrl ?? ""));
    if (done.resultUrl === undefined) return done.state;
    expect(sample.state.requests.at(-1)).toMatchObject({ token: "header" });
    return bytes(await portal.serviceFile(done.resultUrl));
  };

  const queried = async (title: string, layer = 0): Promise<number[] | string> => {
    const { field, ids } = valueOf(await portal.objectIds(urlOf(title), layer));
    const window = { field, from: ids[0] ?? 0, to: ids.at(-1) ?? 0 };
    const rows = await portal.rows(urlOf(title), layer, window);
    return rows.ok ? [ids.length, rows.value.features] : rows.failure.reason;
  };

  it.each([
    ["Only whole", "whole"],
    ["Only layer by layer", "per-layer"],
    ["Only by an extract", "replica, replica-without-attachments"],
    ["Only by an extract without attachments", "replica-without-attachments"],
    ["Only by queries", "query"],
    ["Only as shapefile", "shapefile"],
    ["Only as CSV", "csv"],
    ["No way at all", ""],
    ["Tracks of the crews", "shapefile, csv"],
    ["Buildings in 3D", "query, shapefile, csv"],
    ["Rows that cannot be read", ""],
    ["Photos that cannot be read", "replica-without-attachments, query, shapefile, csv"],
  ])("%s: %s", async (title, works) => {
    const tried = {
      whole: await exported(title, "File Geodatabase"),
      "per-layer": await exported(title, "File Geodatabase", [0]),
      replica: await extracted(title, true),
      "replica-without-attachments": await extracted(title, false),
      query: await queried(title),
      shapefile: await exported(title, "Shapefile"),
      csv: await exported(title, "CSV", [0]),
    };
    const succeeded = Object.entries(tried).filter(([, found]) => typeof found !== "string");
    expect(succeeded.map(([rung]) => rung).join(", ")).toBe(works);
  });

  it("whole exports hold everything, others what their kind can", async () => {
    const names = (file: Buffer | string): string[] =>
      readGdbZip(file as Buffer).map(({ table, rows }) => `${table} ${rows}`);
    const all = ["Points 12", "Points__ATTACH 4", "Lines 7", "Lines__ATTACH 2", "Visits 5"];
    expect(names(await exported("Only whole", "File Geodatabase"))).toEqual(all);
    expect(names(await exported("Only layer by layer", "File Geodatabase", [1]))).toEqual(all.slice(2, 4));
    expect(names(await extracted("Only by an extract", true))).toEqual(all);
    const without = await extracted("Only by an extract without attachments", false);
    expect(names(without)).toEqual(["Points 12", "Lines 7", "Visits 5"]);
    expect(names(await exported("Table that nobody knows", "File Geodatabase"))).toEqual(all.slice(0, 4));
    expect(names(await exported("Table that nobody knows", "File Geodatabase", [2]))).toEqual(["Visits 5"]);
    expect(readShapefiles((await exported("Only as shapefile", "Shapefile")) as Buffer)).toEqual([
      { name: "Points", rows: 12 },
      { name: "Lines", rows: 7 },
      { name: "Visits", rows: 5 },
    ]);
    const csv = ((await exported("Only as CSV", "CSV", [0])) as Buffer).toString("utf8");
    expect(csv.split("\r\n")[0]).toBe("\ufeffOBJECTID,GlobalID,Name,Stück,Area_m2,Seen,x,y");
    expect(csv.trimEnd().split("\r\n")).toHaveLength(13);
    expect(entryNames((await exported("Only as CSV", "CSV")) as Buffer)).toEqual([
      "Points.csv",
      "Lines.csv",
      "Visits.csv",
    ]);
  });

  it("rows are read around those that cannot be, attachments listed and read one by one", async () => {
    const url = urlOf("Rows that cannot be read");
    const window = (from: number, to: number): Promise<Result<{ features: number }>> =>
      portal.rows(url, 0, { field: "OBJECTID", from, to });
    expect(reasonOf(await window(3, 3))).toBe("portal-error");
    expect(valueOf(await window(4, 7)).features).toBe(3);
    const photos = urlOf("Photos that cannot be read");
    const { ids } = valueOf(await portal.objectIds(photos, 0));
    const found = valueOf(await portal.attachments(photos, 0, ids));
    expect(found).toHaveLength(4);
    const read = await Promise.all(
      found.map(({ objectId, id }) => portal.attachment(photos, 0, objectId, id)),
    );
    expect(read.filter(({ ok: fine }) => !fine)).toHaveLength(1);
    for (const [index, one] of read.entries()) {
      if (one.ok) expect((await bytesOf(one.value.body)).length).toBe(found[index]?.size);
    }
    const service = [...sample.state.services.values()].find(({ itemId: id }) => id === itemId("Only whole"));
    if (service?.layers[0] !== undefined) service.layers[0].supportsQueryAttachments = false;
    expect(valueOf(await portal.attachments(urlOf("Only whole"), 0, ids))).toHaveLength(4);
  });

  it("an extract's file is for those who may see the service, and gone after a while", async () => {
    const start = { name: "x", layers: [0], attachments: true, format: "filegdb" } as const;
    sample.faults.add({
      match: { path: "/createReplica$", itemTitle: "Only by an extract" },
      export: { withErrors: true },
    });
    const { statusUrl } = valueOf(await portal.startReplica(urlOf("Only by an extract"), start));
    now += 2 * MINUTE;
    const done = valueOf(await portal.replicaStatus(statusUrl ?? ""));
    expect(done.state).toBe("failed");
    const plain = await fetch(done.resultUrl ?? "");
    expect(await plain.text()).toContain("499");
    expect(readGdbZip(await bytes(await portal.serviceFile(done.resultUrl ?? "")))).toHaveLength(2);
    now += 11 * MINUTE;
    expect(reasonOf(await portal.serviceFile(done.resultUrl ?? ""))).toBe("not-found");
  });

  const tiled = async (
    title: string,
    levels: string,
    format: "tpkx" | "vtpk" = "tpkx",
  ): Promise<string[] | string> => {
    const job = await portal.startTiles(urlOf(title), { levels, format });
    if (!job.ok) return `${job.failure.reason}: ${job.failure.text}`;
    expect(valueOf(await portal.tileJob(urlOf(title), job.value.jobId)).state).toBe("working");
    now += 2 * MINUTE;
    const done = valueOf(await portal.tileJob(urlOf(title), job.value.jobId));
    const [file] = done.files;
    if (file === undefined) return `${done.state}: ${done.message}`;
    expect(file.name).toMatch(new RegExp(`\\.${format}$`));
    return entryNames(await bytes(await portal.serviceFile(file.url)));
  };

  it("tiles are exported as their kind's packages, in both forms of the answer", async () => {
    expect(await tiled("Base map", "0-7")).toEqual(
      expect.arrayContaining(["root.json", "tile/L07/R0000C0000.bundle"]),
    );
    expect(await tiled("Orthophotos", "0,1")).toContain("tile/L01/R0000C0000.bundle");
    expect(await tiled("Contours (vector), by exportTiles only", "0-3", "vtpk")).toContain("p12/root.json");
    expect(await tiled("Base map with too many tiles", "0-9")).toContain(
      "ERROR 001564: Requested tile count(244)",
    );
    expect(await tiled("Base map with too many tiles", "0-8")).toContain("root.json");
    expect(await tiled("Base map", "0-20")).toContain("export-failed");
    expect(await tiled("Buildings (scene)", "0-3")).toContain("not-supported");
    expect(entryNames((await exported("Buildings (scene)", "Scene Package")) as Buffer)).toContain(
      "3dSceneLayer.json.gz",
    );
    expect(await exported("Point cloud (scene)", "Scene Package")).toBe("not-supported");
    expect(entryNames((await exported("Streets (vector)", "Vector Tile Package")) as Buffer)).toContain(
      "esriinfo/item.pkinfo",
    );
    expect(await exported("Contours (vector), by exportTiles only", "Vector Tile Package")).toBe(
      "not-supported",
    );
  });

  it("the export of tiles is switched on and back", async () => {
    for (const [title, format, most] of [
      ["Base map, export switched off", "tpkx", 5000],
      ["Parcels (vector), export switched off", "vtpk", 100_000],
    ] as const) {
      const told = async (): Promise<unknown[]> => {
        const { value } = valueOf(await portal.service(urlOf(title), ""));
        return [value["exportTilesAllowed"], value["maxExportTilesCount"]];
      };
      expect(await tiled(title, "0-3", format)).toContain("not-supported");
      expect(await told()).toEqual([false, most]);
      valueOf(
        await portal.editTileExport(urlOf(title), { exportTilesAllowed: true, maxExportTilesCount: 9000 }),
      );
      expect(await told()).toEqual([true, 9000]);
      const state = (await (await fetch(new URL("/__sample/state", sample.url))).json()) as {
        tileServices: object[];
      };
      expect(state.tileServices).toContainEqual(
        expect.objectContaining({
          itemId: itemId(title),
          exportTilesAllowed: true,
          maxExportTilesCount: 9000,
        }),
      );
      expect(await tiled(title, "0-3", format)).toBeInstanceOf(Array);
      valueOf(
        await portal.editTileExport(urlOf(title), { exportTilesAllowed: false, maxExportTilesCount: most }),
      );
      expect(await told()).toEqual([false, most]);
    }
  });
});
