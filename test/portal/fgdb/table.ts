// Writes one table of a file geodatabase: .gdbtable (header, fields, rows) and .gdbtablx (where each row lies).
import { float64, int16, int32, int64, lengthAndBytes, shortName, uint8, uuid, varuint } from "./binary.ts";
import { GEOMETRY_CODE, geometryBytes, geometryField, type Geometry, type GeometryKind } from "./geometry.ts";

export type FieldKind =
  "int16" | "int32" | "float64" | "string" | "date" | "binary" | "uuid" | "globalid" | "xml";

export interface Field {
  readonly name: string;
  readonly kind: FieldKind;
  readonly required?: boolean;
  readonly width?: number;
}

export type Value = string | number | Uint8Array | null;
export interface Row {
  readonly values: Readonly<Record<string, Value>>;
  readonly geometry?: Geometry | null;
}

export interface Table {
  readonly fields: readonly Field[];
  readonly geometry?: GeometryKind;
  /** In ObjectID order from 1; null = deleted. */
  readonly rows: readonly (Row | null)[];
  /** 4 = 64-bit ObjectIDs (Pro 3.2 and later). */
  readonly version?: 3 | 4;
}

const TYPE_CODE: Record<FieldKind, number> = {
  int16: 0,
  int32: 1,
  float64: 3,
  string: 4,
  date: 5,
  binary: 8,
  uuid: 10,
  globalid: 11,
  xml: 12,
};
const DAY_MS = 86_400_000;
const EPOCH_DAYS_SINCE_1899 = 25_569;

function fieldBytes(field: Field): Buffer {
  const flag = field.required === true ? 4 : 5;
  const head = [shortName(field.name), shortName(""), uint8(TYPE_CODE[field.kind])];
  switch (field.kind) {
    case "string":
      return Buffer.concat([...head, int32(field.width ?? 255), uint8(flag), varuint(0)]);
    case "int16":
    case "int32":
    case "float64":
    case "date":
      return Buffer.concat([
        ...head,
        Buffer.from([{ int16: 2, int32: 4, float64: 8, date: 8 }[field.kind], flag, 0]),
      ]);
    case "uuid":
    case "globalid":
      return Buffer.concat([...head, Buffer.from([38, flag])]);
    case "binary":
    case "xml":
      return Buffer.concat([...head, Buffer.from([0, flag])]);
  }
}

function valueBytes(field: Field, value: string | number | Uint8Array): Buffer {
  switch (field.kind) {
    case "int16":
      return int16(Number(value));
    case "int32":
      return int32(Number(value));
    case "float64":
      return float64(Number(value));
    case "date":
      return float64(Number(value) / DAY_MS + EPOCH_DAYS_SINCE_1899);
    case "uuid":
    case "globalid":
      return uuid(String(value));
    case "string":
    case "binary":
    case "xml":
      return lengthAndBytes(typeof value === "object" ? value : Buffer.from(String(value), "utf8"));
  }
}

function rowBytes(table: Table, row: Row): Buffer {
  const nulls: boolean[] = [];
  const values: Buffer[] = [];
  if (table.geometry !== undefined) {
    const geometry = row.geometry ?? null;
    nulls.push(geometry === null);
    if (geometry !== null) values.push(lengthAndBytes(geometryBytes(geometry)));
  }
  for (const field of table.fields) {
    const value = row.values[field.name] ?? null;
    if (field.required !== true) nulls.push(value === null);
    if (value !== null) values.push(valueBytes(field, value));
    else if (field.required === true) throw new Error(`The field ${field.name} must not be null`);
  }
  const bitmap = Buffer.alloc(Math.ceil(nulls.length / 8), 0);
  for (let bit = 0; bit < bitmap.length * 8; bit += 1) {
    if (nulls[bit] ?? true) bitmap[bit >> 3] = (bitmap[bit >> 3] ?? 0) | (1 << (bit & 7));
  }
  return Buffer.concat([bitmap, ...values]);
}

function fieldSection(table: Table, version: 3 | 4): Buffer {
  const fields: Buffer[] = [
    Buffer.concat([shortName("OBJECTID"), shortName(""), Buffer.from([6, version === 4 ? 8 : 4, 2])]),
  ];
  if (table.geometry !== undefined) {
    fields.push(Buffer.concat([shortName("Shape"), shortName(""), uint8(7), geometryField()]));
  }
  fields.push(...table.fields.map(fieldBytes));
  const code = table.geometry === undefined ? 0 : GEOMETRY_CODE[table.geometry];
  const body = Buffer.concat([
    int32(version === 4 ? 6 : 4),
    Buffer.from([code, 3, 0, 0]),
    int16(fields.length),
    ...fields,
  ]);
  return Buffer.concat([int32(body.length), body]);
}

function offsetsFile(offsets: readonly number[], version: 3 | 4): Buffer {
  const blocks = Math.ceil(offsets.length / 1024);
  const places = Buffer.alloc(blocks * 1024 * 5);
  offsets.forEach((offset, row) => places.writeUIntLE(offset, row * 5, 5));
  if (version === 4) {
    const trailer = Buffer.concat([int64(offsets.length), int32(0)]);
    return Buffer.concat([int32(4), int64(blocks), int32(5), places, trailer]);
  }
  const trailer = Buffer.concat([int32(0), int32(blocks), int32(blocks), int32(0)]);
  return Buffer.concat([int32(3), int32(blocks), int32(offsets.length), int32(5), places, trailer]);
}

/** The two files of the table. */
export function tableFiles(table: Table): { readonly gdbtable: Buffer; readonly gdbtablx: Buffer } {
  const version = table.version ?? 3;
  const section = fieldSection(table, version);
  const parts: Buffer[] = [];
  const offsets: number[] = [];
  let offset = 40 + section.length;
  let largest = section.length;
  let valid = 0;
  for (const row of table.rows) {
    if (row === null) {
      offsets.push(0);
      continue;
    }
    const bytes = rowBytes(table, row);
    parts.push(int32(bytes.length), bytes);
    offsets.push(offset);
    offset += 4 + bytes.length;
    largest = Math.max(largest, bytes.length);
    valid += 1;
  }
  const deleted = valid < table.rows.length ? 1 : 0;
  const header =
    version === 3
      ? [int32(3), int32(valid), int32(largest), int32(5), int64(0)]
      : [int32(4), int32(deleted), int32(largest), int32(5), int64(valid)];
  return {
    gdbtable: Buffer.concat([...header, int64(offset), int64(40), section, ...parts]),
    gdbtablx: offsetsFile(offsets, version),
  };
}
