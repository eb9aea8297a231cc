// The parts of an item at a portal that answers oddly and a destination that refuses: what is kept of each, and what is told.
import { describe, expect, test } from "vitest";
import { BUNDLE_LIMIT, type BundleWriter, bundleWriter } from "../../src/activities/capture/bundle-writer.ts";
import { changedMeanwhile } from "../../src/activities/capture/changed.ts";
import { captureFile, captureJsonData } from "../../src/activities/capture/data.ts";
import { unlessDeleted } from "../../src/activities/capture/deleted.ts";
import { readFileReferences } from "../../src/activities/capture/file-references.ts";
import { judgeFile } from "../../src/activities/capture/judge-file.ts";
import { captureRelations } from "../../src/activities/capture/relations.ts";
import { readingReferences } from "../../src/activities/capture/references.ts";
import { captureResources } from "../../src/activities/capture/resources.ts";
import { requireRecord } from "../../src/activities/run/records.ts";
import { type BundleEntry, makeBundle } from "../../src/clients/bundle.ts";
import type { Page, Portal, RawItem } from "../../src/clients/portal/portal.ts";
import type { ItemReferences } from "../../src/core/dependency-graph.ts";
import { exportTitle } from "../../src/core/export-title.ts";
import { type Expectation, ZIP } from "../../src/core/formats.ts";
import type { ListedItem } from "../../src/core/item.ts";
import type { Artifact } from "../../src/core/outcome.ts";
import { failed, ok, type Result } from "../../src/core/result.ts";
import { zipOf } from "../core/zip-bytes.ts";
import { zip } from "../portal/zip.ts";
import { download, fault, pathsIn, plannedItem, reply, scriptedRun } from "./scripted-run.ts";

const MiB = 1024 * 1024;
/** Over the most that goes into a bundle. */
const LARGE = BUNDLE_LIMIT / 2 + 1;
const FULL: BundleWriter = {
  add: async (name) => failed("storage-refused", `No place for ${name}`, "Look"),
  finish: async () => ok([]),
};
const refusing = (method: string) => (call: { readonly method: string }) =>
  call.method === method ? fault("storage-refused").failure : undefined;

function pageOf<T>(entries: readonly T[], nextStart = -1): Result<Page<T>> {
  return ok({ total: entries.length, nextStart, entries });
}

function valueOf<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.failure.text);
  return result.value;
}

describe("a file that passes", () => {
  const whole = Buffer.from(zipOf([{ name: "a", bytes: Buffer.from("1") }]));
  const split = Buffer.from(zipOf([{ name: "a", bytes: Buffer.from("1") }], { end: { 4: 1 } }));
  const judge = (expected: Expectation, bytes: Uint8Array, size = bytes.length) =>
    judgeFile("the file", expected, { head: () => bytes, tail: () => bytes }, size);

  test.each([
    ["anything where nothing certain is expected", null, Buffer.from("<html>")],
    ["another binary format than a zip", ZIP, Buffer.from([0, 1, 2])],
    ["a whole zip", ZIP, whole],
  ])("is good as %s", (_what, expected, bytes) => {
    expect(judge(expected, bytes)).toEqual(ok(undefined));
  });

  test.each([
    ["a page", Buffer.from("<html>"), 6, "wrong-content", "the portal sent a web page instead of a zip"],
    [
      "a zip that was cut off",
      whole.subarray(0, 40),
      40,
      "truncated",
      "no whole zip archive, it has no end record",
    ],
    [
      "a zip whose end is out of sight",
      whole.subarray(0, 40),
      9_000,
      "truncated",
      "its end record was not found",
    ],
    ["a part of a split zip", split, split.length, "wrong-content", "it is one part of a split archive"],
  ] as const)("is refused as %s", (_what, bytes, size, reason, text) => {
    const judged = judge(ZIP, bytes, size);
    expect(judged).toMatchObject({ ok: false, failure: { reason } });
    expect(!judged.ok && judged.failure.text).toContain(text);
    expect(!judged.ok && judged.failure.next).toContain("upload it again");
  });
});

describe("the bundles of an item", () => {
  /** Of each part only the beginning is packed: what matters here is how much it was. */
  const deps = {
    makeBundle: (entries: readonly BundleEntry[]) =>
      makeBundle(entries.map(({ name, bytes }) => ({ name, bytes: bytes.subarray(0, 10) }))),
  };

  test("are none where nothing was added", async () => {
    const { run, backups } = scriptedRun();
    expect(await bundleWriter(run, "items/Wells").finish()).toEqual(ok([]));
    expect(await pathsIn(backups)).toEqual([]);
  });

  test("are as many as the parts need", async () => {
    const { run } = scriptedRun({ deps });
    const bundles = bundleWriter(run, "items/Wells");
    for (const name of ["a", "b", "c"])
      expect(await bundles.add(name, Buffer.alloc(6 * MiB))).toEqual(ok(undefined));
    expect(valueOf(await bundles.finish())).toMatchObject([
      { path: "items/Wells.zip", entries: [{ name: "a" }, { name: "b" }] },
      { path: "items/Wells.2.zip", entries: [{ name: "c" }] },
    ]);
  });

  test("that the destination refuses end the item at once", async () => {
    const { run } = scriptedRun({ backups: refusing("put"), deps });
    const bundles = bundleWriter(run, "items/Wells");
    await bundles.add("a", Buffer.alloc(9 * MiB));
    expect(await bundles.add("b", Buffer.alloc(9 * MiB))).toMatchObject({
      failure: { reason: "storage-refused" },
    });
    expect(await bundles.finish()).toMatchObject({ failure: { reason: "storage-refused" } });
  });

  test("take no part that is larger than a bundle, and say which", async () => {
    const bundles = bundleWriter(scriptedRun().run, "items/Wells");
    await bundles.add("item.json", Buffer.from("{}"));
    expect(await bundles.add("layers.json", Buffer.alloc(BUNDLE_LIMIT + MiB))).toMatchObject({
      failure: {
        reason: "too-large",
        text: 'Cannot keep "layers.json" of "items/Wells": it has 17.8 MB, more than the 16.8 MB that a bundle takes',
      },
    });
    expect(valueOf(await bundles.finish())).toMatchObject([{ entries: [{ name: "item.json" }] }]);
  });
});

describe("the data of an item", () => {
  const json = plannedItem({ type: "Web Map", url: null, size: 10 });
  const csv = plannedItem({ type: "CSV", url: null, name: "sheet.csv", size: 10 });

  test("that are too much JSON for a bundle get a blob of their own, whatever they begin with", async () => {
    const bytes = Buffer.alloc(LARGE, "<html>");
    const { run } = scriptedRun({ portal: { data: async () => ok(download(bytes)) } });
    expect(valueOf(await captureJsonData(run, json, bundleWriter(run, json.path)))).toMatchObject({
      ...{ sizeBytes: LARGE, isEarlier: false },
      artifact: { kind: "data", path: "items/Wells_data.json", proof: "transit" },
    });
  });

  test("that fit into no bundle any more fail", async () => {
    const { run } = scriptedRun({ portal: { data: async () => ok(download("{}")) } });
    expect(await captureJsonData(run, json, FULL)).toMatchObject({ failure: { text: "No place for data" } });
  });

  test.each([
    ["told as empty", 0],
    ["chunked", null],
  ])("that come as an empty file, %s, are asked for twice, and nothing is stored", async (_how, length) => {
    const { run, asked, backups } = scriptedRun({ portal: { data: async () => ok(download("", length)) } });
    expect(await captureFile(run, csv)).toEqual(ok({ sizeBytes: 0 }));
    expect(asked).toEqual(["data", "data"]);
    expect(await pathsIn(backups)).toEqual([]);
  });

  test("that the destination refuses fail", async () => {
    const portal = { data: async () => ok(download("a,b\n")) };
    const { run } = scriptedRun({ portal, backups: refusing("putStream") });
    expect(await captureFile(run, csv)).toMatchObject({ failure: { reason: "storage-refused" } });
  });
});

describe("the resources of an item", () => {
  const listed = [{ resource: "images/plan.png", size: LARGE, access: "inherit" }];
  const portal = (bytes: Uint8Array): Partial<Portal> => ({
    resources: async () => pageOf(listed),
    resource: async () => ok(download(bytes)),
  });

  test("get a blob of their own where they are large", async () => {
    const { run } = scriptedRun({ portal: portal(Buffer.alloc(LARGE)) });
    const bundles = bundleWriter(run, "items/Map");
    expect(valueOf(await captureResources(run, "id", "items/Map", bundles))).toMatchObject({
      ...{ listed: 1, sizeBytes: LARGE, loss: [] },
      large: [{ kind: "resource", path: "items/Map_resource_000_plan.png", name: "images/plan.png" }],
    });
    expect(valueOf(await bundles.finish())).toMatchObject([{ entries: [{ name: "resources.json" }] }]);
  });

  test("that the destination refuses fail the item, and are no loss", async () => {
    const { run } = scriptedRun({ portal: portal(Buffer.alloc(LARGE)), backups: refusing("putStream") });
    expect(await captureResources(run, "id", "items/Map", bundleWriter(run, "items/Map"))).toMatchObject({
      failure: { reason: "storage-refused" },
    });
  });

  test.each([
    ["the list", [], "No place for resources.json"],
    ["a resource", ["resources.json"], "No place for resources/images/plan.png"],
  ])("fail where %s fits into no bundle", async (_what, fitting, text) => {
    const { run } = scriptedRun({ portal: portal(Buffer.from("small")) });
    const add: BundleWriter["add"] = async (name, bytes) =>
      fitting.includes(name) ? ok(undefined) : FULL.add(name, bytes);
    const captured = await captureResources(run, "id", "items/Map", { ...FULL, add });
    expect(captured).toMatchObject({ failure: { text } });
  });
});

describe("the relations of an item", () => {
  const { item } = plannedItem({ type: "CSV" });
  const RELATED: RawItem = { id: "a", owner: "jdoe", title: "Wells", type: "Feature Service" };
  const ofAttachments =
    (answer: Result<Page<RawItem>>): Portal["related"] =>
    async (_id, types) =>
      types.includes("Item2Attachment") ? answer : pageOf<RawItem>([]);
  /** Answers for one type at a time: for several it cannot say. */
  const singly =
    (answer: Result<Page<RawItem>>): Portal["related"] =>
    async (id, types, direction, start) =>
      types.length > 1 ? fault("portal-error") : ofAttachments(answer)(id, types, direction, start);

  function added() {
    const texts = new Map<string, string>();
    const add: BundleWriter["add"] = async (name, bytes) => {
      texts.set(name, Buffer.from(bytes).toString());
      return ok(undefined);
    };
    return { texts, bundles: { ...FULL, add } };
  }

  test("hold no export that runs at this moment", async () => {
    const title = exportTitle({ itemId: item.id, attempt: "whole-1", at: 0 });
    const exported: RawItem = { id: "b", owner: "jdoe", title, type: "File Geodatabase" };
    const { run } = scriptedRun({ portal: { related: ofAttachments(pageOf([RELATED, exported])) } });
    const { texts, bundles } = added();
    expect(await captureRelations(run, item, bundles)).toEqual(ok([]));
    expect(JSON.parse(texts.get("related.json") ?? "")).toMatchObject([{ id: "a" }]);
    expect([...texts.keys()]).toEqual(["related.json"]);
  });

  test.each([
    ["the portal does not know by name are none", fault("not-supported"), ok([])],
    [
      "are refused are told",
      fault("no-access", "No"),
      ok(["Relations of type Item2Attachment not saved: No"]),
    ],
    ["may be had later fail the item", fault("transient"), fault("transient")],
  ])("that %s", async (_what, answer, expected) => {
    const { texts, bundles } = added();
    const { run } = scriptedRun({ portal: { related: singly(answer) } });
    expect(await captureRelations(run, item, bundles)).toEqual(expected);
    expect(texts.size).toBe(0);
  });

  test("that fit into no bundle fail the item", async () => {
    const { run } = scriptedRun({ portal: { related: ofAttachments(pageOf([RELATED])) } });
    expect(await captureRelations(run, item, FULL)).toMatchObject({
      failure: { text: "No place for related.json" },
    });
  });
});

test.each([
  ["is another one", 60_000, "was changed while it was saved (1970-01-01T00:01:00.000Z)"],
  ["is not told any more", undefined, "was changed while it was saved: its JSON"],
])("an item whose time of change %s at the end is told as of two moments", async (_how, modified, text) => {
  const { run } = scriptedRun({ portal: { item: async () => ok(reply({ modified })) } });
  const [loss] = await changedMeanwhile(run, plannedItem().item, {
    json: { modified: 0 },
    isEarlierFile: false,
  });
  expect(loss).toMatchObject({ kind: "changed-meanwhile", text: expect.stringContaining(text) as unknown });
});

describe("an item that is not found", () => {
  const GONE = fault("not-found");
  const ITEM: Partial<ListedItem> = { folder: "Maps", title: "Wells" };
  const other: RawItem = { id: "1".repeat(32), owner: "jdoe", title: "Other", type: "Web Map" };
  const folders = async () =>
    ok([
      { id: "f1", title: "Maps" },
      { id: "f2", title: "Old" },
    ]);

  async function told(portal: Partial<Portal>, item = ITEM, seesAllItems = true) {
    const plain: Partial<Portal> = { item: async () => GONE, folders, content: async () => pageOf([other]) };
    const { run, asked } = scriptedRun({ portal: { ...plain, ...portal }, self: { seesAllItems } });
    return { told: await unlessDeleted(run, plannedItem(item).item, GONE.failure), asked };
  }

  test.each([
    ["its folder", ITEM, true, 'the folder "Maps" of jdoe no longer lists it'],
    ["the root folder", { folder: null }, true, "the root folder of jdoe no longer lists it"],
    [
      "a folder of the account itself",
      { ...ITEM, owner: "backup_admin" },
      false,
      "of backup_admin no longer",
    ],
  ])("and that %s does not list any more was deleted", async (_where, item, seesAllItems, text) => {
    const { told: is } = await told({}, item, seesAllItems);
    expect(is).toMatchObject({ skipped: { cause: "deleted-meanwhile" } });
    expect(is.notes?.[0]).toContain(text);
  });

  const KEPT: readonly [string, Partial<Portal>, Partial<ListedItem>?, boolean?][] = [
    ["the account does not see everything", {}, ITEM, false],
    ["only the search had found it", {}, { ...ITEM, found: "search" }],
    ["its address answers by now", { item: async () => ok(reply({})) }],
    ["its address is out of reach by now", { item: async () => fault("transient") }],
    ["the folders of its owner cannot be read", { folders: async () => fault("no-access") }],
    ["its folder cannot be read", { content: async () => fault("transient") }],
    ["its folder lists it", { content: async () => pageOf([{ ...other, id: "0".repeat(32) }]) }],
    [
      "its folder repeats a page",
      { content: async (_user, _id, start) => pageOf([other], start < 5 ? start + 1 : -1) },
    ],
  ];
  test.each(KEPT)("is no deleted one where %s", async (_why, portal, item, seesAllItems) => {
    expect((await told(portal, item, seesAllItems)).told).toEqual({ failure: GONE.failure });
  });

  test("whose folder is gone as well was deleted with it", async () => {
    const { told: is, asked } = await told({ folders: async () => ok([]) });
    expect(is).toMatchObject({ skipped: { cause: "deleted-meanwhile" } });
    expect(asked).toEqual(["item", "folders"]);
  });
});

describe("references inside of files", () => {
  const USED = "a".repeat(32);
  const text = Buffer.from(JSON.stringify({ itemId: USED }));
  const survey = zip([{ name: "esriinfo/form.json", bytes: text }]);
  const file = (sizeBytes: number): Artifact => ({
    ...{ kind: "data", path: "items/Wells_data", sizeBytes, hash: "sha256:0", proof: "transit" },
  });

  /** The record of what an item of a type refers to, its file stored as told. */
  async function found(type: string, bytes: Uint8Array | undefined, sizeBytes = bytes?.length ?? 0) {
    const { run, backups } = scriptedRun({ profile: { dependencies: true } });
    const { item } = plannedItem({ type });
    if (bytes !== undefined) await backups.put(`${run.record.folder}/items/Wells_data`, bytes);
    const references = readingReferences(run, item, FULL);
    await readFileReferences(run, item, file(sizeBytes), references);
    await references.keep();
    return requireRecord<ItemReferences>(run.work, run.paths.referencesOf(item.id));
  }

  test.each([
    ["Form", survey],
    ["Notebook", text],
  ])("of the type %s are found", async (type, bytes) => {
    const { references, unread } = await found(type, bytes);
    expect(references.map(({ to }) => to)).toEqual([USED]);
    expect(unread).toEqual([]);
  });

  test("of other types are not looked for", async () => {
    expect(await found("CSV", text)).toMatchObject({ references: [], unread: [] });
  });

  test.each([
    ["a survey that is no zip", "Form", text, undefined],
    ["a survey that is very large", "Form", survey, 65 * MiB],
    ["a notebook that cannot be read back", "Notebook", undefined, 10],
    ["a notebook that is very large", "Notebook", text, 9 * MiB],
  ] as const)("of %s count as unread", async (_what, type, bytes, sizeBytes) => {
    expect(await found(type, bytes, sizeBytes)).toMatchObject({ references: [], unread: ["data"] });
  });

  test("of a survey of which one text is too large are found in the others, and the rest counts as unread", async () => {
    const large = { name: "large.json", bytes: Buffer.alloc(4 * MiB + 1) };
    const bytes = zip([large, { name: "form.json", bytes: text }]);
    expect(await found("Form", bytes)).toMatchObject({ references: [{ to: USED }], unread: ["data"] });
  });

  test("of a part in a blob of its own count as unread where it is a text", async () => {
    const { run } = scriptedRun({ profile: { dependencies: true } });
    const { item } = plannedItem();
    const references = readingReferences(run, item, FULL);
    for (const name of ["resources/story.json", "resources/plan.png"]) references.unread(name);
    await references.keep();
    const kept = await requireRecord<ItemReferences>(run.work, run.paths.referencesOf(item.id));
    expect(kept.unread).toEqual(["resources/story.json"]);
  });

  test("are not read where the profile does not ask for them", async () => {
    const { run } = scriptedRun();
    const { item } = plannedItem({ type: "Form" });
    const references = readingReferences(run, item, FULL);
    await readFileReferences(run, item, file(10), references);
    await references.keep();
    expect(await run.work.get(run.paths.referencesOf(item.id))).toEqual(ok(undefined));
  });
});
