// What a hosted service itself is asked for, besides its description: extracts, tile packages, rows and attachments.
// Part of the portal as activities see it (portal.ts). An address that a service answers with is hostile input: it is
// asked by https (http within this machine only), and with a token only where the sender's rules let one go.
import type { Result } from "../../core/result.ts";
import type { Download, JsonReply } from "./portal.ts";

/** An extract of a feature service by its own createReplica (rest-api 12.4), without the sharing API. */
export interface ReplicaStart {
  readonly name: string;
  readonly layers: readonly number[];
  readonly attachments: boolean;
  readonly format: "filegdb";
}

export interface ReplicaStarted {
  readonly statusUrl?: string;
  /** The file's address; without a `statusUrl` the service made it at once. */
  readonly resultUrl?: string;
}

export interface ReplicaState {
  /** `completedwitherrors` counts as failed, and keeps its `resultUrl`. */
  readonly state: "working" | "completed" | "failed";
  readonly message: string;
  readonly resultUrl?: string;
}

export interface TileExport {
  /** As exportTiles takes them: `0-12` or a list, each a level of the cache. */
  readonly levels: string;
  readonly format: "tpkx" | "vtpk";
}

export interface TileStarted {
  readonly jobId: string;
  readonly itemId?: string;
}

export interface ServiceFile {
  /** Without folders; hostile input. */
  readonly name: string;
  readonly url: string;
}

export interface TileJob {
  readonly state: "working" | "succeeded" | "failed";
  readonly message: string;
  /** Gone within minutes on the service's side: read at once. */
  readonly files: readonly ServiceFile[];
  /** Set when the portal made an item of the result. */
  readonly itemId?: string;
}

export interface TileSwitch {
  readonly exportTilesAllowed: boolean;
  readonly maxExportTilesCount?: number;
}

export interface RowWindow {
  /** Name of the object id field, as `objectIds` tells it. */
  readonly field: string;
  /** Object ids, both included. */
  readonly from: number;
  readonly to: number;
}

export interface AttachmentInfo {
  readonly objectId: number;
  readonly id: number;
  readonly name: string;
  readonly contentType: string;
  /** Bytes; -1 when the service does not say. */
  readonly size: number;
}

/**
 * Failures: `not-supported` where a service says that it does not offer the operation or has its capability switched off,
 * `export-failed` for other refusals of a start, `too-large` for an answer that is more than one call may bring.
 */
export interface ServiceCalls {
  /**
   * createReplica as an extract (rest-api 12.4): syncModel none, so that no replica is left behind; by URL. Not repeated
   * after anything but a certain refusal.
   */
  startReplica(serviceUrl: string, start: ReplicaStart): Promise<Result<ReplicaStarted>>;
  /** The dozen states of a replica, reduced to three. One that completed without a file has failed. */
  replicaStatus(statusUrl: string): Promise<Result<ReplicaState>>;
  /** exportTiles of the whole extent (rest-api 11.1, 11.2). Not repeated after anything but a certain refusal. */
  startTiles(serviceUrl: string, start: TileExport): Promise<Result<TileStarted>>;
  /**
   * The job and, once it has succeeded, where its files lie. One that succeeded without any file or item has failed;
   * `not-found` for one that the service knows no more.
   */
  tileJob(serviceUrl: string, jobId: string): Promise<Result<TileJob>>;
  /** Sets the switches of a hosted tile service by its admin edit (rest-api 11.1, 11.2); its other settings stay. */
  editTileExport(serviceUrl: string, values: TileSwitch): Promise<Result<void>>;
  /** A file at an address that a service answered. As `Portal.data`; `transient` for a signed address that is too old. */
  serviceFile(url: string): Promise<Result<Download>>;
  /** Every object id of the layer, ascending, by returnIdsOnly, which has no limit of rows (rest-api 12.2). */
  objectIds(
    serviceUrl: string,
    layerId: number,
  ): Promise<Result<{ readonly field: string; readonly ids: readonly number[] }>>;
  /**
   * The rows of a window as the service keeps them: all fields, geometry with Z, M and true curves, in the layer's own
   * spatial reference, ordered by id. `exceeded`: the service says that the window holds more. At most 32 MiB.
   */
  rows(
    serviceUrl: string,
    layerId: number,
    window: RowWindow,
  ): Promise<Result<JsonReply & { readonly features: number; readonly exceeded: boolean }>>;
  /** Attachments of these features, all of them or a failure (rest-api 12.3). */
  attachments(
    serviceUrl: string,
    layerId: number,
    objectIds: readonly number[],
  ): Promise<Result<readonly AttachmentInfo[]>>;
  attachment(
    serviceUrl: string,
    layerId: number,
    objectId: number,
    attachmentId: number,
  ): Promise<Result<Download>>;
}
