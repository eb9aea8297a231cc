// Unpacks a bundle that is in memory: only what the record names, each entry with the length and hash that are sealed.
import { createHash } from "node:crypto";
import { inflateRawSync } from "node:zlib";
import { inspectZip } from "../../clients/archive.ts";
import type { ArtifactEntry } from "../../core/outcome.ts";
import { ok, type Result } from "../../core/result.ts";
import { LOCAL_HEADER_BYTES, localHeaderBytes, type ZipEntry } from "../../core/zip.ts";
import { differs } from "./blob-bytes.ts";

/** What a bundle may hold unpacked, and its packed form, some room included: at most 16 MiB are put into one. */
export const MOST_BUNDLE_BYTES = 32 * 1024 * 1024;

/** The plain bytes of the entries, in the order given; a failure names the first that is not as it was sealed. */
export async function unbundle(
  path: string,
  bytes: Uint8Array,
  entries: readonly ArtifactEntry[],
): Promise<Result<readonly Uint8Array[]>> {
  const range = (offset: number, length: number) =>
    Promise.resolve(ok(bytes.subarray(offset, offset + length)));
  const directory = await inspectZip(range, bytes.length);
  if (!directory.ok) return directory;
  const found = new Map(directory.value.entries.map((entry) => [entry.name, entry]));
  if (directory.value.entries.length !== entries.length) {
    return differs(path, `it holds ${directory.value.entries.length} entries, sealed are ${entries.length}`);
  }
  const plain: Uint8Array[] = [];
  for (const entry of entries) {
    const packed = found.get(shown(entry.name));
    const content = packed === undefined ? undefined : unpackEntry(bytes, packed, entry.sizeBytes);
    if (content === undefined)
      return differs(path, `the entry "${entry.name}" is missing or cannot be unpacked`);
    if (content.length !== entry.sizeBytes || hashOf(content) !== entry.hash) {
      return differs(path, `the entry "${entry.name}" has not the length and SHA-256 that are sealed`);
    }
    plain.push(content);
  }
  return ok(plain);
}

/** A directory shows names without control characters. */
function shown(name: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are what must not pass
  return name.replace(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, "\ufffd");
}

/** The plain bytes of one entry of a zip in memory; undefined when it cannot be unpacked to at most `sizeBytes`, and one. */
export function unpackEntry(bytes: Uint8Array, entry: ZipEntry, sizeBytes: number): Uint8Array | undefined {
  if (entry.encrypted || sizeBytes > MOST_BUNDLE_BYTES) return undefined;
  const header = bytes.subarray(entry.offset, entry.offset + LOCAL_HEADER_BYTES);
  const skip = localHeaderBytes(header);
  if (skip === undefined) return undefined;
  const from = entry.offset + skip;
  const packed = bytes.subarray(from, from + entry.compressedBytes);
  if (entry.method === 0) return packed;
  if (entry.method !== 8) return undefined;
  try {
    // One byte more than is sealed, so that a longer entry shows as longer.
    return inflateRawSync(packed, { maxOutputLength: sizeBytes + 1 });
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    if (/^(Z_DATA_ERROR|Z_BUF_ERROR|ERR_BUFFER_TOO_LARGE)$/.test(code)) return undefined;
    throw error;
  }
}

function hashOf(bytes: Uint8Array): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}
