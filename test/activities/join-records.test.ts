// What two deliveries of one step write of an export, whichever comes last.
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Attempt, ExportRecord, Job, TemporaryItem } from "../../src/activities/export/export-record.ts";
import { joinRecords } from "../../src/activities/export/join-records.ts";
import { ROWS_BEGIN } from "../../src/activities/export/rows-cursor.ts";

const ITEM = "0123456789abcdef0123456789abcdef";

function attempt(job?: Job, rung: Attempt["rung"] = "fgdb"): Attempt {
  const seen = { looks: 0, previous: null, saidCompleted: false, tries: 0, tried: null };
  return { rung, layers: [0], startedAt: 0, ...seen, ...(job !== undefined && { job }) };
}

function record(more: Partial<ExportRecord> = {}): ExportRecord {
  const empty = { layers: [], before: [], tried: [], temporary: [], parked: false, ended: false };
  return { itemId: ITEM, itemTitle: "Parcels", startedAt: 0, askedAt: 0, ...empty, ...more };
}

const job = (jobId: string): Job => ({ kind: "item", exportItemId: "e1", jobId, owner: "jdoe" });
const failed = { rung: "fgdb", layers: [0], artifacts: [], notes: [] } as const;
const temporary = (title: string, id?: string, deleted = false): TemporaryItem => ({
  title,
  users: ["jdoe"],
  ...(id !== undefined && { item: { id, owner: "jdoe" } }),
  deleted,
});

test("the job of an export outlives the delivery that only adopted it, in both orders", () => {
  const started = record({ now: attempt(job("j1")) });
  const adopted = record({ now: attempt(job("")) });
  expect(joinRecords(started, adopted).now?.job).toEqual(job("j1"));
  expect(joinRecords(adopted, started).now?.job).toEqual(job("j1"));
});

test("a late write of an earlier rung does not take the export back to it", () => {
  const late = record({ tried: [failed] });
  const further = record({ tried: [failed], now: attempt(job("j2"), "fgdb-again") });
  expect(joinRecords(further, late)).toEqual(further);
  expect(joinRecords(further, record({ now: attempt(job("j1")) }))).toEqual(further);
  const next = record({ tried: [failed, failed] });
  expect(joinRecords(further, next)).toEqual(next);
});

test("queries do not begin again", () => {
  const at = (rows: number): Job => ({
    kind: "rows",
    cursor: { ...ROWS_BEGIN, place: { ...ROWS_BEGIN.place, at: rows } },
  });
  const joined = joinRecords(
    record({ now: attempt(at(500), "rows") }),
    record({ now: attempt(at(0), "rows") }),
  );
  expect(joined.now?.job).toEqual(at(500));
});

test("the switch of a layer and what it was are not forgotten, and it is put back once", () => {
  const was = { exportTilesAllowed: false, maxExportTilesCount: 5 };
  const on = record({ switched: { serviceUrl: "u", was, restored: false } });
  const off = record({ tried: [failed], switched: { serviceUrl: "u", was, restored: true } });
  expect(joinRecords(on, record({ tried: [failed] })).switched).toEqual(on.switched);
  expect(joinRecords(off, on).switched?.restored).toBe(true);
  expect(joinRecords(on, off).switched?.restored).toBe(true);
});

test("no temporary item is forgotten, and none that is deleted comes back, whatever two deliveries know", () => {
  const item = fc.record({
    title: fc.constantFrom("A", "B"),
    id: fc.option(fc.constantFrom("1", "2"), { nil: undefined }),
    deleted: fc.boolean(),
  });
  const list = fc.array(item, { maxLength: 4 });
  fc.assert(
    fc.property(list, list, fc.boolean(), (one, other, further) => {
      const of = (items: typeof one) => items.map(({ title, id, deleted }) => temporary(title, id, deleted));
      const joined = joinRecords(
        record({ temporary: of(one) }),
        record({ temporary: of(other), ...(further && { tried: [failed] }) }),
      ).temporary;
      for (const { title, id, deleted } of [...one, ...other]) {
        const known = joined.filter(
          (each) => each.title === title && (id === undefined || each.item?.id === id),
        );
        expect(known).not.toEqual([]);
        if (deleted && id !== undefined) expect(known.every((each) => each.deleted)).toBe(true);
      }
    }),
  );
});
