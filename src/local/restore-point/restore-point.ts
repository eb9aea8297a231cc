// A restore point as a reader meets it: its manifest, and the lines of items.jsonl checked against the manifest.
import { createHash } from "node:crypto";
import type { Store } from "../../clients/store/store.ts";
import { parseItemLine } from "../../core/item-line.ts";
import { type Manifest, type ManifestFile, parseManifest } from "../../core/manifest.ts";
import { failed, ok, type Result } from "../../core/result.ts";
import type { ItemLine } from "../../core/run.ts";
import { blobBytes, differs } from "./blob-bytes.ts";
import { linesOf } from "./lines.ts";

/** A manifest grows with the differences of a listing, of which there are some hundreds at most. */
const MOST_MANIFEST_BYTES = 64 * 1024 * 1024;

export interface RestorePoint {
  readonly store: Store;
  readonly folder: string;
  readonly manifest: Manifest;
  /** manifest.json as it lies in the folder. */
  readonly manifestBytes: Uint8Array;
  /** `sha256:{hex}` over them: nothing else is the same restore point. */
  readonly manifestHash: string;
}

/** Reads the manifest of a run folder; undefined where there is none: then the folder is no restore point. */
export async function openRestorePoint(
  store: Store,
  folder: string,
): Promise<Result<RestorePoint | undefined>> {
  const path = `${folder}/manifest.json`;
  const info = await store.info(path);
  if (!info.ok) return info;
  if (info.value === undefined) return ok(undefined);
  if (info.value.sizeBytes > MOST_MANIFEST_BYTES) {
    return differs(path, `it has ${info.value.sizeBytes} bytes, which no manifest has`);
  }
  const blob = await store.get(path);
  if (!blob.ok) return blob;
  if (blob.value === undefined) return ok(undefined);
  const { bytes } = blob.value;
  const manifest = parseManifest(new TextDecoder().decode(bytes));
  if (!manifest.ok) return manifest;
  const manifestHash = `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
  return ok({ store, folder, manifest: manifest.value, manifestBytes: bytes, manifestHash });
}

/** What the manifest says of items.jsonl. */
export function itemsFile({ folder, manifest }: RestorePoint): Result<ManifestFile> {
  const file = manifest.files.find(({ name }) => name === "items.jsonl");
  if (file !== undefined) return ok(file);
  return failed(
    "wrong-content",
    `The manifest of "${folder}" does not name items.jsonl`,
    "Use another restore point: this one ended before it listed anything",
  );
}

/**
 * Calls `visit` with each line of items.jsonl in turn. Only when the answer is ok is what was seen what was sealed: the hash
 * is known at the end.
 */
export async function readItems(point: RestorePoint, visit: (line: ItemLine) => void): Promise<Result<void>> {
  const file = itemsFile(point);
  if (!file.ok) return file;
  let number = 0;
  let first: Result<never> | undefined;
  for await (const text of linesOf(blobBytes(point.store, `${point.folder}/items.jsonl`, file.value))) {
    if (!text.ok) return text;
    number += 1;
    const line = parseItemLine(text.value, number);
    // Told only when the bytes are those that were sealed: else that is what is wrong.
    if (line.ok) visit(line.value);
    else first ??= line;
  }
  return first ?? ok(undefined);
}
