// Reads a zipped file geodatabase far enough to count: a reader of its own, which shares nothing with the writer.
import { inflateRawSync } from "node:zlib";

export interface CountedTable {
  readonly table: string;
  /** Rows that .gdbtablx points to; they agree with the header's number of valid rows, else reading throws. */
  readonly rows: number;
}

export function zipEntries(zip: Buffer): Map<string, () => Buffer> {
  const end = zip.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]));
  if (end < 0) throw new Error(`Not a zip: ${zip.length} bytes without a central directory`);
  const entries = new Map<string, () => Buffer>();
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left -= 1) {
    if (zip.readUInt32LE(at) !== 0x02014b50) throw new Error(`Broken central directory at ${at}`);
    const method = zip.readUInt16LE(at + 10);
    const packed = zip.readUInt32LE(at + 20);
    const nameLength = zip.readUInt16LE(at + 28);
    const local = zip.readUInt32LE(at + 42);
    const name = zip.toString("utf8", at + 46, at + 46 + nameLength);
    entries.set(name, () => {
      const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
      const bytes = zip.subarray(start, start + packed);
      return method === 0 ? bytes : inflateRawSync(bytes);
    });
    at += 46 + nameLength + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  return entries;
}

/** Offset of each row, 0 = deleted. */
function rowOffsets(tablx: Buffer): number[] {
  const version = tablx.readInt32LE(0);
  const blocks = version === 4 ? Number(tablx.readBigInt64LE(4)) : tablx.readInt32LE(4);
  const width = tablx.readInt32LE(12);
  const trailer = 16 + blocks * 1024 * width;
  const rows =
    version === 4 ? (blocks === 0 ? 0 : Number(tablx.readBigInt64LE(trailer))) : tablx.readInt32LE(8);
  return Array.from({ length: rows }, (_, row) => tablx.readUIntLE(16 + row * width, width));
}

function validRows(table: Buffer): number {
  return table.readInt32LE(0) === 4 ? Number(table.readBigInt64LE(16)) : table.readInt32LE(4);
}

function catalogNames(table: Buffer, tablx: Buffer): string[] {
  return rowOffsets(tablx).map((offset) => {
    let length = 0;
    let shift = 0;
    let at = offset + 4;
    for (let more = true; more; shift += 7, at += 1) {
      const byte = table.readUInt8(at);
      length |= (byte & 0x7f) << shift;
      more = byte >= 0x80;
    }
    return table.toString("utf8", at, at + length);
  });
}

/** Every layer and table of the geodatabase with its rows; the system tables (GDB_*) are left out. */
export function readGdbZip(bytes: Uint8Array): CountedTable[] {
  const entries = zipEntries(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  const first = [...entries.keys()].find((name) => /\.gdb\/a00000001\.gdbtable$/.test(name));
  if (first === undefined) throw new Error("No file geodatabase in the zip");
  const folder = first.slice(0, -"a00000001.gdbtable".length);
  const file = (number: number, extension: string): Buffer | undefined =>
    entries.get(`${folder}a${number.toString(16).padStart(8, "0")}.${extension}`)?.();
  const [catalog, catalogOffsets] = [file(1, "gdbtable"), file(1, "gdbtablx")];
  if (catalog === undefined || catalogOffsets === undefined)
    throw new Error("No system catalog in the geodatabase");
  return catalogNames(catalog, catalogOffsets).flatMap((table, index) => {
    if (table.startsWith("GDB_")) return [];
    const [rowsFile, offsetsFile] = [file(index + 1, "gdbtable"), file(index + 1, "gdbtablx")];
    if (rowsFile === undefined || offsetsFile === undefined)
      throw new Error(`No files for the table ${table}`);
    const found = rowOffsets(offsetsFile).filter((offset) => offset > 0).length;
    const said = validRows(rowsFile);
    if (found !== said) throw new Error(`${table}: the header says ${said} rows, the offsets give ${found}`);
    return [{ table, rows: found }];
  });
}
