// Small translations between the storage SDK and the store: bytes, hashes, metadata, conflicts.
import { createHash } from "node:crypto";
import type { BlobDownloadResponseParsed } from "@azure/storage-blob";
import { NoAnswerError } from "./repeating.ts";
import type { BlobInfo, PutOptions } from "./store.ts";

/** Metadata name of the mark by which a conditional write recognises itself; shown to nobody. */
export const WRITER = "writer";

/** The same bytes as the SDK takes them, not copied. */
export function bufferOf(content: Uint8Array | string): Buffer {
  if (typeof content === "string") return Buffer.from(content, "utf8");
  return Buffer.from(content.buffer, content.byteOffset, content.byteLength);
}

/** The storage compares it with what arrived and refuses a difference. */
export function md5Of(bytes: Uint8Array): Uint8Array {
  return createHash("md5").update(bytes).digest();
}

/** Metadata names in lower case: a HEAD answer and a listing write them differently. */
export function infoOf(
  path: string,
  sizeBytes: number | undefined,
  metadata: Readonly<Record<string, string>> | undefined,
): BlobInfo {
  const shown = Object.entries(metadata ?? {}).map(([name, value]) => [name.toLowerCase(), value] as const);
  return {
    path,
    sizeBytes: sizeBytes ?? 0,
    metadata: Object.fromEntries(shown.filter(([name]) => name !== WRITER)),
  };
}

/** Whether an error code says that the condition of a write did not hold. */
export function isConflict(code: string, when: NonNullable<PutOptions["when"]>): boolean {
  const conflicts =
    when === "absent"
      ? // The last two are answered before the condition is looked at: only something that exists can be protected.
        ["BlobAlreadyExists", "ConditionNotMet", "BlobImmutableDueToPolicy", "UnauthorizedBlobOverwrite"]
      : ["ConditionNotMet", "BlobNotFound"];
  return conflicts.includes(code);
}

/** Reads an answer to its declared end; a body that breaks off throws an error that may be repeated. */
export async function readBody(answer: BlobDownloadResponseParsed): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  try {
    for await (const chunk of answer.readableStreamBody ?? []) {
      chunks.push(typeof chunk === "string" ? Buffer.from(chunk) : chunk);
    }
  } catch (error) {
    throw new NoAnswerError("the answer broke off", { cause: error });
  }
  const bytes = Buffer.concat(chunks);
  if (answer.contentLength !== undefined && bytes.length !== answer.contentLength) {
    throw new NoAnswerError(`the answer holds ${bytes.length} of ${answer.contentLength} bytes`);
  }
  return bytes;
}
