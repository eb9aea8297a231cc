// Puts a file geodatabase together and zips it as an export does: one folder, system tables first, then the datasets.
import { createHash } from "node:crypto";
import { zip, type ZipEntry } from "../zip.ts";
import { int32 } from "./binary.ts";
import { WKT, type GeometryKind } from "./geometry.ts";
import { ITEM_TYPES, itemsTable, type Described } from "./items.ts";
import { tableFiles, type Field, type Row, type Table } from "./table.ts";

export interface Dataset {
  readonly name: string;
  readonly geometry?: GeometryKind;
  readonly fields: readonly Field[];
  /** null = deleted row. */
  readonly rows: readonly (Row | null)[];
  readonly version?: 3 | 4;
}

export interface Relationship {
  readonly name: string;
  readonly origin: string;
  readonly destination: string;
}

/** `{8-4-4-4-12}` in capitals, always the same for a name. */
export function guidOf(name: string): string {
  const hex = createHash("sha256").update(name).digest("hex").toUpperCase();
  return `{${[hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join("-")}}`;
}

const name = (field: string, width = 160): Field => ({ name: field, kind: "string", width, required: true });
const required = (field: string, kind: Field["kind"]): Field => ({ name: field, kind, required: true });

const SYSTEM_NAMES = [
  "GDB_SystemCatalog",
  "GDB_DBTune",
  "GDB_SpatialRefs",
  "GDB_Items",
  "GDB_ItemTypes",
  "GDB_ItemRelationships",
  "GDB_ItemRelationshipTypes",
  "GDB_ReplicaLog",
];

function catalog(datasets: readonly Dataset[]): Table {
  const names = [...SYSTEM_NAMES, ...datasets.map((dataset) => dataset.name)];
  return {
    fields: [name("Name"), required("FileFormat", "int32")],
    rows: names.map((Name) => ({ values: { Name, FileFormat: 0 } })),
  };
}

function systemTables(
  datasets: readonly Dataset[],
  relationships: readonly Relationship[],
  seed: string,
): Table[] {
  const described: Described[] = datasets.map((dataset, index) => ({
    name: dataset.name,
    id: index + 1,
    kind: dataset.geometry === undefined ? "table" : "feature-class",
    fields: dataset.fields,
    ...(dataset.geometry === undefined ? {} : { geometry: dataset.geometry }),
  }));
  relationships.forEach((relationship, index) => {
    described.push({ ...relationship, id: datasets.length + index + 1, kind: "relationship" });
  });
  return [
    catalog(datasets),
    { fields: [name("Keyword", 32), name("ParameterName", 32), name("ConfigString", 2048)], rows: [] },
    {
      fields: [
        name("SRTEXT", 2048),
        ...["FalseX", "FalseY", "XYUnits"].map((field) => required(field, "float64")),
      ],
      rows: [{ values: { SRTEXT: WKT, FalseX: -400, FalseY: -400, XYUnits: 1e9 } }],
    },
    itemsTable(described, (text) => guidOf(`${seed} ${text}`)),
    {
      fields: [required("UUID", "uuid"), required("ParentTypeID", "uuid"), name("Name")],
      rows: ITEM_TYPES.map((type) => ({
        values: { UUID: type.id, ParentTypeID: "{00000000-0000-0000-0000-000000000000}", Name: type.name },
      })),
    },
    {
      fields: [
        required("UUID", "globalid"),
        ...["OriginID", "DestID", "Type"].map((f) => required(f, "uuid")),
      ],
      rows: [],
    },
    { fields: [required("UUID", "uuid"), name("Name")], rows: [] },
  ];
}

/** The zip of an export. GDB_ReplicaLog is listed and has no file, as in real ones. */
export function geodatabaseZip(
  seed: string,
  datasets: readonly Dataset[],
  relationships: readonly Relationship[] = [],
): Uint8Array {
  const folder = `${guidOf(`gdb ${seed}`).slice(1, -1).replaceAll("-", "").toLowerCase()}.gdb`;
  const entries: ZipEntry[] = [
    { name: `${folder}/gdb`, bytes: Buffer.concat([int32(5), Buffer.from("deadbeef", "hex")]) },
    { name: `${folder}/timestamps`, bytes: Buffer.alloc(400, 0xff) },
  ];
  const add = (number: number, table: Table): void => {
    const base = `${folder}/a${number.toString(16).padStart(8, "0")}`;
    const { gdbtable, gdbtablx } = tableFiles(table);
    entries.push(
      { name: `${base}.gdbtable`, bytes: gdbtable },
      { name: `${base}.gdbtablx`, bytes: gdbtablx },
    );
  };
  systemTables(datasets, relationships, seed).forEach((table, index) => add(index + 1, table));
  datasets.forEach((dataset, index) => add(SYSTEM_NAMES.length + index + 1, dataset));
  return zip(entries);
}
