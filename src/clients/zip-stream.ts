// Zips texts while they are made, so that memory is bounded whatever their length. Equal texts give equal bytes: fixed date,
// the order given, jszip's own deflate (as in bundle.ts).
import { Readable } from "node:stream";
import JSZip from "jszip";

export interface ZipPart {
  readonly path: string;
  /** Read once, after the parts before it. */
  readonly text: () => AsyncIterable<string>;
}

const DATE = new Date(Date.UTC(1980, 0, 1));
const BLOCK_CHARACTERS = 65_536;

/** The bytes of the zip. What a part throws is thrown. */
export async function* zipStream(parts: readonly ZipPart[]): AsyncGenerator<Uint8Array> {
  const zip = new JSZip();
  for (const { path, text } of parts) {
    // One block is made while one is packed.
    const body = Readable.from(blocks(text), { highWaterMark: 1 });
    zip.file(path, body, { date: DATE, createFolders: false, binary: true, unixPermissions: 0o644 });
  }
  const packed = zip.generateNodeStream({
    ...{ streamFiles: true, platform: "UNIX", compression: "DEFLATE" },
    // A large inventory is made of repetitions: a higher level takes twice the time for a tenth of the size.
    compressionOptions: { level: 3 },
  });
  // jszip's stream is of an old make, which cannot be walked.
  for await (const bytes of new Readable({ highWaterMark: BLOCK_CHARACTERS }).wrap(packed)) {
    yield bytes as Uint8Array;
  }
}

async function* blocks(text: () => AsyncIterable<string>): AsyncGenerator<Uint8Array> {
  let pending = "";
  for await (const some of text()) {
    pending += some;
    if (pending.length < BLOCK_CHARACTERS) continue;
    yield Buffer.from(pending, "utf8");
    pending = "";
  }
  if (pending !== "") yield Buffer.from(pending, "utf8");
}
