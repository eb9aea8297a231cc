// Opens zips and file geodatabases where they lie, by ranges: the tail, the directory, and the first bytes of what is
// asked for. Memory is bounded whatever the file claims.
import { constants, crc32, inflateRawSync } from "node:zlib";
import { catalogTables, GDB_HEADER_BYTES, gdbFileName, rowCount } from "../core/fgdb.ts";
import { contentKind } from "../core/formats.ts";
import { failed, ok } from "../core/result.ts";
import type { Result } from "../core/result.ts";
import { locateDirectory, ZIP_TAIL_BYTES } from "../core/zip-end.ts";
import type { ZipLocation, ZipNeed, ZipProblem } from "../core/zip-end.ts";
import { LOCAL_HEADER_BYTES, localHeaderBytes, parseDirectory } from "../core/zip.ts";
import type { ZipDirectory, ZipEntry } from "../core/zip.ts";

/** Bytes [offset, offset+length) of the file, fewer at its end: `Store.range` of one blob. */
export type ReadRange = (offset: number, length: number) => Promise<Result<Uint8Array>>;

export interface GdbTable {
  readonly name: string;
  readonly rows: number;
}

const MiB = 1024 * 1024;
/** A directory of 64 MiB has half a million entries. */
const MOST_DIRECTORY_BYTES = 64 * MiB;
const MOST_CATALOG_BYTES = 64 * MiB;
/** Compressed bytes that are fetched to see 40 plain ones; also covers a local header with a long name and extras. */
const HEAD_READ_BYTES = 2048;
const READS_AT_ONCE = 4;

/** Reads the directory of a zip of `sizeBytes`; `truncated` or `wrong-content` when there is none that fits the file. */
export async function inspectZip(read: ReadRange, sizeBytes: number): Promise<Result<ZipDirectory>> {
  const located = await locate(read, sizeBytes, Math.min(sizeBytes, 4096));
  if (!located.ok) return located;
  if (located.value.sizeBytes > MOST_DIRECTORY_BYTES) {
    return unreadable("wrong-content", `its directory has ${located.value.sizeBytes} bytes`);
  }
  const directory = await read(located.value.offset, located.value.sizeBytes);
  if (!directory.ok) return directory;
  const parsed = parseDirectory(directory.value, located.value);
  return "kind" in parsed ? unreadable(parsed.reason, parsed.text) : ok(parsed);
}

async function locate(read: ReadRange, sizeBytes: number, tailBytes: number): Promise<Result<ZipLocation>> {
  const tail = await read(sizeBytes - tailBytes, tailBytes);
  if (!tail.ok) return tail;
  if (tail.value.length !== tailBytes) {
    return unreadable("truncated", `${tail.value.length} bytes lie where ${tailBytes} should`);
  }
  const found: ZipLocation | ZipNeed | ZipProblem = locateDirectory(tail.value, sizeBytes);
  if (found.kind === "found") return ok(found);
  if (found.kind === "need") {
    const wanted = sizeBytes - found.from;
    // A zip64 record further from the end than any writer puts it.
    if (wanted <= tailBytes || wanted > 2 * ZIP_TAIL_BYTES)
      return unreadable("wrong-content", "its end records lie apart");
    return await locate(read, sizeBytes, wanted);
  }
  const head = await read(0, Math.min(sizeBytes, 1024));
  if (!head.ok) return head;
  const kind = contentKind(head.value);
  if (kind === "zip") return unreadable(found.reason, found.text);
  return unreadable(
    "wrong-content",
    kind === "empty" ? "it is empty" : `it begins like ${kind}, not like a zip`,
  );
}

/**
 * Tables with their numbers of rows of the file geodatabase in a zip, Esri's own (`GDB_*`) left out, in the order of
 * the catalog. A table that is listed and has no file holds nothing, and is left out.
 */
export async function inspectGdb(read: ReadRange, sizeBytes: number): Promise<Result<readonly GdbTable[]>> {
  const zip = await inspectZip(read, sizeBytes);
  if (!zip.ok) return zip;
  const folder = gdbFolder(zip.value.entries);
  if (!folder.ok) return folder;
  const files = folder.value;
  const catalogFile = files.get(`${gdbFileName(1)}.gdbtable`);
  const indexFile = files.get(`${gdbFileName(1)}.gdbtablx`);
  if (catalogFile === undefined || indexFile === undefined) return notGdb("its catalog (table 1) is missing");
  const catalog = await readWhole(read, catalogFile);
  if (!catalog.ok) return catalog;
  const index = await readWhole(read, indexFile);
  if (!index.ok) return index;
  const tables = catalogTables(catalog.value, index.value);
  if (!tables.ok) return tables;

  const counted: GdbTable[] = [];
  const present = tables.value.flatMap(({ id, name }) => {
    const file = files.get(`${gdbFileName(id)}.gdbtable`);
    return file === undefined ? [] : [{ name, file }];
  });
  for (let at = 0; at < present.length; at += READS_AT_ONCE) {
    const some = present.slice(at, at + READS_AT_ONCE);
    const heads = await Promise.all(some.map(({ file }) => readHead(read, file, GDB_HEADER_BYTES)));
    for (const [nth, head] of heads.entries()) {
      if (!head.ok) return head;
      const rows = rowCount(head.value);
      if (!rows.ok) return rows;
      counted.push({ name: some[nth]?.name ?? "", rows: rows.value });
    }
  }
  return ok(counted);
}

/** The files of the one folder `*.gdb`, by their names in lower case. */
function gdbFolder(entries: readonly ZipEntry[]): Result<ReadonlyMap<string, ZipEntry>> {
  const catalog = entries.filter((entry) => /(^|[/\\])a00000001\.gdbtable$/i.test(entry.name));
  const [first] = catalog;
  if (first === undefined) return notGdb(`none of its ${entries.length} entries is a geodatabase's catalog`);
  if (catalog.length > 1) return notGdb(`it holds ${catalog.length} geodatabases`);
  const folder = first.name.slice(0, first.name.length - "a00000001.gdbtable".length);
  const inside = entries.filter((entry) => entry.name.startsWith(folder));
  return ok(new Map(inside.map((entry) => [entry.name.slice(folder.length).toLowerCase(), entry])));
}

/** All plain bytes of an entry of at most 64 MiB, held against the checksum that the directory tells. */
export async function readWhole(read: ReadRange, entry: ZipEntry): Promise<Result<Uint8Array>> {
  if (entry.sizeBytes > MOST_CATALOG_BYTES || entry.compressedBytes > MOST_CATALOG_BYTES) {
    return unreadable("wrong-content", `entry "${entry.name}" has ${entry.sizeBytes} bytes`);
  }
  const plain = await readHead(read, entry, entry.sizeBytes);
  if (!plain.ok) return plain;
  if (crc32(plain.value) !== entry.crc32) {
    return unreadable(
      "wrong-content",
      `entry "${entry.name}" does not have the checksum that the directory tells`,
    );
  }
  return plain;
}

/** The first `wanted` plain bytes of an entry, or all when it is shorter. */
export async function readHead(
  read: ReadRange,
  entry: ZipEntry,
  wanted: number,
): Promise<Result<Uint8Array>> {
  const bytes = Math.min(wanted, entry.sizeBytes);
  if (entry.encrypted || (entry.method !== 0 && entry.method !== 8)) {
    return unreadable(
      "wrong-content",
      `entry "${entry.name}" is packed by method ${entry.method} or encrypted`,
    );
  }
  // Deflate may grow what does not compress, by 5 bytes a block.
  const needed = Math.min(
    entry.compressedBytes,
    wanted >= entry.sizeBytes ? entry.compressedBytes : HEAD_READ_BYTES,
  );
  const ranged = await read(entry.offset, HEAD_READ_BYTES + needed);
  if (!ranged.ok) return ranged;
  const skip = localHeaderBytes(ranged.value.subarray(0, LOCAL_HEADER_BYTES));
  if (skip === undefined)
    return unreadable("wrong-content", `entry "${entry.name}" is not where the directory says`);
  let packed = ranged.value.subarray(skip, skip + needed);
  if (packed.length < needed) {
    const rest = await read(entry.offset + skip, needed);
    if (!rest.ok) return rest;
    packed = rest.value;
  }
  const plain = entry.method === 0 ? packed.subarray(0, bytes) : inflated(packed, bytes);
  if (plain === undefined || plain.length < bytes) {
    return unreadable("wrong-content", `entry "${entry.name}" cannot be unpacked`);
  }
  return ok(plain);
}

/** At most `most` bytes of a deflated beginning; undefined when it is damaged. */
function inflated(packed: Uint8Array, most: number): Uint8Array | undefined {
  try {
    // A packed byte makes at most 1,032 plain ones: enough for a beginning, and a whole entry may be what it declared.
    const maxOutputLength = Math.max(most, HEAD_READ_BYTES * 1_032) + 1;
    return inflateRawSync(packed, { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength }).subarray(0, most);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "Z_DATA_ERROR" || code === "Z_BUF_ERROR" || code === "ERR_BUFFER_TOO_LARGE")
      return undefined;
    throw error;
  }
}

function unreadable(reason: "truncated" | "wrong-content", why: string): Result<never> {
  return failed(
    reason,
    `Cannot read the zip: ${why}`,
    "Start the backup again; if it stays so, download the file by hand and open it",
  );
}

function notGdb(why: string): Result<never> {
  return failed(
    "wrong-content",
    `Cannot find a file geodatabase in the zip: ${why}`,
    "Start the backup again; if it stays so, export the layer by hand and open it in ArcGIS Pro",
  );
}
