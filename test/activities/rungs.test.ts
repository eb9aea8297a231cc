// The rungs that make a file, at portals and services that answer oddly: how each begins, what it keeps, and how it fails.
import { describe, expect, test } from "vitest";
import {
  type ExportRecord,
  markParked,
  readExport,
  writeExport,
} from "../../src/activities/export/export-record.ts";
import { itemExport } from "../../src/activities/export/item-export.ts";
import { keepFile } from "../../src/activities/export/keep-file.ts";
import { countLayers } from "../../src/activities/export/layer-counts.ts";
import type { AtRung } from "../../src/activities/export/means.ts";
import { replica } from "../../src/activities/export/replica.ts";
import { tiles } from "../../src/activities/export/tiles.ts";
import { writeRecord } from "../../src/activities/run/records.ts";
import type { ExportStart, Portal } from "../../src/clients/portal/portal.ts";
import type { TileJob } from "../../src/clients/portal/service-calls.ts";
import type { Rung } from "../../src/core/ladder.ts";
import { ok, type Result } from "../../src/core/result.ts";
import { zipOf } from "../core/zip-bytes.ts";
import {
  download,
  fault,
  goingOn,
  type OnRung,
  onRung,
  pathsIn,
  plannedItem,
  reply,
} from "./scripted-run.ts";
import { type Script, SERVICE, scriptedRun } from "./scripted-run.ts";

const ZIP = zipOf([{ name: "root.json", bytes: Buffer.from("{}") }]);
const file = async () => ok(download(ZIP));

/** Two zips whose ends are whole: no judge of a passing file can tell that the directory in front of the end is none. */
function brokenInside(): Uint8Array {
  const bytes = Buffer.from(ZIP);
  bytes.writeUInt32LE(0, bytes.length - 22 - 46 - "root.json".length);
  return bytes;
}

function valueOf<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.failure.text);
  return result.value;
}

describe("what every way has in common", () => {
  test.each([
    ["an extract", replica, "replica"],
    ["an export of tiles", tiles, "tpkx"],
  ] as const)(
    "%s of a layer without an address is told, and nothing is asked",
    async (_what, means, rung) => {
      const { run, asked } = scriptedRun();
      expect(await means.begin(onRung(run, rung, { item: { url: null } }))).toMatchObject({
        failure: {
          ...{ reason: "export-failed", text: '"Wells" has no service address' },
          next: expect.stringContaining("Look at the item's page") as unknown,
        },
      });
      expect(asked).toEqual([]);
    },
  );

  test.each([
    ["an export", itemExport, "fgdb"],
    ["an extract", replica, "replica"],
    ["an export of tiles", tiles, "vtpk"],
  ] as const)("%s that was never begun is neither looked at nor kept", async (_what, means, rung) => {
    const at = onRung(scriptedRun().run, rung);
    await expect(means.look(at)).rejects.toThrow(`The rung ${rung} was never started`);
    await expect(means.keep(at)).rejects.toThrow(`The rung ${rung} was never started`);
  });
});

describe("an export of tiles", () => {
  const DESCRIBED = reply({
    ...{ exportTilesAllowed: true, fullExtent: { xmin: 0, xmax: 256, ymin: 0, ymax: 256 } },
    tileInfo: { rows: 256, cols: 256, lods: [{ level: 3, resolution: 1 }] },
  });
  const ITEM_ID = "f".repeat(32);

  /** A job of the service that is as told. */
  function withJob(job: Partial<TileJob> | Result<TileJob>, portal: Partial<Portal> = {}, on: OnRung = {}) {
    const done: TileJob = { state: "succeeded", message: "", files: [] };
    const answer: Result<TileJob> = "ok" in job ? job : ok({ ...done, ...job });
    const scripted = scriptedRun({ portal: { tileJob: async () => answer, serviceFile: file, ...portal } });
    const attempt = { job: { kind: "tiles", jobId: "j1" } } as const;
    return { ...scripted, at: onRung(scripted.run, "tpkx", { ...on, attempt }) };
  }

  test("begins without touching the switch of a layer that allows it", async () => {
    const startTiles = async () => ok({ jobId: "j1" });
    const { run, asked } = scriptedRun({ portal: { service: async () => ok(DESCRIBED), startTiles } });
    const begun = valueOf(await tiles.begin(onRung(run, "tpkx")));
    expect(begun.now?.job).toEqual({ kind: "tiles", jobId: "j1" });
    expect(begun.switched).toBeUndefined();
    expect(asked).toEqual(["service", "startTiles"]);
  });

  test("of a service that cannot be described fails with what it says", async () => {
    const { run } = scriptedRun({ portal: { service: async () => fault("no-access", "Stopped") } });
    expect(await tiles.begin(onRung(run, "tpkx"))).toMatchObject({ failure: { text: "Stopped" } });
  });

  const MADE = {
    title: "Wells_tiles",
    users: ["asmith"],
    item: { id: ITEM_ID, owner: "asmith" },
    deleted: false,
  };
  test.each([
    ["as its item tells", ok(reply({ title: "Wells_tiles", owner: "asmith" })), MADE],
    ["as the account's own, where its item tells neither", ok(reply({ title: 7, owner: null })), undefined],
    ["as the account's own, where its item cannot be read", fault("transient"), undefined],
  ])("whose job makes an item notes it to be deleted, %s", async (_how, item, made) => {
    const { at } = withJob({ itemId: ITEM_ID }, { item: async () => item });
    const look = await tiles.look(at);
    const own = {
      title: "",
      users: ["backup_admin"],
      item: { id: ITEM_ID, owner: "backup_admin" },
      deleted: false,
    };
    expect(look).toMatchObject({ do: "save", isSure: true, record: { temporary: [made ?? own] } });
    // The next look finds it noted, and asks for it no more.
    const again = await tiles.look(goingOn(at, look.record));
    expect(again.record.temporary).toHaveLength(1);
  });

  test("whose job makes files alone notes no item", async () => {
    const { at, asked } = withJob({ files: [{ name: "a.tpkx", url: SERVICE }] });
    expect((await tiles.look(at)).record.temporary).toEqual([]);
    expect(asked).toEqual(["tileJob"]);
  });

  test("of several files keeps each", async () => {
    const files = ["a.tpkx", "b.tpkx"].map((name) => ({ name, url: `${SERVICE}/${name}` }));
    const { at, backups } = withJob({ files });
    const kept = await tiles.keep(at);
    const paths = ["items/Wells_export.tpkx", "items/Wells_export_F2.tpkx"];
    expect(kept).toMatchObject({ do: "kept", artifacts: paths.map((path) => ({ path, proof: "stored" })) });
    expect(await pathsIn(backups)).toEqual(paths);
  });

  test("without files keeps the file of the item that it made", async () => {
    const { at, asked } = withJob({ itemId: ITEM_ID }, { data: file });
    expect(await tiles.keep(at)).toMatchObject({ do: "kept", artifacts: [{ sizeBytes: ZIP.length }] });
    expect(asked).toEqual(["tileJob", "data"]);
  });

  test.each([
    ["names neither file nor item", {}, "export-failed", 'The export of "Wells" names no file'],
    ["cannot be read", fault("sign-in-refused", "Locked"), "sign-in-refused", "Locked"],
    ["is forgotten", fault("not-found"), "transient", "the service does not know its job any more"],
    ["gives a page", { files: [{ name: "a.tpkx", url: SERVICE }] }, "wrong-content", "sent a web page"],
  ] as const)("fails when its job %s", async (_how, job, reason, text) => {
    const serviceFile = async () => ok(download("<!doctype html><html>Sign in</html>"));
    const { at, backups } = withJob(job, { serviceFile });
    const kept = await tiles.keep(at);
    expect(kept).toMatchObject({ do: "failed", failure: { reason } });
    expect(kept.do === "failed" && kept.failure.text).toContain(text);
    expect(await pathsIn(backups)).toEqual([]);
  });
});

describe("an extract", () => {
  const COUNTED: Partial<Portal> = { service: async () => ok(reply({})), serviceFile: file };
  const inspectGdb = async () => ok([{ name: "Layer_0", rows: 3 }]);

  function withJob(
    job: { readonly statusUrl?: string; readonly resultUrl?: string },
    portal: Partial<Portal>,
  ) {
    const scripted = scriptedRun({ portal: { ...COUNTED, ...portal }, deps: { inspectGdb } });
    const attempt = { job: { kind: "replica", ...job } } as const;
    return { ...scripted, at: onRung(scripted.run, "replica", { attempt, layers: [{ id: 0 }] }) };
  }

  test("that the service made at once is kept without asking for its status", async () => {
    const { at, asked } = withJob({ resultUrl: SERVICE }, {});
    expect(await replica.look(at)).toMatchObject({ do: "save", isSure: true });
    expect(asked).toEqual([]);
    expect(await replica.keep(at)).toMatchObject({
      do: "kept",
      artifacts: [{ path: "items/Wells_replica.gdb.zip" }],
    });
  });

  test("is fetched where its last status says, else where its start said", async () => {
    const fetched: string[] = [];
    for (const resultUrl of ["new", undefined]) {
      const state = {
        state: "completed",
        message: "",
        ...(resultUrl !== undefined && { resultUrl }),
      } as const;
      const serviceFile: Portal["serviceFile"] = async (url) => {
        fetched.push(url);
        return file();
      };
      const { at } = withJob(
        { statusUrl: "s", resultUrl: "old" },
        { serviceFile, replicaStatus: async () => ok(state) },
      );
      expect(await replica.keep(at)).toMatchObject({ do: "kept" });
    }
    expect(fetched).toEqual(["new", "old"]);
  });

  const COMPLETED = ok({ state: "completed", message: "" } as const);
  test.each([
    ["whose status cannot be read", fault("transient", "Busy"), file, "transient", "Busy"],
    ["that names no file", COMPLETED, file, "export-failed", 'The extract of "Wells" names no file'],
  ] as const)("%s fails", async (_how, status, serviceFile, reason, text) => {
    const { at } = withJob({ statusUrl: "s" }, { replicaStatus: async () => status, serviceFile });
    expect(await replica.keep(at)).toMatchObject({ do: "failed", failure: { reason, text } });
  });

  test("whose file is refused fails", async () => {
    const { at } = withJob(
      { resultUrl: SERVICE },
      { serviceFile: async () => fault("no-access", "Expired") },
    );
    expect(await replica.keep(at)).toMatchObject({ do: "failed", failure: { text: "Expired" } });
  });
});

describe("an export of the portal", () => {
  const EMPTY = ok({ total: 0, nextStart: -1, entries: [] });
  const EXPORT_ID = "e".repeat(32);

  function beginning(refusedUsers: readonly string[], script: Script = {}) {
    const starts: ExportStart[] = [];
    const portal: Partial<Portal> = {
      content: async () => EMPTY,
      startExport: async (start) => {
        starts.push(start);
        if (refusedUsers.includes(start.user)) return fault("no-access", `${start.user} may not`);
        return ok({ exportItemId: EXPORT_ID, jobId: "j1" });
      },
      item: async () => ok(reply({ owner: "jdoe", tags: "none" })),
      setTags: async () => ok(undefined),
    };
    return { ...scriptedRun({ portal, ...script }), starts };
  }

  test("that the account may not begin is begun as its owner, whose content gets it", async () => {
    const { run, starts, asked } = beginning(["backup_admin"]);
    const begun = valueOf(await itemExport.begin(onRung(run, "shapefile")));
    expect(starts.map(({ user, format }) => [user, format])).toEqual([
      ["backup_admin", "Shapefile"],
      ["jdoe", "Shapefile"],
    ]);
    expect(begun.now?.job).toMatchObject({ exportItemId: EXPORT_ID, owner: "jdoe" });
    expect(begun.temporary).toMatchObject([{ item: { id: EXPORT_ID, owner: "jdoe" }, deleted: false }]);
    // The portal dropped the tag by which a leftover is known.
    expect(asked).toContain("setTags");
  });

  test("that nobody may begin tells every refusal, and what to do", async () => {
    const { run } = beginning(["backup_admin", "jdoe"]);
    expect(await itemExport.begin(onRung(run, "fgdb"))).toMatchObject({
      failure: {
        ...{ reason: "no-access", text: 'Cannot export "Wells": backup_admin may not; jdoe may not' },
        next: expect.stringContaining("Give the account a role") as unknown,
      },
    });
  });

  test("that is begun anew after its intent was noted notes it no second time", async () => {
    const { run } = beginning(["backup_admin", "jdoe"]);
    const at = onRung(run, "fgdb");
    await itemExport.begin(at);
    const noted = await readExport(run.deps, at.key, at.planned.item.id);
    const again = beginning([], {});
    const begun = valueOf(
      await itemExport.begin(onRung(again.run, "fgdb", { ...(noted && { record: noted }) })),
    );
    expect(begun.temporary).toHaveLength(1);
    expect(begun.temporary).toMatchObject([{ title: noted?.temporary[0]?.title, item: { id: EXPORT_ID } }]);
  });

  const JOB = { kind: "item", exportItemId: EXPORT_ID, jobId: "j1", owner: "jdoe" } as const;

  test("whose item tells neither size nor name is looked at again", async () => {
    const portal: Partial<Portal> = {
      exportStatus: async () => ok({ status: "processing", message: "" }),
      item: async () => ok(reply({ size: "12", name: 5 })),
    };
    const look = await itemExport.look(
      onRung(scriptedRun({ portal }).run, "fgdb", { attempt: { job: JOB } }),
    );
    expect(look).toMatchObject({ do: "wait", record: { now: { previous: { sizeBytes: -1, name: null } } } });
  });

  test.each([
    [null, -1],
    [{ sizeBytes: 40, name: "a.zip" }, 40],
  ])("whose file is cut off is waited for, seen before as %o", async (previous, sizeBytes) => {
    const data = async () => ok(download(ZIP.subarray(0, 40)));
    const on = { attempt: { job: JOB, previous } };
    const kept = await itemExport.keep(onRung(scriptedRun({ portal: { data } }).run, "fgdb", on));
    expect(kept).toMatchObject({
      do: "wait",
      record: { now: { tries: 1, tried: { sizeBytes, looksAgo: 0 } } },
    });
  });

  test.each([
    ["shapefile", "wrong-content", "Cannot find a shapefile in the zip", ZIP],
    ["slpk", "wrong-content", "Cannot read the zip", brokenInside()],
    ["fgdb", "wrong-content", "Cannot find a file geodatabase in the zip", ZIP],
  ] as const)(
    "that is stored and no %s fails, as waiting makes it no better",
    async (rung, reason, text, bytes) => {
      const { run, backups } = scriptedRun({ portal: { data: async () => ok(download(bytes)) } });
      const kept = await itemExport.keep(onRung(run, rung, { attempt: { job: JOB } }));
      expect(kept).toMatchObject({ do: "failed", failure: { reason } });
      expect(kept.do === "failed" && kept.failure.text).toContain(text);
      expect(await pathsIn(backups)).toHaveLength(1);
    },
  );
});

describe("a kept geodatabase", () => {
  const LAYER = { id: 0, name: "Wells", rows: 3, attachments: null };
  const LAYERS = {
    layers: [{ id: 0, name: "Wells", hasAttachments: true }],
    tables: [{ id: 1, name: "Visits" }],
  };
  const COUNTS: Partial<Portal> = {
    service: async () => ok(reply(LAYERS)),
    count: async () => ok(3),
    attachmentCount: async () => ok(undefined),
  };

  function kept(rung: Rung, on: OnRung, portal: Partial<Portal> = COUNTS) {
    const inspectGdb = async () => ok([{ name: "Wells", rows: 3 }]);
    const { run, asked } = scriptedRun({ portal, deps: { inspectGdb } });
    const at: AtRung = onRung(run, rung, on);
    return { asked, kept: keepFile(at, (use) => use(download(ZIP))) };
  }

  test("of a layer without an address is held against the counts of before", async () => {
    const { kept: result, asked } = kept("fgdb", { item: { url: null }, record: { before: [LAYER] } });
    expect(valueOf(await result)).toMatchObject({
      artifacts: [{ tables: [{ name: "Wells", rows: 3, layerId: 0, rowsBefore: 3 }] }],
    });
    expect(asked).toEqual([]);
  });

  test("of layers that were not known is held against all that there are, with those that came meanwhile", async () => {
    const { kept: result } = kept("fgdb", { record: { before: [LAYER] } });
    const { artifacts, got } = valueOf(await result);
    expect(artifacts[0]?.tables).toEqual([
      { name: "Wells", rows: 3, layerId: 0, rowsBefore: 3, rowsAfter: 3 },
    ]);
    expect(got.map(({ id }) => id)).toEqual([0, 1]);
  });

  const WITH = [{ id: 0, hasAttachments: true }];
  test.each([
    [
      "one at least, where their number is not told",
      undefined,
      WITH,
      { state: "short", attachmentsLacking: 1 },
    ],
    ["all that the service counts", 7, WITH, { state: "short", attachmentsLacking: 7 }],
    ["none, where the layer has none", 7, [{ id: 0 }], { state: "whole", attachmentsLacking: 0 }],
  ])("that was made without attachments lacks %s", async (_what, count, layers, got) => {
    const portal = { ...COUNTS, attachmentCount: async () => ok(count) };
    const { kept: result } = kept("replica-bare", { layers, record: { before: [LAYER] } }, portal);
    expect(valueOf(await result).got).toEqual([{ id: 0, rowsLacking: 0, ...got }]);
  });
});

describe("the layers of a service", () => {
  test.each([
    ["lists that are none", { layers: "none", tables: null }, []],
    ["entries that are none", { layers: [null, 7, "Wells", { name: "No id" }], tables: [{ id: "1" }] }, []],
    [
      "a heading over others",
      {
        layers: [
          { id: 0, type: "Group Layer" },
          { id: 1, name: "Wells" },
        ],
      },
      ["1 Wells"],
    ],
    ["a layer without a name", { layers: [{ id: 2, name: null, relationships: {} }] }, ["2 "]],
  ])("are read of %s", async (_what, value, expected) => {
    const { run } = scriptedRun({
      portal: { service: async () => ok(reply(value)), count: async () => ok(1) },
    });
    const { layers, counts } = await countLayers(run, SERVICE);
    expect(layers.map(({ id, name }) => `${id} ${name}`)).toEqual(expected);
    expect(layers.every(({ hasAttachments, hasRelations }) => !hasAttachments && !hasRelations)).toBe(true);
    expect(counts.map(({ id, name }) => `${id} ${name}`)).toEqual(expected);
  });

  test("that cannot be counted are told as not known", async () => {
    const layers = [{ id: 0, name: "Wells", hasAttachments: true, relationships: [{}] }];
    const { run } = scriptedRun({
      portal: {
        ...{ service: async () => ok(reply({ layers })), count: async () => fault("transient") },
        attachmentCount: async () => fault("transient"),
      },
    });
    expect((await countLayers(run, SERVICE)).counts).toEqual([
      { id: 0, name: "Wells", rows: null, attachments: null },
    ]);
  });
});

describe("parking", () => {
  const planned = plannedItem();
  const at = onRung(scriptedRun().run, "fgdb");

  async function parked(record: ExportRecord | undefined): Promise<ExportRecord | undefined> {
    const { run } = scriptedRun();
    await writeRecord(run.work, run.paths.part(1, at.key.part), [planned]);
    if (record !== undefined) await writeExport(run, 1, record);
    await markParked(run.deps, at.key);
    return readExport(run.deps, at.key, planned.item.id);
  }

  test("is noted of an export that goes on, and of no other", async () => {
    expect(await parked(at.record)).toMatchObject({ parked: true });
    expect(await parked({ ...at.record, ended: true })).toMatchObject({ parked: false });
    expect(await parked(undefined)).toBeUndefined();
  });
});
