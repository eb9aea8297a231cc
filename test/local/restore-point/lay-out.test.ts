// A restore point as ordinary files: every byte as it was sealed, or told and not there; nothing overwritten, nothing outside.
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Store } from "../../../src/clients/store/store.ts";
import type { Failure } from "../../../src/core/result.ts";
import { findItem } from "../../../src/local/restore-point/find-item.ts";
import { type LaidOut, type LayOutOptions, layOut } from "../../../src/local/restore-point/lay-out.ts";
import { openRestorePoint } from "../../../src/local/restore-point/restore-point.ts";
import { aLine, id } from "../../core/report-samples.ts";
import { memoryStore } from "../../memory-store.ts";
import { value } from "../../run/restore-point.ts";
import { FOLDER, LAYER, restorePoint, seal, sealedAs, SURVEY, SURVEY_BYTES } from "./fixture.ts";

let parent: string;
beforeEach(() => {
  parent = mkdtempSync(path.join(tmpdir(), "lay-out-"));
});
afterEach(() => {
  rmSync(parent, { recursive: true, force: true, maxRetries: 5 });
});

interface Done {
  readonly laid: LaidOut | undefined;
  readonly failure: Failure | undefined;
  readonly told: readonly Failure[];
}

async function lay(store: Store, more: Partial<LayOutOptions> = {}): Promise<Done> {
  const told: Failure[] = [];
  const point = value(await openRestorePoint(store, FOLDER));
  if (point === undefined) throw new Error("No manifest");
  const result = await layOut(point, {
    out: path.join(parent, "out"),
    only: undefined,
    tell: (failure) => told.push(failure),
    progress: () => undefined,
    interrupted: new AbortController().signal,
    ...more,
  });
  return result.ok
    ? { laid: result.value, failure: undefined, told }
    : { laid: undefined, failure: result.failure, told };
}

function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).replaceAll(path.sep, "/"))
    .sort();
}

const ALL = [
  "Results.txt",
  "items.jsonl",
  `${LAYER}/Hydrants.gdb.zip`,
  `${LAYER}/data`,
  `${LAYER}/item.json`,
  `${LAYER}/resources/a/b.json`,
  `${SURVEY}/item.json`,
  `${SURVEY}/survey 2019.pdf`,
  "manifest.json",
  "organisation/users.json",
  "restore-point.json",
].sort();

test("layOut() writes every file of a restore point under the name that people know", async () => {
  const { store } = await restorePoint();
  const { laid, told } = await lay(store);
  expect(told).toEqual([]);
  const out = path.join(parent, "out");
  expect(filesIn(out)).toEqual(ALL);
  expect(readFileSync(path.join(out, SURVEY, "survey 2019.pdf")).equals(SURVEY_BYTES)).toBe(true);
  expect(readFileSync(path.join(out, LAYER, "item.json"), "utf8")).toBe('{"title":"Hydrants"}');
  expect(laid).toMatchObject({ items: 3, files: ALL.length - 1, wrong: 0, kept: 0 });
});

test("layOut() goes on in a folder of the same restore point, and keeps what is there", async () => {
  const { store } = await restorePoint();
  await lay(store);
  const out = path.join(parent, "out");
  rmSync(path.join(out, "manifest.json"));
  rmSync(path.join(out, LAYER), { recursive: true });
  const { laid, told } = await lay(store);
  expect(told).toEqual([]);
  expect(filesIn(out)).toEqual(ALL);
  expect(laid?.kept).toBe(5);
});

test("layOut() never overwrites: a changed file is told and stays, and the manifest is not written", async () => {
  const { store } = await restorePoint();
  await lay(store);
  const out = path.join(parent, "out");
  writeFileSync(path.join(out, LAYER, "data"), "my notes");
  rmSync(path.join(out, "manifest.json"));
  const { laid, told } = await lay(store);
  expect(told.map(({ reason }) => reason)).toEqual(["already-exists"]);
  expect(told[0]?.text).toContain(path.join(LAYER, "data"));
  expect(readFileSync(path.join(out, LAYER, "data"), "utf8")).toBe("my notes");
  expect(laid?.wrong).toBe(1);
  expect(existsSync(path.join(out, "manifest.json"))).toBe(false);
});

test("layOut() refuses a folder that holds something else", async () => {
  const { store } = await restorePoint();
  writeFileSync(path.join(parent, "precious.txt"), "");
  expect((await lay(store, { out: parent })).failure).toMatchObject({ reason: "bad-input" });
  expect((await lay(store, { out: path.join(parent, "precious.txt") })).failure?.text).toContain("is a file");
  expect(readdirSync(parent)).toEqual(["precious.txt"]);

  const other = memoryStore("backups");
  await seal(other, [aLine(1, "skipped")]);
  await lay(other);
  expect((await lay(store)).failure?.text).toContain("holds another restore point");
});

test("layOut() tells each artifact that is not as it was sealed, and leaves no half of it", async () => {
  const { store } = await restorePoint();
  await store.put(`${FOLDER}/${SURVEY}_data.pdf`, SURVEY_BYTES.subarray(1));
  await store.put(`${FOLDER}/${LAYER}_export.gdb.zip`, "PK-geodatabasE");
  await store.delete(`${FOLDER}/${LAYER}.2.zip`);
  const { laid, told } = await lay(store);
  expect(told.map(({ text }) => text).sort()).toEqual(
    [
      expect.stringContaining(`${LAYER}.2.zip`),
      expect.stringContaining(`${LAYER}_export.gdb.zip: its SHA-256`),
      expect.stringContaining(`${SURVEY}_data.pdf: it has 9,437,183 bytes, sealed are 9,437,184`),
    ].sort() as unknown,
  );
  expect(laid).toMatchObject({ wrong: 3, items: 3 });
  const out = path.join(parent, "out");
  expect(filesIn(out)).toEqual(ALL.filter((file) => !/manifest|gdb\.zip|survey 2019|resources/.test(file)));
});

test("layOut() believes nothing when items.jsonl is not the one that was sealed", async () => {
  const { store } = await restorePoint();
  await store.put(`${FOLDER}/items.jsonl`, "{}\n");
  const { failure } = await lay(store);
  expect(failure?.text).toContain("items.jsonl: it has 3 bytes");
  expect(filesIn(path.join(parent, "out"))).toEqual(["restore-point.json"]);
});

test("layOut() keeps hostile names inside the item's folder, and unpacks nothing that is not sealed", async () => {
  const store = memoryStore("backups");
  const bytes = Buffer.from("gotcha");
  const evil = {
    kind: "data",
    path: `../../../evil_${id(1)}_data.sh`,
    proof: "transit",
    ...sealedAs(bytes),
  } as const;
  await store.put(`${FOLDER}/${evil.path}`, bytes);
  await seal(store, [
    aLine(
      1,
      "saved",
      {},
      { artifacts: [{ ...evil, name: "../../../../evil.sh" }], strategy: "download-file" },
    ),
  ]);
  const { laid } = await lay(store);
  expect(laid).toMatchObject({ wrong: 0 });
  expect(readdirSync(parent)).toEqual(["out"]);
  expect(filesIn(path.join(parent, "out")).filter((file) => file.includes("evil"))).toEqual([
    `items/_/_/_/evil_${id(1)}/__.._.._.._evil.sh`,
  ]);
});

test("layOut() with one item writes that item alone", async () => {
  const { store } = await restorePoint();
  const point = value(await openRestorePoint(store, FOLDER));
  if (point === undefined) throw new Error("No manifest");
  const only = value(await findItem(point, " HYDRANTS "));
  const { laid } = await lay(store, { only });
  expect(laid).toMatchObject({ items: 1, files: 4 });
  expect(filesIn(path.join(parent, "out"))).toEqual(
    ALL.filter((file) => file.startsWith(LAYER) || file === "restore-point.json"),
  );
});

test("findItem() lists those that may have been meant, and trusts only a list that is as it was sealed", async () => {
  const { store } = await restorePoint();
  const point = value(await openRestorePoint(store, FOLDER));
  if (point === undefined) throw new Error("No manifest");
  const textOf = async (asked: string) => {
    const found = await findItem(point, asked);
    return found.ok ? found.value.item.id : found.failure.text;
  };
  expect(await textOf(id(2).toUpperCase())).toBe(id(2));
  expect(await textOf("Survey")).toMatch(new RegExp(`2 items[^]*${id(2)}[^]*${id(3)}`));
  expect(await textOf("drant")).toMatch(new RegExp(`Similar:[^]*${id(1)}`));
  expect(await textOf("Sewers")).toContain('"Sewers"');
  await store.put(`${FOLDER}/items.jsonl`, "x");
  expect(await textOf("Hydrants")).toContain("items.jsonl");
});

test("layOut() stops when interrupted, says so, and goes on later", async () => {
  const { store } = await restorePoint();
  const controller = new AbortController();
  const first = await lay(store, { interrupted: controller.signal, progress: () => controller.abort() });
  expect(first.laid).toMatchObject({ interrupted: true, wrong: 0 });
  expect(existsSync(path.join(parent, "out", "manifest.json"))).toBe(false);
  expect((await lay(store)).laid).toMatchObject({ interrupted: false, wrong: 0 });
  expect(filesIn(path.join(parent, "out"))).toEqual(ALL);
});

test("layOut() gives up when the storage is out of reach, instead of asking for every blob", async () => {
  const { store } = await restorePoint();
  let asked = 0;
  const gone: Store = {
    ...store,
    range: async (path, offset, length) => {
      if (!path.includes("/items/")) return store.range(path, offset, length);
      asked += 1;
      return { ok: false, failure: { reason: "transient", text: `Cannot read "${path}"`, next: "Wait" } };
    },
  };
  const { failure } = await lay(gone);
  expect(failure?.reason).toBe("transient");
  expect(asked).toBeLessThanOrEqual(6);
});
