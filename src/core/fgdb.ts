// Reads a file geodatabase far enough to prove it: which tables it has, and how many rows each holds.
// The format is Esri's and undocumented; the layout is that of the FGDB specification at github.com/rouault/dump_gdbtable
// (wiki) and of GDAL's OpenFileGDB driver. Versions: 3 (32-bit ObjectIDs) and 4 (64-bit, ArcGIS Pro 3.2 and later).
import { catching } from "./catching.ts";
import { failed, ok } from "./result.ts";
import type { Failure, Result } from "./result.ts";

/** Bytes of a .gdbtable that tell its number of rows. */
export const GDB_HEADER_BYTES = 40;

/** One table as the catalog lists it; its file is `a{id:08x}.gdbtable`. */
export interface CatalogTable {
  readonly id: number;
  readonly name: string;
}

const DAMAGED_NEXT =
  "Start the backup again; if it stays so, export the layer by hand and open it in ArcGIS Pro";

/** Base name of a table's files, in lower case. */
export function gdbFileName(tableId: number): string {
  return `a${tableId.toString(16).padStart(8, "0")}`;
}

/** Number of valid (not deleted) rows, from the first 40 bytes of a .gdbtable. */
export function rowCount(header: Uint8Array): Result<number> {
  if (header.length < GDB_HEADER_BYTES) return damaged(`a table's header has ${header.length} of 40 bytes`);
  const view = viewOf(header);
  const version = view.getInt32(0, true);
  if (version !== 3 && version !== 4) return damaged(`a table has the unknown version ${version}`);
  const rows = version === 3 ? view.getInt32(4, true) : Number(view.getBigInt64(16, true));
  if (rows < 0 || !Number.isSafeInteger(rows)) return damaged(`a table claims ${rows} rows`);
  return ok(rows);
}

/** Every table of the catalog but Esri's own (`GDB_*`), from table 1's whole .gdbtable and .gdbtablx. */
export function catalogTables(table: Uint8Array, index: Uint8Array): Result<readonly CatalogTable[]> {
  const read = () => {
    const rows = rowOffsets(index);
    const fields = fieldsOf(table);
    return rows.map(({ id, offset }) => ({ id, name: nameAt(table, offset, fields) }));
  };
  // DataView throws RangeError at the end of the bytes, TextDecoder TypeError for what is no text.
  const tables = catching(read, RangeError, TypeError);
  if (!tables.ok) return damaged(`its catalog cannot be read (${tables.error.message})`);
  return ok(tables.value.filter(({ name }) => !/^GDB_/i.test(name)));
}

const ROWS_PER_BLOCK = 1024;
// Far above any real geodatabase: they bound what a hostile catalog can make of its bytes.
const MOST_TABLES = 65_536;
const MOST_FIELDS = 64;
const LONGEST_NAME_BYTES = 4_096;

/** Where the rows lie, in order of their ids; a deleted row has no place. */
function rowOffsets(index: Uint8Array): { readonly id: number; readonly offset: number }[] {
  const view = viewOf(index);
  const version = view.getInt32(0, true);
  const blocks = view.getUint32(4, true);
  const width = view.getUint32(12, true);
  if (width < 4 || width > 6) throw new RangeError(`offsets of ${width} bytes`);
  const trailer = 16 + blocks * ROWS_PER_BLOCK * width;
  const total =
    version === 3 ? view.getUint32(8, true) : blocks === 0 ? 0 : Number(view.getBigUint64(trailer, true));
  // More rows than blocks: whole blocks of deleted rows are left out, and which ones stands in a map. A catalog
  // would need 1,024 deleted tables in a row for that.
  if (total > blocks * ROWS_PER_BLOCK) throw new RangeError(`${total} tables in ${blocks} blocks`);
  if (total > MOST_TABLES) throw new RangeError(`${total} tables`);
  const rows: { id: number; offset: number }[] = [];
  for (let row = 0; row < total; row++) {
    const at = 16 + row * width;
    const high = width === 4 ? 0 : width === 5 ? view.getUint8(at + 4) : view.getUint16(at + 4, true);
    const offset = view.getUint32(at, true) + high * 2 ** 32;
    if (offset !== 0) rows.push({ id: row + 1, offset });
  }
  return rows;
}

interface Field {
  readonly name: string;
  readonly type: number;
  readonly nullable: boolean;
}

interface Fields {
  readonly fields: readonly Field[];
  readonly utf8: boolean;
}

const STRING = 4;
const OBJECT_ID = 6;
/** Bytes that a value takes in a row, by field type; types with a length of their own are not here. */
const FIXED_BYTES: Readonly<Record<number, number | undefined>> = {
  0: 2,
  1: 4,
  2: 4,
  3: 8,
  5: 8,
  10: 16,
  11: 16,
  13: 8,
  14: 8,
  15: 8,
  16: 10,
};

function fieldsOf(table: Uint8Array): Fields {
  const view = viewOf(table);
  const section = Number(view.getBigUint64(32, true));
  const utf8 = (view.getUint8(section + 9) & 1) !== 0;
  const fields: Field[] = [];
  const count = view.getUint16(section + 12, true);
  if (count > MOST_FIELDS) throw new RangeError(`${count} fields`);
  let at = section + 14;
  const text = (): string => {
    const bytes = view.getUint8(at) * 2;
    const value = decode(table, at + 1, bytes, "utf-16le");
    at += 1 + bytes;
    return value;
  };
  for (let nth = 0; nth < count; nth++) {
    const name = text();
    text();
    const type = view.getUint8(at);
    at++;
    let flags: number;
    let defaultBytes = 0;
    if (type === STRING) {
      flags = view.getUint8(at + 4);
      const length = varuint(view, at + 5);
      defaultBytes = length.value;
      at = length.next;
    } else if (type === OBJECT_ID || type === 8 || (type >= 10 && type <= 12)) {
      flags = view.getUint8(at + 1);
      at += 2;
    } else if (FIXED_BYTES[type] !== undefined) {
      flags = view.getUint8(at + 1);
      defaultBytes = view.getUint8(at + 2);
      at += 3;
    } else {
      throw new RangeError(`field type ${type}`);
    }
    if ((flags & 4) !== 0) at += defaultBytes;
    fields.push({ name, type, nullable: (flags & 1) !== 0 });
  }
  return { fields, utf8 };
}

/** The value of the field "Name" of the row at `offset`. */
function nameAt(table: Uint8Array, offset: number, { fields, utf8 }: Fields): string {
  const view = viewOf(table);
  const end = offset + 4 + view.getInt32(offset, true);
  const nulls = offset + 4;
  let at = nulls + Math.ceil(fields.filter((field) => field.nullable).length / 8);
  let bit = 0;
  for (const field of fields) {
    if (field.type === OBJECT_ID) continue;
    const isNull = field.nullable && (view.getUint8(nulls + (bit >> 3)) & (1 << (bit & 7))) !== 0;
    if (field.nullable) bit++;
    if (isNull) continue;
    const fixed = FIXED_BYTES[field.type];
    const value = fixed === undefined ? varuint(view, at) : { value: fixed, next: at };
    if (value.next + value.value > end) throw new RangeError(`row at ${offset}`);
    if (field.name.toLowerCase() === "name" && field.type === STRING) {
      return decode(table, value.next, value.value, utf8 ? "utf-8" : "utf-16le");
    }
    at = value.next + value.value;
  }
  throw new RangeError(`row at ${offset} without a name`);
}

/** 7 bits a byte, least significant first, at most 5 bytes. */
function varuint(view: DataView, at: number): { readonly value: number; readonly next: number } {
  let value = 0;
  for (let nth = 0; nth < 5; nth++) {
    const byte = view.getUint8(at + nth);
    value += (byte & 0x7f) * 2 ** (7 * nth);
    if (byte < 0x80) return { value, next: at + nth + 1 };
  }
  throw new RangeError(`number at ${at}`);
}

function decode(bytes: Uint8Array, at: number, length: number, encoding: "utf-8" | "utf-16le"): string {
  if (length > LONGEST_NAME_BYTES || at + length > bytes.length) throw new RangeError(`text at ${at}`);
  return new TextDecoder(encoding, { fatal: true }).decode(bytes.subarray(at, at + length));
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function damaged(what: string): { readonly ok: false; readonly failure: Failure } {
  return failed("wrong-content", `Cannot read the file geodatabase: ${what}`, DAMAGED_NEXT);
}
