// Which ways to a hosted layer's data work. A seed can make all fail but some, and rows, blobs and kinds of geometry that
// break an export break it here too.
import type { Layer, Service } from "./state.ts";

/** The ways: exports of the whole service or of one layer as file geodatabase, extracts, other formats, plain queries. */
export type Rung =
  "whole" | "per-layer" | "replica" | "replica-without-attachments" | "query" | "shapefile" | "csv";

const FORMAT: Record<Rung, string> = {
  whole: "filegdb",
  "per-layer": "filegdb",
  replica: "filegdb",
  "replica-without-attachments": "filegdb",
  query: "json",
  shapefile: "shapefile",
  csv: "csv",
};

export function works(service: Service, rung: Rung): boolean {
  return service.works?.includes(rung) ?? true;
}

/** What the job says that fails this way; null when it goes well. */
export function troubleOf(service: Service, layers: readonly Layer[], rung: Rung): string | null {
  const text = `Error exporting data to ${FORMAT[rung]} format`;
  const geodatabase = FORMAT[rung] === "filegdb";
  if (!works(service, rung)) return text;
  if (geodatabase && layers.some((layer) => layer.multipatch === true)) return text;
  if (layers.some((layer) => (layer.corruptRows ?? []).length > 0)) return text;
  const attachments = geodatabase && rung !== "replica-without-attachments";
  const blobs = layers.some((layer) => layer.attachments.some(({ unreadable }) => unreadable === true));
  return attachments && blobs ? text : null;
}

/** The layers that the export of the whole service holds: some portals forget tables that no layer relates to. */
export function exported(service: Service): readonly Layer[] {
  if (service.forgetsTables !== true) return service.layers;
  return service.layers.filter((layer) => layer.geometry !== undefined || layer.relationships.length > 0);
}
