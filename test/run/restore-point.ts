// Reads a restore point as a stranger would: the manifest, items.jsonl and FORMAT.md's rules, nothing else of the app.
import { createHash } from "node:crypto";
import JSZip from "jszip";
import type { Store } from "../../src/clients/store/store.ts";
import { parseItemLine } from "../../src/core/item-line.ts";
import { type Manifest, parseManifest } from "../../src/core/manifest.ts";
import type { Artifact } from "../../src/core/outcome.ts";
import type { Result } from "../../src/core/result.ts";
import type { ItemLine } from "../../src/core/run.ts";
import { openStore } from "../azurite.ts";

export interface RestorePoint {
  readonly manifest: Manifest;
  readonly items: readonly ItemLine[];
  /** Paths below the run folder. */
  readonly blobs: readonly string[];
  read(path: string): Promise<Buffer>;
}

export function value<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  throw new Error(result.failure.text);
}

export function readRestorePoint(container: string, folder: string): Promise<RestorePoint> {
  return restorePointIn(openStore(container), folder);
}

export async function restorePointIn(store: Store, folder: string): Promise<RestorePoint> {
  const read = async (path: string): Promise<Buffer> => {
    const blob = value(await store.get(`${folder}/${path}`));
    if (blob === undefined) throw new Error(`No blob "${path}" in ${folder}`);
    return Buffer.from(blob.bytes);
  };
  const manifest = value(parseManifest((await read("manifest.json")).toString("utf8")));
  const lines = (await read("items.jsonl")).toString("utf8").trimEnd().split("\n");
  const blobs: string[] = [];
  for (let next: string | undefined, first = true; first || next !== undefined; first = false) {
    const page = value(await store.list(`${folder}/`, next));
    blobs.push(...page.blobs.map((blob) => blob.path.slice(folder.length + 1)));
    next = page.next;
  }
  return { manifest, items: lines.map((line, n) => value(parseItemLine(line, n + 1))), blobs, read };
}

export function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** The plain entries of an item's bundles by name. */
export async function bundleEntries(
  point: RestorePoint,
  artifacts: readonly Artifact[],
): Promise<Map<string, Buffer>> {
  const entries = new Map<string, Buffer>();
  for (const artifact of artifacts.filter(({ kind }) => kind === "bundle")) {
    const zip = await JSZip.loadAsync(await point.read(artifact.path));
    for (const [name, file] of Object.entries(zip.files)) entries.set(name, await file.async("nodebuffer"));
  }
  return entries;
}
