// Bodies after the wire: decoded strictly (a cut gzip is an error, which node-fetch's own decoder does not notice), read
// whole within a bound, or looked at from the front without losing a byte.
import { pipeline, Readable, type Transform } from "node:stream";
import zlib from "node:zlib";
import type { WireReply } from "./transport.ts";
import { WireError } from "./wire-error.ts";

const DECODERS: Readonly<Record<string, () => Transform>> = {
  gzip: () => zlib.createGunzip(),
  "x-gzip": () => zlib.createGunzip(),
  deflate: () => zlib.createInflate(),
  br: () => zlib.createBrotliDecompress(),
};

/** Coding of the body on the wire; undefined when it is the content itself. */
export function codingOf(reply: Pick<WireReply, "header">): string | undefined {
  const coding = reply.header("content-encoding")?.trim().toLowerCase() ?? "";
  return coding === "" || coding === "identity" ? undefined : coding;
}

/** The content of a reply. Throws `WireError` for a body that is cut, breaks or cannot be decoded. */
export function decoded(reply: WireReply): AsyncIterable<Uint8Array> {
  const coding = codingOf(reply);
  return coding === undefined ? reply.body : decode(reply, coding);
}

async function* decode(reply: WireReply, coding: string): AsyncGenerator<Uint8Array, void, undefined> {
  const decoder = DECODERS[coding]?.();
  if (decoder === undefined) {
    reply.discard();
    throw new WireError("encoding", "the body came in an encoding that nobody asked for");
  }
  let count = 0;
  const counted = async function* (): AsyncGenerator<Uint8Array, void, undefined> {
    for await (const chunk of reply.body) {
      count += chunk.byteLength;
      yield chunk;
    }
  };
  // The iteration below throws what ends the pipeline; this callback has nothing to add.
  pipeline(Readable.from(counted(), { objectMode: false }), decoder, () => reply.discard());
  try {
    yield* decoder as AsyncIterable<Uint8Array>;
  } catch (error) {
    if (error instanceof WireError) throw error;
    // No byte at all is no body, whatever the header says of its coding.
    if (count === 0) return;
    throw new WireError("encoding", `the ${coding} body is damaged or cut`);
  }
}

/** All bytes, at most `limit`; more is `too-much` where the caller can ask for less. */
export async function readAll(
  body: AsyncIterable<Uint8Array>,
  limit: number,
  more: "too-big" | "too-much" = "too-big",
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let count = 0;
  for await (const chunk of body) {
    count += chunk.byteLength;
    if (count > limit) throw new WireError(more, `the answer is larger than ${limit} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

export interface Peeked {
  /** First bytes; the whole body when `whole`. */
  readonly head: Uint8Array;
  readonly whole: boolean;
  /** The body from its first byte. */
  readonly body: AsyncIterable<Uint8Array>;
}

/** Reads on while `wanted` says so of the bytes so far. */
export async function peek(
  body: AsyncIterable<Uint8Array>,
  wanted: (head: Uint8Array) => boolean,
): Promise<Peeked> {
  const chunks = body[Symbol.asyncIterator]();
  let head: Uint8Array = new Uint8Array(0);
  let whole = false;
  while (!whole && wanted(head)) {
    const step = await chunks.next();
    if (step.done === true) whole = true;
    else head = head.byteLength === 0 ? step.value : Buffer.concat([head, step.value]);
  }
  return { head, whole, body: replay(head, chunks) };
}

async function* replay(
  head: Uint8Array,
  chunks: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    if (head.byteLength > 0) yield head;
    for (let step = await chunks.next(); step.done !== true; step = await chunks.next()) yield step.value;
  } finally {
    await chunks.return?.();
  }
}
