// A small restore point in a store in memory: a layer with two bundles and an export, a file, a skipped item.
import { createHash } from "node:crypto";
import { makeBundle } from "../../../src/clients/bundle.ts";
import type { Store } from "../../../src/clients/store/store.ts";
import { itemLineText } from "../../../src/core/item-line.ts";
import { manifestText } from "../../../src/core/manifest.ts";
import type { Artifact } from "../../../src/core/outcome.ts";
import type { ItemLine, RunSummary } from "../../../src/core/run.ts";
import type { Destination } from "../../../src/local/restore-point/destination.ts";
import { ok } from "../../../src/core/result.ts";
import { aLine, aSummary, id } from "../../core/report-samples.ts";
import { memoryStore } from "../../memory-store.ts";

export const FOLDER = "nightly_20260514T020000Z";
export const LAYER = `items/jdoe/Water/Hydrants_${id(1)}`;
export const SURVEY = `items/jdoe/_root/Survey_${id(2)}`;
/** Longer than the pieces in which a blob is read. */
export const SURVEY_BYTES = Buffer.alloc(9 * 1024 * 1024, "survey ");

export function sealedAs(bytes: Uint8Array | string): { sizeBytes: number; hash: string } {
  const hash = `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
  return { sizeBytes: Buffer.byteLength(bytes), hash };
}

async function bundleAt(
  store: Store,
  path: string,
  entries: Readonly<Record<string, string>>,
): Promise<Artifact> {
  const parts = Object.entries(entries).map(([name, text]) => ({ name, bytes: Buffer.from(text) }));
  const bundle = await makeBundle(parts);
  await store.put(`${FOLDER}/${path}`, bundle.bytes);
  const { sizeBytes, hash } = bundle;
  return { kind: "bundle", path, sizeBytes, hash, proof: "transit", entries: bundle.entries };
}

async function blobAt(store: Store, path: string, bytes: Uint8Array, more: object): Promise<Artifact> {
  await store.put(`${FOLDER}/${path}`, bytes);
  return { kind: "data", path, ...sealedAs(bytes), proof: "transit", ...more };
}

export interface Fixture {
  readonly store: Store;
  readonly destination: Destination;
}

/** Seals a run folder with these lines. */
export async function seal(
  store: Store,
  lines: readonly ItemLine[],
  over: Partial<RunSummary> = {},
  folder = FOLDER,
): Promise<void> {
  const texts = {
    "items.jsonl": lines.map(itemLineText).join(""),
    "Results.txt": "SUCCEEDED\n",
    "organisation/users.json": "[]\n",
  };
  for (const [name, text] of Object.entries(texts)) await store.put(`${folder}/${name}`, text);
  const files = Object.entries(texts).map(([name, text]) => ({ name, ...sealedAs(text) }));
  await store.put(`${folder}/manifest.json`, manifestText(aSummary(lines, over), files));
}

export async function restorePoint(): Promise<Fixture> {
  const store = memoryStore("backups");
  const layer = [
    await bundleAt(store, `${LAYER}.zip`, { "item.json": '{"title":"Hydrants"}', data: "{}" }),
    await bundleAt(store, `${LAYER}.2.zip`, { "resources/a/b.json": "[1]" }),
    await blobAt(store, `${LAYER}_export.gdb.zip`, Buffer.from("PK-geodatabase"), { kind: "export" }),
  ];
  const file = [
    await bundleAt(store, `${SURVEY}.zip`, { "item.json": '{"title":"Survey"}' }),
    await blobAt(store, `${SURVEY}_data.pdf`, SURVEY_BYTES, { name: "survey 2019.pdf" }),
  ];
  await seal(store, [
    aLine(1, "saved", { title: "Hydrants" }, { artifacts: layer, strategy: "export-fgdb" }),
    aLine(2, "saved", { title: "Survey" }, { artifacts: file, strategy: "download-file" }),
    aLine(3, "skipped", { title: "Survey" }),
  ]);
  return { store, destination: destinationOf(store) };
}

/** The container as a destination: its folders by the names of its blobs. */
export function destinationOf(store: Store): Destination {
  return {
    store,
    folders: async (prefix) => {
      const page = await store.list(prefix);
      if (!page.ok) return page;
      return ok([...new Set(page.value.blobs.map(({ path }) => path.split("/")[0] ?? ""))]);
    },
  };
}
