// Rows and attachments by queries, at a service that refuses some, hands out very large ones, or whose step is cut off.
import { describe, expect, test } from "vitest";
import type { ExportRecord } from "../../src/activities/export/export-record.ts";
import type { AtRung, Look } from "../../src/activities/export/means.ts";
import {
  isBefore,
  ROWS_BEGIN,
  type RowsCursor,
  type RowsPlace,
} from "../../src/activities/export/rows-cursor.ts";
import { type ReadBundle, type Reading, readBundle } from "../../src/activities/export/rows-reading.ts";
import { rows } from "../../src/activities/export/rows.ts";
import type { Portal } from "../../src/clients/portal/portal.ts";
import { type FailureReason, ok, type Result } from "../../src/core/result.ts";
import { download, fault, goingOn, onRung, pathsIn, type Script, scriptedRun } from "./scripted-run.ts";

const MiB = 1024 * 1024;
/** Over the most that a bundle takes of one row or attachment. */
const LARGE = 8 * MiB + 1;
/** Stored as they are: nothing has to pack them. */
const PNG = Buffer.from("89504e470d0a1a0a", "hex");
const picture = (bytes: number) => Buffer.concat([PNG, Buffer.alloc(bytes - PNG.length)]);

interface Attached {
  readonly objectId: number;
  readonly id: number;
  readonly name?: string;
  readonly bytes?: Buffer;
}

interface Service {
  readonly ids: readonly number[];
  /** Object ids that no query may hold. */
  readonly unreadable?: readonly number[];
  /** Bytes of a row's JSON; 10 where it is not told. */
  readonly rowBytes?: Readonly<Record<number, number>>;
  readonly attached?: readonly Attached[];
}

/** The calls of a service of which each layer is the same. */
function answers({ ids, unreadable = [], rowBytes = {}, attached = [] }: Service): Partial<Portal> {
  return {
    objectIds: async () => ok({ field: "OBJECTID", ids }),
    rows: async (_url, _layer, { from, to }) => {
      const asked = ids.filter((id) => id >= from && id <= to);
      if (asked.some((id) => unreadable.includes(id))) return fault("portal-error");
      const bytes = asked.reduce((sum, id) => sum + (rowBytes[id] ?? 10), 0);
      const raw = bytes > MiB ? picture(bytes) : Buffer.from(`${from}-${to}`.padEnd(bytes));
      return ok({ value: {}, raw, features: asked.length, exceeded: false });
    },
    attachments: async (_url, _layer, objectIds) =>
      ok(
        attached
          .filter(({ objectId }) => objectIds.includes(objectId))
          .map(({ objectId, id, name = `${id}.png`, bytes = PNG }) => ({
            ...{ objectId, id, name, contentType: "image/png", size: bytes.length },
          })),
      ),
    attachment: async (_url, _layer, objectId, id) => {
      const found = attached.find((each) => each.objectId === objectId && each.id === id);
      return found === undefined ? fault("not-found") : ok(download(found.bytes ?? PNG));
    },
  };
}

/** The queries from their begin until they are over, or wait for another look. */
async function queried(service: Service, script: Script = {}, hasAttachments = false) {
  const scripted = scriptedRun({ ...script, portal: { ...answers(service), ...script.portal } });
  const at = onRung(scripted.run, "rows", { layers: [{ id: 0, hasAttachments }] });
  const begun = await rows.begin(at);
  if (!begun.ok) throw new Error(begun.failure.text);
  const look = await rows.look(goingOn(at, begun.value));
  return { ...scripted, at, look, kept: () => keptOf(at, look) };
}

async function keptOf(at: AtRung, look: Look) {
  if (look.do !== "save") throw new Error(JSON.stringify(look));
  const kept = await rows.keep(goingOn(at, look.record));
  if (kept.do !== "kept") throw new Error(JSON.stringify(kept));
  return kept;
}

const WHOLE = { id: 0, state: "whole", rowsLacking: 0, attachmentsLacking: 0 };

describe("beginning", () => {
  test("a layer without an address is told, and nothing is asked", async () => {
    const { run, asked } = scriptedRun();
    expect(await rows.begin(onRung(run, "rows", { item: { url: null } }))).toMatchObject({
      failure: { reason: "export-failed", text: '"Wells" has no service address' },
    });
    expect(asked).toEqual([]);
  });

  test("a step that is delivered twice goes by the object ids that were read first", async () => {
    let ids = [1, 2];
    const portal: Partial<Portal> = {
      ...answers({ ids: [1, 2, 3] }),
      objectIds: async () => ok({ field: "OBJECTID", ids }),
    };
    const { run, asked } = scriptedRun({ portal });
    const at = onRung(run, "rows", { layers: [{ id: 0 }] });
    await rows.begin(at);
    ids = [1, 2, 3];
    const begun = await rows.begin(at);
    expect(asked).toEqual(["objectIds"]);
    const look = await rows.look(goingOn(at, (begun as { value: ExportRecord }).value));
    expect((await keptOf(at, look)).notes).toEqual(["Layer 0: 2 rows and 0 attachments read by queries"]);
  });

  test("object ids that are refused end it with what the service says", async () => {
    const { run } = scriptedRun({ portal: { objectIds: async () => fault("no-access", "No ids") } });
    const begun = await rows.begin(onRung(run, "rows", { layers: [{ id: 0 }] }));
    expect(begun).toMatchObject({ ok: false, failure: { reason: "no-access", text: "No ids" } });
  });

  test("queries that were never begun are not looked at", async () => {
    await expect(rows.look(onRung(scriptedRun().run, "rows"))).rejects.toThrow("never begun");
  });
});

describe("what is kept of a layer", () => {
  test("of an empty one nothing is stored, and it is whole", async () => {
    const { kept, backups } = await queried({ ids: [] });
    expect(await kept()).toMatchObject({ got: [WHOLE], artifacts: [], notes: [] });
    expect(await pathsIn(backups)).toEqual([]);
  });

  test("of one whose rows are all refused nothing, and each row is counted", async () => {
    const { kept, backups } = await queried({ ids: [1, 2], unreadable: [1, 2] });
    expect((await kept()).got).toEqual([{ ...WHOLE, state: "none", rowsLacking: 2 }]);
    expect(await pathsIn(backups)).toEqual([]);
  });

  test("of one that refuses row after row the failure of the service", async () => {
    const ids = [1, 2, 3, 4, 5];
    const { look } = await queried({ ids, unreadable: ids });
    expect(look).toMatchObject({ do: "failed", failure: { reason: "portal-error" } });
  });

  test("a row that is too large for a bundle gets a blob of its own, the others lie in the bundle", async () => {
    const { kept, backups } = await queried({ ids: [1, 2, 3], rowBytes: { 2: LARGE } });
    const { artifacts, got, notes } = await kept();
    expect(got).toEqual([WHOLE]);
    expect(notes).toEqual(["Layer 0: 3 rows and 0 attachments read by queries"]);
    expect(artifacts).toMatchObject([
      { kind: "bundle", entries: [{ name: "rows/0/1-1.json" }, { name: "rows/0/3-3.json" }] },
      { kind: "attachment", path: "items/Wells_attachment_L0_2.json", sizeBytes: LARGE },
    ]);
    expect(await pathsIn(backups)).toEqual(artifacts.map(({ path }) => path).toSorted());
  });

  test("a row that the service calls more than one answer holds is kept as it came", async () => {
    const told = ok({ value: {}, raw: Buffer.from("{}"), features: 1, exceeded: true });
    const { kept } = await queried({ ids: [7] }, { portal: { rows: async () => told } });
    expect(await kept()).toMatchObject({
      got: [WHOLE],
      artifacts: [{ entries: [{ name: "rows/0/7-7.json" }] }],
    });
  });

  test("an attachment that is too large for a bundle gets a blob of its own, under its own ending", async () => {
    const attached = [{ objectId: 1, id: 4, name: "Plan of 1962.TIF", bytes: picture(LARGE) }];
    const { kept } = await queried({ ids: [1], attached }, {}, true);
    const { artifacts, notes } = await kept();
    expect(notes).toEqual(["Layer 0: 1 rows and 1 attachments read by queries"]);
    expect(artifacts[1]).toMatchObject({
      ...{ kind: "attachment", path: "items/Wells_attachment_L0_1_4.tif", sizeBytes: LARGE },
      name: "Plan of 1962.TIF",
    });
  });

  test("features whose list of attachments is refused are narrowed down to, and counted", async () => {
    const service = {
      ids: [1, 2, 3],
      attached: [
        { objectId: 1, id: 1 },
        { objectId: 3, id: 1 },
      ],
    };
    const list = answers(service).attachments as Portal["attachments"];
    const attachments: Portal["attachments"] = (url, layer, ids) =>
      ids.includes(2) ? Promise.resolve(fault("portal-error")) : list(url, layer, ids);
    const { kept } = await queried(service, { portal: { attachments } }, true);
    expect(await kept()).toMatchObject({
      got: [{ state: "short", rowsLacking: 0, attachmentsLacking: 1 }],
      notes: ["Layer 0: 3 rows and 2 attachments read by queries"],
    });
  });
});

describe("what ends the queries", () => {
  const ATTACHED = { ids: [1], attached: [{ objectId: 1, id: 1, bytes: picture(LARGE) }] };
  const refusing = (method: string) => (call: { readonly method: string }) =>
    call.method === method ? fault("storage-refused").failure : undefined;

  test.each([
    ["a bundle", { ids: [1] }, "put"],
    ["a large row", { ids: [1], rowBytes: { 1: LARGE } }, "putStream"],
    ["a large attachment", { ...ATTACHED }, "putStream"],
  ])("a destination that refuses %s", async (_what, service, method) => {
    const { look } = await queried(service, { backups: refusing(method) }, true);
    expect(look).toMatchObject({ do: "failed", failure: { reason: "storage-refused" } });
  });

  const REFUSED = async () => fault("sign-in-refused");
  test.each(["rows", "attachments", "attachment"] as const)("a sign-in that %s refuses", async (method) => {
    const service = { ids: [1], attached: [{ objectId: 1, id: 1 }] };
    const { look } = await queried(service, { portal: { [method]: REFUSED } }, true);
    expect(look).toMatchObject({ do: "failed", failure: { reason: "sign-in-refused" } });
  });
});

describe("a layer that takes more than one step", () => {
  const IDS = Array.from({ length: 1_200 }, (_, n) => n + 1);

  /** A look some minutes after the begin, of a worker whose clock goes on by 15 s with each look at it. */
  async function lookAfter(minutes: number) {
    let time = 0;
    const script = { deps: { now: () => (time += 15_000) }, profile: { exports: EXPORTS } };
    const { run } = scriptedRun({ ...script, portal: answers({ ids: IDS }) });
    const at = onRung(run, "rows", { layers: [{ id: 0 }] });
    const begun = await rows.begin(at);
    if (!begun.ok) throw new Error(begun.failure.text);
    return { at, look: await rows.look(goingOn(at, begun.value, minutes)) };
  }
  const EXPORTS = { timeoutMinutes: 5, hardLimitHours: 1 };

  test.each([
    [1, false],
    [6, true],
  ])("goes on a second later, after %i minutes with overdue %s", async (minutes, overdue) => {
    const { look } = await lookAfter(minutes);
    expect(look).toMatchObject({ do: "wait", seconds: 1, overdue });
    expect(look.record.now?.job).toMatchObject({ cursor: { bundle: 2, place: { at: 1_000 } } });
  });

  test("goes on from there until everything is read", async () => {
    const { at, look } = await lookAfter(1);
    let last = look;
    for (let minutes = 2; last.do === "wait"; minutes += 1)
      last = await rows.look(goingOn(at, last.record, minutes));
    const { artifacts, notes } = await keptOf(at, last);
    expect(artifacts.map(({ path }) => path)).toEqual(["items/Wells_rows_1.zip", "items/Wells_rows_2.zip"]);
    expect(notes).toEqual(["Layer 0: 1200 rows and 0 attachments read by queries"]);
  });

  test("fails at the hard limit with what to do", async () => {
    const { look } = await lookAfter(61);
    expect(look).toMatchObject({
      do: "failed",
      failure: {
        ...{ reason: "export-timeout", text: 'The queries of "Wells" did not come to an end in 61 minutes' },
        next: "Raise exports.hardLimitHours in the profile",
      },
    });
  });
});

describe("a bundle whose end is fixed", () => {
  const ATTACHED: readonly Attached[] = [
    { objectId: 1, id: 1, bytes: picture(4 * MiB) },
    { objectId: 1, id: 2, bytes: picture(4 * MiB) },
    { objectId: 1, id: 3 },
    { objectId: 2, id: 4, bytes: picture(7 * MiB) },
    { objectId: 3, id: 5 },
  ];
  const IDS = [1, 2, 3, 5, 6, 7];

  function readingOf(portal: Partial<Portal>): Reading {
    const { run } = scriptedRun({ portal });
    const layer = { ids: { field: "OBJECTID", ids: IDS }, rows: true, attachments: true };
    const layers = [0, 1].map((id) => ({ ...layer, id }));
    return { run, url: "", layers, large: (name) => name, made: (name) => name };
  }

  /** A clock that is past the deadline after so many looks. */
  const steps = (most: number) => {
    let looks = 0;
    return () => (looks++ < most ? 0 : 1);
  };

  /** What is in a bundle, and where it ends; how wide the next query is only hurries it. */
  const told = ({ entries, next: { place, done } }: ReadBundle) => ({
    entries: entries.map(({ name, bytes }) => `${name}: ${bytes.byteLength}`),
    ...{ place, done },
  });

  function value<T>(result: Result<T>): T {
    if (!result.ok) throw new Error(result.failure.text);
    return result.value;
  }

  test.each([1, 3, 100])("is made again to the same end, %i queries each", async (most) => {
    const reading = readingOf(answers({ ids: IDS, unreadable: [5], attached: ATTACHED }));
    const places: RowsPlace[] = [];
    for (let cursor: RowsCursor = ROWS_BEGIN; cursor.place.layer < 2;) {
      const once = value(await readBundle(reading, cursor, steps(most), 1));
      // The repeated step comes when the time is over: only the fixed end counts.
      const again = value(await readBundle(reading, { ...cursor, until: once.next.place }, () => 1, 1));
      expect(told(again)).toEqual(told(once));
      places.push(once.next.place);
      cursor = once.next;
    }
    // The two small ones lie in the bundle of the large one before them, the rest of a feature in the next bundle.
    expect(places).toContainEqual({ layer: 0, phase: "attachments", at: 0, within: 2 });
    expect(places.at(-1)).toMatchObject({ layer: 2 });
  });

  test("ends there though the service hands out more at once by now", async () => {
    let refuses = true;
    const plain = answers({ ids: IDS });
    const portal: Partial<Portal> = {
      ...plain,
      rows: (url, layer, window) =>
        refuses && window.to > 2
          ? Promise.resolve(fault("too-large"))
          : (plain.rows as Portal["rows"])(url, layer, window),
    };
    const once = value(await readBundle(readingOf(portal), { ...ROWS_BEGIN, width: 4 }, steps(2), 1));
    expect(once.next.place).toMatchObject({ at: 2 });
    refuses = false;
    const until = once.next.place;
    const again = await readBundle(readingOf(portal), { ...ROWS_BEGIN, until }, () => 1, 1);
    expect(told(value(again))).toEqual(told(once));
  });

  test("ends there though attachments were deleted meanwhile", async () => {
    const attached = [1, 2].map((id) => ({ objectId: 1, id }));
    const begin: RowsCursor = { ...ROWS_BEGIN, place: { layer: 0, phase: "attachments", at: 0, within: 1 } };
    const until: RowsPlace = { ...begin.place, within: 2 };
    const portal = answers({ ids: IDS, attached });
    const again = value(await readBundle(readingOf(portal), { ...begin, until }, () => 1, 1));
    expect(again.next.place).toEqual(until);
    expect(again.entries.map(({ name }) => name)).toEqual(["attachments/0/1/2_2.png"]);
    const rest = value(await readBundle(readingOf(portal), again.next, steps(1), 1));
    expect(rest.next.place).toMatchObject({ phase: "attachments", at: 6, within: 0 });
    expect(rest.entries).toEqual([]);
  });

  const REASONS: readonly FailureReason[] = ["secret-refused", "storage-refused"];
  test.each(REASONS)("is not made where a query fails for %s", async (reason) => {
    const reading = readingOf({ ...answers({ ids: IDS }), rows: async () => fault(reason) });
    expect(await readBundle(reading, ROWS_BEGIN, () => 0, 1)).toMatchObject({ failure: { reason } });
  });
});

test("places are ordered by layer, then rows before attachments, then by object id and attachment", () => {
  const place = (layer: number, phase: RowsPlace["phase"], at: number, within: number) => ({
    ...{ layer, phase, at, within },
  });
  const ordered = [
    place(0, "rows", 2, 0),
    place(0, "rows", 10, 0),
    place(0, "attachments", 0, 0),
    place(0, "attachments", 0, 3),
    place(0, "attachments", 1, 0),
    place(1, "rows", 0, 0),
  ];
  for (const [n, a] of ordered.entries())
    for (const [m, b] of ordered.entries()) expect(isBefore(a, b), `${n} and ${m}`).toBe(n < m);
});
