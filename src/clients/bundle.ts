// Zips the small parts of an item into one bundle. Equal entries give equal bytes, on every machine and at any time:
// fixed date, sorted names, jszip's own deflate (node:zlib's output changes between versions of Node).
import { createHash } from "node:crypto";
import JSZip from "jszip";
import type { ArtifactEntry } from "../core/outcome.ts";
import { contentKind } from "../core/formats.ts";

export interface BundleEntry {
  /** Path inside the bundle, with forward slashes. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

export interface Bundle {
  readonly bytes: Uint8Array;
  readonly sizeBytes: number;
  /** `sha256:{hex}` over the bundle's bytes. */
  readonly hash: string;
  /** In order of their names, each with size and hash of its plain bytes. */
  readonly entries: readonly ArtifactEntry[];
}

/** jszip holds everything in memory: more input than this is split, or streamed to blobs of its own. */
const BUNDLE_INPUT_BYTES = 16 * 1024 * 1024;

// The earliest date that a zip can tell. jszip writes the UTC fields, so the machine's time zone does not matter.
const DATE = new Date(Date.UTC(1980, 0, 1));

/** Makes one bundle. Throws RangeError for input over 16 MiB or names that cannot stand in a zip: split and name first. */
export async function makeBundle(entries: readonly BundleEntry[]): Promise<Bundle> {
  const sorted = entries.toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  check(sorted);
  const zip = new JSZip();
  for (const { name, bytes } of sorted) {
    zip.file(name, bytes, {
      date: DATE,
      createFolders: false,
      unixPermissions: 0o644,
      compression: isPacked(bytes) ? "STORE" : "DEFLATE",
      compressionOptions: { level: 6 },
    });
  }
  const bytes = await zip.generateAsync({ type: "uint8array", platform: "UNIX" });
  return {
    bytes,
    sizeBytes: bytes.length,
    hash: hashOf(bytes),
    entries: sorted.map((entry) => ({
      name: entry.name,
      sizeBytes: entry.bytes.length,
      hash: hashOf(entry.bytes),
    })),
  };
}

function check(sorted: readonly BundleEntry[]): void {
  const total = sorted.reduce((sum, entry) => sum + entry.bytes.length, 0);
  if (total > BUNDLE_INPUT_BYTES)
    throw new RangeError(`Cannot bundle ${total} bytes: at most ${BUNDLE_INPUT_BYTES}`);
  for (const [nth, { name }] of sorted.entries()) {
    if (name === sorted[nth + 1]?.name) throw new RangeError(`Cannot bundle two entries named "${name}"`);
    if (/\\|(^|\/)\.{0,2}(\/|$)/.test(name)) throw new RangeError(`Cannot name a bundle's entry "${name}"`);
  }
}

const PACKED = new Set(["zip", "png", "jpeg", "gif", "gzip", "7z", "pdf"]);

/** By its first bytes and not by its name: what is compressed already only costs time. */
function isPacked(bytes: Uint8Array): boolean {
  return PACKED.has(contentKind(bytes.subarray(0, 1024)));
}

function hashOf(bytes: Uint8Array): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}
