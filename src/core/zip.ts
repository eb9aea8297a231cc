// Reads the directory of a zip file without the file's content: names, sizes, places. Everything in it is hostile:
// every number is checked against what must hold, and what does not fit is a problem, never an exception.
// Format: PKWARE APPNOTE 6.3.10, sections 4.3.7 to 4.3.12 and 4.5.3.
import { number64, problem } from "./zip-end.ts";
import type { ZipLocation, ZipProblem } from "./zip-end.ts";

export interface ZipEntry {
  /** As written, control characters replaced; for showing and comparing, never a path to write to. */
  readonly name: string;
  readonly sizeBytes: number;
  readonly compressedBytes: number;
  readonly crc32: number;
  /** Where its local header begins in the file. */
  readonly offset: number;
  /** 0 = stored, 8 = deflate, others as in the format. */
  readonly method: number;
  readonly encrypted: boolean;
}

export interface ZipDirectory {
  readonly entries: readonly ZipEntry[];
  /** Where the directory begins: everything before belongs to entries. */
  readonly offset: number;
}

const HEADER_BYTES = 46;
const LOCAL_BYTES = 30;

/** Parses the directory's own bytes, as `locateDirectory` found them. */
export function parseDirectory(bytes: Uint8Array, location: ZipLocation): ZipDirectory | ZipProblem {
  if (bytes.length !== location.sizeBytes) return problem("truncated", "its directory is not whole");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const entries: ZipEntry[] = [];
  let at = 0;
  for (let nth = 1; nth <= location.entries; nth++) {
    if (at + HEADER_BYTES > bytes.length || view.getUint32(at, true) !== 0x02014b50) {
      return problem("wrong-content", `its directory breaks off before entry ${nth} of ${location.entries}`);
    }
    const nameBytes = view.getUint16(at + 28, true);
    const extraBytes = view.getUint16(at + 30, true);
    const next = at + HEADER_BYTES + nameBytes + extraBytes + view.getUint16(at + 32, true);
    if (next > bytes.length)
      return problem("wrong-content", `entry ${nth} reaches over the end of its directory`);
    const entry = readEntry(view, bytes, at, nameBytes, extraBytes);
    if (entry === undefined) return problem("wrong-content", `the sizes of entry ${nth} are missing`);
    entries.push(entry);
    at = next;
  }
  if (at !== bytes.length) {
    return problem(
      "wrong-content",
      `its directory holds more than the ${location.entries} entries that it counts`,
    );
  }
  return overlap(entries, location.offset) ?? { entries, offset: location.offset };
}

function readEntry(
  view: DataView,
  bytes: Uint8Array,
  at: number,
  nameBytes: number,
  extraBytes: number,
): ZipEntry | undefined {
  const nameAt = at + HEADER_BYTES;
  const wide = { at: nameAt + nameBytes, end: nameAt + nameBytes + extraBytes };
  const flags = view.getUint16(at + 8, true);
  const sizes = [view.getUint32(at + 24, true), view.getUint32(at + 20, true), view.getUint32(at + 42, true)];
  const [sizeBytes, compressedBytes, offset] = sizes.includes(0xffffffff)
    ? wideSizes(view, wide, sizes)
    : sizes;
  if (sizeBytes === undefined || compressedBytes === undefined || offset === undefined) return undefined;
  return {
    name: nameOf(bytes.subarray(nameAt, nameAt + nameBytes)),
    sizeBytes,
    compressedBytes,
    crc32: view.getUint32(at + 16, true),
    offset,
    method: view.getUint16(at + 10, true),
    encrypted: (flags & 1) !== 0,
  };
}

/** The zip64 extra field holds, in this order, only those of size, compressed size and offset that are 0xFFFFFFFF. */
function wideSizes(
  view: DataView,
  extra: { readonly at: number; readonly end: number },
  sizes: readonly number[],
): readonly (number | undefined)[] {
  for (let at = extra.at; at + 4 <= extra.end; at += 4 + view.getUint16(at + 2, true)) {
    if (view.getUint16(at, true) !== 1) continue;
    let from = at + 4;
    const end = Math.min(extra.end, from + view.getUint16(at + 2, true));
    return sizes.map((size) => {
      if (size !== 0xffffffff) return size;
      if (from + 8 > end) return undefined;
      from += 8;
      return number64(view, from - 8);
    });
  }
  // A size of exactly 4 GiB - 1 may stand without the field.
  return sizes;
}

/** Entries must lie before the directory and apart from each other. */
function overlap(entries: readonly ZipEntry[], directoryAt: number): ZipProblem | undefined {
  const inOrder = entries.toSorted((a, b) => a.offset - b.offset);
  for (const [index, entry] of inOrder.entries()) {
    const end = entry.offset + LOCAL_BYTES + entry.compressedBytes;
    if (end > directoryAt)
      return problem("wrong-content", `entry "${entry.name}" reaches into the directory`);
    const next = inOrder[index + 1];
    if (next !== undefined && end > next.offset) {
      return problem("wrong-content", `entries "${entry.name}" and "${next.name}" overlap`);
    }
  }
  return undefined;
}

/** Bytes of a local header that tell where the entry's data begin. */
export const LOCAL_HEADER_BYTES = LOCAL_BYTES;

/** How many bytes lie between an entry's offset and its data; undefined when no local header begins there. */
export function localHeaderBytes(header: Uint8Array): number | undefined {
  if (header.length < LOCAL_BYTES) return undefined;
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength);
  if (view.getUint32(0, true) !== 0x04034b50) return undefined;
  return LOCAL_BYTES + view.getUint16(26, true) + view.getUint16(28, true);
}

/** UTF-8 where it is that (many writers forget the flag), else one character a byte. */
function nameOf(bytes: Uint8Array): string {
  const name = new TextDecoder("utf-8").decode(bytes);
  const readable = name.includes("\ufffd") ? new TextDecoder("latin1").decode(bytes) : name;
  // eslint-disable-next-line no-control-regex -- control characters are what must not pass
  return readable.replace(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, "\ufffd");
}
