// Reads a body of the portal, again from the start when it breaks: a broken body costs a repeat, not the item.
import type { Download } from "../../clients/portal/portal.ts";
import type { Failure, Result } from "../../core/result.ts";

const ATTEMPTS = 3;

/** Thrown-with-failure errors of a body (DownloadError), told apart from a broken program. */
export function bodyFailure(error: unknown): Failure | undefined {
  if (!(error instanceof Error) || !("failure" in error)) return undefined;
  return error.failure as Failure;
}

/** Opens and consumes a body; a body that breaks is opened again, three times in all. */
export async function consume<T>(
  open: () => Promise<Result<Download>>,
  use: (download: Download) => Promise<Result<T>>,
): Promise<Result<T>> {
  for (let attempt = 1; ; attempt += 1) {
    const opened = await open();
    if (!opened.ok) return opened;
    try {
      return await use(opened.value);
    } catch (error) {
      const failure = bodyFailure(error);
      if (failure === undefined) throw error;
      if (attempt === ATTEMPTS) return { ok: false, failure };
    } finally {
      opened.value.discard();
    }
  }
}

/** The whole body when it has at most `limit` bytes; undefined when it is larger (then it is to be streamed). */
export async function readSmall(download: Download, limit: number): Promise<Uint8Array | undefined> {
  if (download.length !== null && download.length > limit) return undefined;
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of download.body) {
    size += chunk.byteLength;
    if (size > limit) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

export interface Watched {
  readonly body: AsyncIterable<Uint8Array>;
  /** The first bytes, at most 4 KiB; complete once the body has been read. */
  head(): Uint8Array;
  /** The last bytes, at most 128 KiB; enough to find the end record of a zip. */
  tail(): Uint8Array;
}

const HEAD = 4 * 1024;
const TAIL = 128 * 1024;

/** Passes a body on and keeps its head and tail, so that a file can be judged before it is committed. */
export function watched(body: AsyncIterable<Uint8Array>): Watched {
  let head: Uint8Array = new Uint8Array(0);
  let tail: Uint8Array = new Uint8Array(0);
  async function* pass() {
    for await (const chunk of body) {
      if (head.byteLength < HEAD) head = Buffer.concat([head, chunk.subarray(0, HEAD - head.byteLength)]);
      tail =
        chunk.byteLength >= TAIL
          ? Buffer.from(chunk.subarray(chunk.byteLength - TAIL))
          : Buffer.concat([tail.subarray(Math.max(0, tail.byteLength + chunk.byteLength - TAIL)), chunk]);
      yield chunk;
    }
  }
  return { body: pass(), head: () => head, tail: () => tail };
}
