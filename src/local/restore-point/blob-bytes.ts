// A blob's bytes from its beginning to its end, piece by piece, held against the length and the hash that are sealed.
import { createHash } from "node:crypto";
import type { Store } from "../../clients/store/store.ts";
import { printable } from "../../core/printable.ts";
import { failed, ok, type Failure, type Result } from "../../core/result.ts";
import { formatOf } from "../../core/units.ts";

const PIECE_BYTES = 8 * 1024 * 1024;

/** What the manifest or items.jsonl says of a file. */
export interface Sealed {
  readonly sizeBytes: number;
  /** `sha256:{hex}` */
  readonly hash: string;
}

/** Says what is wrong with the bytes of `what`; the text of a failure about them begins so. */
export function differs(what: string, why: string): { readonly ok: false; readonly failure: Failure } {
  return failed(
    "wrong-content",
    `${printable(what)}: ${why}`,
    "Take it from another restore point, and find out who else can write there",
  );
}

/**
 * The bytes of the blob in pieces of at most 8 MiB. The last thing that comes is a failure when the blob cannot be read, or
 * is not of the length and hash that are sealed; what came before must not be used then.
 */
export async function* blobBytes(
  store: Store,
  path: string,
  sealed: Sealed,
): AsyncGenerator<Result<Uint8Array>, void> {
  const hash = createHash("sha256");
  let at = 0;
  for (let more = true; more;) {
    const piece = await store.range(path, at, PIECE_BYTES);
    if (!piece.ok) {
      yield piece;
      return;
    }
    at += piece.value.length;
    more = piece.value.length === PIECE_BYTES;
    if (at > sealed.sizeBytes) {
      yield differs(path, `it is longer than the ${formatOf(sealed.sizeBytes, "byte")} that are sealed`);
      return;
    }
    hash.update(piece.value);
    if (piece.value.length > 0) yield ok(piece.value);
  }
  if (at < sealed.sizeBytes) {
    yield differs(path, `it has ${formatOf(at, "byte")}, sealed are ${formatOf(sealed.sizeBytes, "byte")}`);
    return;
  }
  if (`sha256:${hash.digest("hex")}` !== sealed.hash) {
    yield differs(path, "its SHA-256 is not the one that is sealed");
  }
}

/** A small blob as a whole; checked like any other. */
export async function wholeBlob(store: Store, path: string, sealed: Sealed): Promise<Result<Uint8Array>> {
  const pieces: Uint8Array[] = [];
  for await (const piece of blobBytes(store, path, sealed)) {
    if (!piece.ok) return piece;
    pieces.push(piece.value);
  }
  return ok(Buffer.concat(pieces));
}
