import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ask, codeOf, open, type Json, type Session } from "./ask.ts";
import { readGdbZip } from "./fgdb/read.ts";
import { itemId } from "./seed/build.ts";

const MINUTE = 60_000;
let session: Session;
beforeEach(async () => {
  session = await open();
});
afterEach(() => session.portal.stop());

const start = (key: string, title: string, user = "backup_admin"): Promise<Json> =>
  session.rest(`/content/users/${user}/export`, {
    itemId: itemId(key),
    title,
    exportFormat: "File Geodatabase",
    tags: "ours,temp",
  });
const status = async (job: Json, user = "backup_admin"): Promise<Json> =>
  session.rest(`/content/users/${user}/items/${String(job["exportItemId"])}/status`, {
    jobType: "export",
    jobId: String(job["jobId"]),
  });
const item = (job: Json): Promise<Json> => session.rest(`/content/items/${String(job["exportItemId"])}`);
const file = async (job: Json): Promise<Buffer> => {
  const hop = await session.raw(`/content/items/${String(job["exportItemId"])}/data`);
  return (await ask(String(hop.headers["location"]))).bytes;
};

describe("an export of the sample portal", () => {
  it("makes an item of the path's user, takes its time, and holds every row and attachment", async () => {
    const job = await start("Street Trees", "T1");
    expect(await item(job)).toMatchObject({
      owner: "backup_admin",
      type: "File Geodatabase",
      name: "T1.zip",
      tags: ["ours", "temp"],
    });
    expect((await session.raw(`/content/items/${String(job["exportItemId"])}/data`)).status).toBe(500);
    expect((await status(job))["status"]).toBe("partial");
    session.clock.ms += 4 * MINUTE;
    expect((await status(job))["status"]).toBe("completed");
    const tables = readGdbZip(await file(job));
    expect(tables).toEqual([
      { table: "Street_Trees", rows: 800 },
      { table: "Street_Trees__ATTACH", rows: 60 },
      { table: "Inspections", rows: 300 },
    ]);
  });

  it("goes to the owner's content by the owner's path, and its status answers under that path only", async () => {
    const job = await start("Parcels", "T2", "jdoe");
    expect(await item(job)).toMatchObject({ owner: "jdoe" });
    expect(codeOf(await status(job))).toBe(400);
    expect(await status(job, "jdoe")).toHaveProperty("status");
  });

  it("is refused for an equal title of the same owner, for references, and for what others own", async () => {
    await start("Parcels", "T3");
    expect(codeOf(await start("Parcels", "T3"))).toBe(409);
    expect((await start("County boundaries", "T4"))["error"]).toMatchObject({ code: 400 });
    const other = await open({}, "a_lopez-gis");
    const refused = await other.rest("/content/users/a_lopez-gis/export", {
      itemId: itemId("Street Trees"),
      title: "T5",
      exportFormat: "File Geodatabase",
    });
    expect(refused["error"]).toMatchObject({ code: 403, messageCode: "GWM_0003" });
    await other.portal.stop();
  });

  it("can fail, be told done before its file is whole, answer 400 while it goes on, and be forgotten", async () => {
    session.portal.faults.add(
      {
        match: { path: "/export$", itemTitle: "Parcels" },
        export: { fails: "Error exporting data to filegdb format" },
      },
      { match: { path: "/export$", itemTitle: "Park Benches" }, export: { minutes: 4, earlyMinutes: 2 } },
      {
        match: { path: "/export$", itemTitle: "Lookup tables" },
        export: { statusError: { code: 400, message: "Error updating file item" } },
      },
      { match: { path: "/export$", itemTitle: "Sensor Readings" }, export: { forgotten: true } },
    );
    const jobs = await Promise.all(
      ["Parcels", "Park Benches", "Lookup tables", "Sensor Readings"].map((key) => start(key, key)),
    );
    const [fails, early, silent, forgotten] = jobs as [Json, Json, Json, Json];
    session.clock.ms += 3 * MINUTE;
    expect((await status(early))["status"]).toBe("completed");
    expect(() => readGdbZip(new Uint8Array())).toThrow();
    const part = await file(early);
    expect(() => readGdbZip(part)).toThrow();
    session.clock.ms += 5 * MINUTE;
    expect(readGdbZip(await file(early))).toEqual([{ table: "Benches", rows: 77 }]);
    expect(await status(fails)).toMatchObject({
      status: "failed",
      statusMessage: "Error exporting data to filegdb format",
    });
    expect(codeOf(await status(silent))).toBe(400);
    expect(readGdbZip(await file(silent))).toHaveLength(2);
    expect(codeOf(await status(forgotten))).toBe(400);
    expect(readGdbZip(await file(forgotten))).toEqual([{ table: "Readings", rows: 1500 }]);
  });

  it("goes to the recycle bin unless it is deleted for good, and can be found there", async () => {
    const [kept, gone] = [await start("Parcels", "T6"), await start("Parcels", "T7")];
    const remove = (job: Json, form: Record<string, string>): Promise<Json> =>
      session.rest(`/content/users/backup_admin/items/${String(job["exportItemId"])}/delete`, form);
    expect(await remove(kept, {})).toMatchObject({ success: true });
    expect(await remove(gone, { permanentDelete: "true" })).toMatchObject({ success: true });
    expect(codeOf(await item(kept))).toBe(400);
    const { items } = (await session.rest("/content/users/backup_admin", { inRecycleBin: "true" })) as {
      items: Json[];
    };
    expect(items.map(({ id }) => id)).toEqual([kept["exportItemId"]]);
    expect((await remove(gone, {}))["error"]).toMatchObject({ messageCode: "CONT_0001" });
  });

  it("may lose its tags, which an update sets again", async () => {
    session.portal.state.options.dropExportTags = true;
    const job = await start("Parcels", "T8");
    expect(await item(job)).toMatchObject({ tags: [] });
    await session.rest(`/content/users/backup_admin/items/${String(job["exportItemId"])}/update`, {
      tags: "ours, temp",
    });
    expect(await item(job)).toMatchObject({ tags: ["ours", "temp"] });
  });
});
