// A hosted service as the file geodatabase that its export gives: layer names sanitised, ids lost, attachments beside.
import type { Layer, LayerField, Service } from "../state.ts";
import { wholeOf } from "../content.ts";
import { geodatabaseZip, guidOf, type Dataset, type Relationship } from "./geodatabase.ts";
import type { Field, Row } from "./table.ts";

const KIND: Record<LayerField["type"], Field["kind"]> = {
  String: "string",
  Integer: "int32",
  Double: "float64",
  Date: "date",
  GlobalID: "globalid",
  GUID: "uuid",
};

/** Letters, digits and underscores; no digit first; at most 60 long; unique whatever the letter case. */
export function datasetName(layer: string, taken: readonly string[]): string {
  const plain = layer.replace(/[^\p{L}\p{N}_]+/gu, "_").slice(0, 60);
  const base = /^[\p{L}_]/u.test(plain) ? plain : `T${plain}`;
  const used = taken.map((name) => name.toLowerCase());
  for (let n = 0; ; n += 1) {
    const name = n === 0 ? base : `${base}_${n}`;
    if (!used.includes(name.toLowerCase())) return name;
  }
}

function rowsOf(layer: Layer, missing: number): (Row | null)[] {
  const rows: (Row | null)[] = Array.from({ length: layer.lastObjectId }, () => null);
  for (const row of layer.rows.slice(0, layer.rows.length - missing)) {
    rows[row.objectId - 1] = { values: row.attributes, geometry: row.geometry };
  }
  return rows;
}

function attachments(layer: Layer, name: string, missing: number): Dataset {
  return {
    name: `${name}__ATTACH`,
    fields: [
      { name: "GLOBALID", kind: "globalid", required: true },
      { name: "REL_OBJECTID", kind: "int32", required: true },
      { name: "CONTENT_TYPE", kind: "string", width: 150, required: true },
      { name: "ATT_NAME", kind: "string", width: 250, required: true },
      { name: "DATA_SIZE", kind: "int32", required: true },
      { name: "DATA", kind: "binary" },
    ],
    rows: layer.attachments.slice(0, layer.attachments.length - missing).map((attachment) => ({
      values: {
        GLOBALID: guidOf(`${name} ${attachment.id}`),
        REL_OBJECTID: attachment.row,
        CONTENT_TYPE: attachment.contentType,
        ATT_NAME: attachment.name,
        DATA_SIZE: attachment.content.size,
        DATA: wholeOf(attachment.content),
      },
    })),
  };
}

/** The zip of an export of these layers; `missing` leaves rows or attachments out, as a bad export does. */
export function exportZip(
  service: Service,
  layers: readonly Layer[],
  missing: { readonly rows: number; readonly attachments: number } = { rows: 0, attachments: 0 },
): Uint8Array {
  const datasets: Dataset[] = [];
  const relationships: Relationship[] = [];
  for (const layer of layers) {
    const taken = datasets.map(({ name }) => name);
    const name = datasetName(layer.name, taken);
    datasets.push({
      name,
      ...(layer.geometry === undefined ? {} : { geometry: layer.geometry }),
      fields: layer.fields.map((field) => ({ name: field.name, kind: KIND[field.type] })),
      rows: rowsOf(layer, Math.min(missing.rows, layer.rows.length)),
      ...(service.bigObjectIds ? { version: 4 } : {}),
    });
    if (!layer.hasAttachments) continue;
    const table = attachments(layer, name, Math.min(missing.attachments, layer.attachments.length));
    datasets.push(table);
    relationships.push({ name: `${table.name}REL`, origin: name, destination: table.name });
  }
  return geodatabaseZip(service.name, datasets, relationships);
}
