// Bytes that the sample portal serves: held, or generated on demand so that 80 MB cost no memory.
import { createHash } from "node:crypto";

export interface Content {
  readonly size: number;
  /** Bytes [offset, offset + length), fewer at the end. */
  read(offset: number, length: number): Uint8Array;
}

const CHUNK = 1 << 18;

export function held(bytes: Uint8Array): Content {
  return { size: bytes.length, read: (offset, length) => bytes.subarray(offset, offset + length) };
}

export function text(value: string): Content {
  return held(Buffer.from(value, "utf8"));
}

const BLOCK = 65_536;

/** Incompressible bytes that depend on the seed alone, all made at once: for small contents. */
export function noise(seed: string, size = BLOCK): Uint8Array {
  const block = Buffer.alloc(size);
  for (let at = 0, n = 0; at < size; at += 32, n += 1) {
    createHash("sha256").update(`${seed}:${n}`).digest().copy(block, at);
  }
  return block;
}

/** Incompressible bytes that depend on the seed alone; each 64 KiB block is the first one turned a little further. */
export function pattern(seed: string, size: number): Content {
  let block: Uint8Array | undefined;
  return {
    size,
    read(offset, length) {
      block ??= noise(seed);
      const out = new Uint8Array(Math.max(0, Math.min(length, size - offset)));
      for (let done = 0; done < out.length;) {
        const position = offset + done;
        const index = (position + Math.floor(position / BLOCK) * 7919) % BLOCK;
        const run = Math.min(out.length - done, BLOCK - index, BLOCK - (position % BLOCK));
        out.set(block.subarray(index, index + run), done);
        done += run;
      }
      return out;
    },
  };
}

/** The parts after one another, none of them held. */
export function joined(parts: readonly Content[]): Content {
  const size = parts.reduce((sum, part) => sum + part.size, 0);
  return {
    size,
    read(offset, length) {
      const pieces: Uint8Array[] = [];
      const end = Math.min(size, offset + length);
      let start = 0;
      for (const part of parts) {
        const from = Math.max(offset, start);
        const to = Math.min(end, start + part.size);
        if (from < to) pieces.push(part.read(from - start, to - from));
        start += part.size;
      }
      return pieces.length === 1 && pieces[0] !== undefined ? pieces[0] : Buffer.concat(pieces);
    },
  };
}

export function* chunksOf(content: Content, offset = 0, end = content.size): Generator<Uint8Array> {
  for (let at = offset; at < end; at += CHUNK) yield content.read(at, Math.min(CHUNK, end - at));
}

export function wholeOf(content: Content): Uint8Array {
  return content.read(0, content.size);
}

const hashes = new WeakMap<Content, string>();

/** Lower-case hex, computed once per content. */
export function sha256Of(content: Content): string {
  const known = hashes.get(content);
  if (known !== undefined) return known;
  const hash = createHash("sha256");
  for (const chunk of chunksOf(content)) hash.update(chunk);
  const hex = hash.digest("hex");
  hashes.set(content, hex);
  return hex;
}
