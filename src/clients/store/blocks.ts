// Cuts a body into blocks with bounded memory: one block fills while at most three are on their way.
// A body that throws, or a block that cannot be stored, stops the rest; the caller then commits nothing.
import { createHash } from "node:crypto";

export const BLOCK_BYTES = 8 * 1024 * 1024;
export const BLOCKS_IN_FLIGHT = 3;
/** What Azure allows; with 8 MiB blocks that is 390 GiB. */
export const MOST_BLOCKS = 50_000;

/** The last of a body that was shorter than one block is handed back instead of being sent. */
export interface Cut {
  readonly sizeBytes: number;
  readonly sha256: string;
  readonly blocks: number;
  /** The whole body, when no block was sent. */
  readonly whole?: Uint8Array;
}

const FIRST_BYTES = 64 * 1024;

/**
 * `send` stores block `index` and throws when it cannot; `stop` is aborted then, and when the body throws, so that
 * blocks on their way end early. The bytes given to `send` are reused once it resolves.
 */
export async function sendInBlocks(
  body: AsyncIterable<Uint8Array>,
  send: (index: number, bytes: Uint8Array) => Promise<unknown>,
  stop: AbortController,
): Promise<Cut> {
  const hash = createHash("sha256");
  const free: Uint8Array<ArrayBuffer>[] = [];
  const flying = new Set<Promise<void>>();
  let trouble: { readonly error: unknown } | undefined;
  let block = new Uint8Array(FIRST_BYTES);
  let filled = 0;
  let sizeBytes = 0;
  let blocks = 0;

  const launch = async (): Promise<void> => {
    while (flying.size >= BLOCKS_IN_FLIGHT) await Promise.race(flying);
    if (trouble !== undefined) return;
    const full = block;
    const flight = send(blocks, full.subarray(0, filled)).then(
      () => {
        free.push(full);
      },
      (error: unknown) => {
        trouble ??= { error };
        stop.abort();
      },
    );
    const landed = flight.finally(() => flying.delete(landed));
    flying.add(landed);
    blocks++;
    filled = 0;
    block = free.pop() ?? new Uint8Array(BLOCK_BYTES);
  };

  try {
    for await (const chunk of body) {
      hash.update(chunk);
      sizeBytes += chunk.length;
      for (let at = 0; at < chunk.length;) {
        if (filled === BLOCK_BYTES) await launch();
        if (trouble !== undefined) break;
        if (filled === block.length) block = grown(block, filled + chunk.length - at);
        const part = chunk.subarray(at, at + block.length - filled);
        block.set(part, filled);
        filled += part.length;
        at += part.length;
      }
      if (trouble !== undefined) break;
    }
    const sent = blocks > 0;
    if (sent && filled > 0 && trouble === undefined) await launch();
    await Promise.all(flying);
    if (trouble !== undefined) throw trouble.error;
    const cut = { sizeBytes, sha256: hash.digest("hex"), blocks };
    return sent ? cut : { ...cut, whole: block.subarray(0, filled) };
  } catch (error) {
    stop.abort();
    await Promise.all(flying);
    throw error;
  }
}

/** Doubles up to one block, so that the many small bodies of a run do not each take 8 MiB. */
function grown(block: Uint8Array, wanted: number): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(Math.min(BLOCK_BYTES, Math.max(block.length * 2, wanted)));
  larger.set(block);
  return larger;
}
