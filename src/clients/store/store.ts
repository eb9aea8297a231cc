// Blob storage as activities see it: one container, or one folder of a disk. Every call has deadlines and retries
// inside; failures are values.
import type { Result } from "../../core/result.ts";

export type Written = "written" | "exists" | "changed";

export interface StoredBlob {
  readonly bytes: Uint8Array;
  /** For `ifMatch`. */
  readonly etag: string;
}

export interface BlobInfo {
  readonly path: string;
  readonly sizeBytes: number;
  readonly metadata: Readonly<Record<string, string>>;
}

export interface PutOptions {
  readonly contentType?: string;
  /** ASCII only, short. */
  readonly metadata?: Readonly<Record<string, string>>;
  /** `absent`: write only when nothing lies there (`exists` otherwise). An etag: only when unchanged (`changed` otherwise). */
  readonly when?: "absent" | { readonly etag: string };
}

export interface StreamedBlob {
  readonly sizeBytes: number;
  /** Lower-case hex SHA-256 of the bytes. */
  readonly sha256: string;
}

export interface Store {
  /** Container's name or folder's path, for messages. */
  readonly name: string;
  /** Creates the container or folder if it is missing and may be created; a failure says what is refused. */
  ready(): Promise<Result<void>>;
  put(path: string, bytes: Uint8Array | string, options?: PutOptions): Promise<Result<Written>>;
  /** undefined = nothing there. */
  get(path: string): Promise<Result<StoredBlob | undefined>>;
  /** Bytes [offset, offset+length); fewer at the end of the blob. */
  range(path: string, offset: number, length: number): Promise<Result<Uint8Array>>;
  info(path: string): Promise<Result<BlobInfo | undefined>>;
  /** One page of at most 5,000 blobs with metadata, in name order; `next` undefined = the end. */
  list(
    prefix: string,
    next?: string,
  ): Promise<Result<{ readonly blobs: readonly BlobInfo[]; readonly next?: string }>>;
  /**
   * Streams with bounded memory (into a block blob: 8 MiB blocks, at most 3 in flight) and commits only if nothing lies there.
   * `beforeCommit` is told length and hash before the commit, and may refuse by returning a failure. Errors thrown by
   * `body` are passed on (thrown), nothing is committed then. Metadata `sha256` is set with the commit. Two writers of one path at
   * once never mix their blocks.
   */
  putStream(
    path: string,
    body: AsyncIterable<Uint8Array>,
    beforeCommit: (blob: StreamedBlob) => Promise<Result<void>>,
    options?: { readonly contentType?: string },
  ): Promise<Result<{ readonly written: "written" | "exists"; readonly blob: StreamedBlob }>>;
  delete(path: string): Promise<Result<void>>;
}
