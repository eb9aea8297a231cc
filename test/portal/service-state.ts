// What the sample portal knows of hosted services: layers with their rows, tiles, and the jobs of the services themselves.
import type { Content } from "./content.ts";
import type { Geometry, GeometryKind } from "./fgdb/geometry.ts";
import type { Rung } from "./rungs.ts";

export interface Attachment {
  readonly id: number;
  readonly row: number;
  readonly name: string;
  readonly contentType: string;
  readonly content: Content;
  /** Its bytes answer an error, and exports that should hold it fail. */
  unreadable?: boolean;
}

export interface LayerField {
  readonly name: string;
  readonly type: "String" | "Integer" | "Double" | "Date" | "GlobalID" | "GUID";
}

export interface LayerRow {
  readonly objectId: number;
  readonly attributes: Record<string, string | number | null>;
  readonly geometry: Geometry | null;
}

export interface Layer {
  readonly id: number;
  name: string;
  /** Absent = a table. */
  readonly geometry?: GeometryKind;
  readonly fields: readonly LayerField[];
  readonly rows: LayerRow[];
  readonly hasAttachments: boolean;
  readonly attachments: Attachment[];
  supportsQueryAttachments: boolean;
  readonly relationships: readonly Record<string, unknown>[];
  /** ObjectIDs of rows that no query and no export can read. */
  corruptRows?: readonly number[];
  /** Its geometry is sent by no query, and no file geodatabase takes it. */
  multipatch?: boolean;
  /** Highest ObjectID ever given; above the rows' own when the last ones were deleted. */
  lastObjectId: number;
  lastEditDate: number;
}

export interface Service {
  readonly name: string;
  readonly itemId: string;
  readonly layers: Layer[];
  readonly capabilities: string;
  readonly maxRecordCount: number;
  /** Views: the services they show. */
  readonly sources: readonly string[];
  /** 64-bit ObjectIDs in its exports. */
  readonly bigObjectIds: boolean;
  /** Scaled minutes that an export takes. */
  exportMinutes: number;
  /** The only ways to its data; absent = all. */
  works?: readonly Rung[];
  /** Its whole export lacks the tables that no layer relates to. */
  forgetsTables?: boolean;
}

/** A hosted service of tiles, or a scene. */
export interface TileService {
  readonly name: string;
  readonly type: "MapServer" | "VectorTileServer" | "ImageServer" | "SceneServer";
  readonly itemId: string;
  /** Its cache has the levels 0 to this one. */
  readonly maxLevel: number;
  exportTilesAllowed: boolean;
  maxExportTilesCount: number;
  /** What an export of its item can be. */
  readonly exportFormats: readonly ("Vector Tile Package" | "Scene Package")[];
  exportMinutes: number;
}

/** An extract by createReplica. */
export interface ReplicaJob {
  readonly id: string;
  readonly service: string;
  readonly submittedAt: number;
  readonly doneAt: number;
  readonly fails: string | null;
  /** It ends as CompletedWithErrors, with a file. */
  readonly withErrors: boolean;
  readonly whole: Uint8Array;
  /** When its file was last asked for. */
  readAt: number;
}

export interface TileJob {
  readonly id: string;
  /** Key in `tileServices`. */
  readonly service: string;
  readonly startedAt: number;
  readonly doneAt: number;
  readonly fails: string | null;
  readonly fileName: string;
  readonly tiles: number;
  readonly whole: Uint8Array;
  readAt: number;
}
