// `putStream` over block blobs: blocks are staged under ids of this writer alone and become a blob by one commit.
// What is staged and never committed is invisible, and the storage drops it after a week.
import { randomUUID } from "node:crypto";
import type { BlockBlobClient } from "@azure/storage-blob";
import { failed, ok } from "../../core/result.ts";
import type { Result } from "../../core/result.ts";
import { bufferOf, isConflict, md5Of, WRITER } from "./blob-answers.ts";
import { MOST_BLOCKS, sendInBlocks } from "./blocks.ts";
import type { Cut } from "./blocks.ts";
import { deadlineFor } from "./repeating.ts";
import type { Store, Written } from "./store.ts";

/** The parts of the store that a streamed write needs. */
export interface BlobCalls {
  /** As it is signed in to now: asked for anew in each try. */
  blob(path: string): BlockBlobClient;
  call<T>(
    action: string,
    deadlineMs: number,
    work: (signal: AbortSignal, attempt: number) => Promise<T>,
    expected?: (code: string, attempt: number) => Promise<Result<T>> | Result<T> | undefined,
    stop?: AbortSignal,
  ): Promise<Result<T>>;
  whose(path: string, mark: string, attempt: number, other: Written): Promise<Result<Written>>;
}

export function streamingPut(calls: BlobCalls): Store["putStream"] {
  return async (path, body, beforeCommit, options = {}) => {
    const mark = randomUUID();
    const stop = new AbortController();
    const sent = await stageAll(calls, path, body, mark, stop);
    if (!sent.ok) return sent;
    const { sizeBytes, sha256, blocks, whole } = sent.value;

    const allowed = await beforeCommit({ sizeBytes, sha256 });
    if (!allowed.ok) return allowed;

    const write = {
      conditions: { ifNoneMatch: "*" },
      metadata: { sha256, [WRITER]: mark },
      blobHTTPHeaders: { blobContentType: options.contentType ?? "application/octet-stream" },
    };
    const written = await calls.call<Written>(
      `write "${path}" in`,
      deadlineFor(whole?.length ?? 0),
      async (abortSignal) => {
        if (whole !== undefined) {
          const headers = { ...write.blobHTTPHeaders, blobContentMD5: md5Of(whole) };
          await calls.blob(path).upload(bufferOf(whole), whole.length, {
            ...write,
            blobHTTPHeaders: headers,
            abortSignal,
          });
        } else {
          const ids = Array.from({ length: blocks }, (_, index) => blockId(mark, index));
          await calls.blob(path).commitBlockList(ids, { ...write, abortSignal });
        }
        return "written";
      },
      (code, attempt) => {
        // Somebody else's commit throws away the blocks of every other writer: then something lies there, too.
        if (code === "InvalidBlockList") return calls.whose(path, mark, 2, "exists");
        return isConflict(code, "absent") ? calls.whose(path, mark, attempt, "exists") : undefined;
      },
    );
    if (!written.ok) return written;
    return ok({ written: written.value === "written" ? "written" : "exists", blob: { sizeBytes, sha256 } });
  };
}

/** Thrown inside to tell what the storage refused from what the body threw. */
class StorageSaidNo extends Error {
  readonly result: Result<never>;
  constructor(result: Result<never>) {
    super("The storage refused a block");
    this.result = result;
  }
}

async function stageAll(
  calls: BlobCalls,
  path: string,
  body: AsyncIterable<Uint8Array>,
  mark: string,
  stop: AbortController,
): Promise<Result<Cut>> {
  const send = async (index: number, bytes: Uint8Array): Promise<void> => {
    const staged =
      index < MOST_BLOCKS
        ? await calls.call(
            `write block ${index} of "${path}" in`,
            deadlineFor(bytes.length),
            async (abortSignal) => {
              await calls.blob(path).stageBlock(blockId(mark, index), bufferOf(bytes), bytes.length, {
                abortSignal,
                transactionalContentMD5: md5Of(bytes),
              });
            },
            undefined,
            stop.signal,
          )
        : failed(
            "not-supported",
            `Cannot write "${path}": it is larger than 390 GiB`,
            "Back this item up by other means",
          );
    if (!staged.ok) throw new StorageSaidNo(staged);
  };
  try {
    return ok(await sendInBlocks(body, send, stop));
  } catch (error) {
    if (error instanceof StorageSaidNo) return error.result;
    throw error;
  }
}

/** All ids of a blob must have one length, and two writers must never share one. */
function blockId(mark: string, index: number): string {
  return Buffer.from(`${mark}-${String(index).padStart(5, "0")}`).toString("base64");
}
