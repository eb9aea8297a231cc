// Opens a streamed body and judges it by its first bytes: an error of the portal or a web page saved as a file is the
// classic silent corruption. A body that is not whole never ends cleanly.
import { failed, type Failure } from "../../core/result.ts";
import type { Answer } from "./answer.ts";
import { codingOf, decoded, peek, readAll, type Peeked } from "./body.ts";
import { fileNameOf } from "./disposition.ts";
import { failureOf, judgeError, judgeStatus, looksLikeHtml, type About, type Seen } from "./errors.ts";
import { isErrorBody, portalError } from "./portal-error.ts";
import { parseObject } from "./json.ts";
import type { Download } from "./portal.ts";
import type { WireReply } from "./transport.ts";
import { NOT_WHOLE, WireError } from "./wire-error.ts";

/** An error of the portal is small; a larger JSON object is a file. */
const LARGEST_ERROR = 65_536;

/** Thrown by the iteration of a download's body. */
export class DownloadError extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.text);
    this.name = "DownloadError";
    this.failure = failure;
  }
}

/** A body of no bytes: the item has no data. */
export function emptyDownload(): Download {
  return { body: noBytes(), length: 0, contentType: "", fileName: null, discard: () => undefined };
}

async function* noBytes(): AsyncGenerator<Uint8Array, void, undefined> {
  // Nothing to yield.
}

/** Judges a reply that should be a file and hands it on. Throws `WireError` while it looks at the first bytes. */
export async function openDownload(reply: WireReply, about: About, nowMs: number): Promise<Answer<Download>> {
  const seen = { status: reply.status, header: reply.header, nowMs, bytes: new Uint8Array(0) };
  if (reply.status < 200 || reply.status > 299) return judgeRefusal(reply, about, seen);
  const peeked = await peek(proven(reply), (head) => wantsMore(head));
  const known = judgeFirstBytes(peeked, reply, about, seen);
  if (known !== undefined) {
    reply.discard();
    return known;
  }
  const coded = codingOf(reply) !== undefined;
  const length = peeked.whole ? peeked.head.byteLength : coded ? null : reply.wireLength;
  return {
    state: "good",
    value: {
      body: told(peeked.body, about),
      length,
      contentType: reply.header("content-type") ?? "",
      fileName: fileNameOf(reply.header("content-disposition")),
      discard: () => reply.discard(),
    },
  };
}

async function judgeRefusal(reply: WireReply, about: About, seen: Seen): Promise<Answer<Download>> {
  const head = await peek(decoded(reply), (bytes) => bytes.byteLength < LARGEST_ERROR);
  reply.discard();
  const value = head.whole ? parseObject(head.head) : undefined;
  const error = value === undefined ? undefined : portalError(value, false, reply.status);
  return error === undefined ? judgeStatus(seen, about) : judgeError(error, seen, about);
}

/** Enough is seen when the first bytes cannot be an error or a web page, or surely are one. */
function wantsMore(head: Uint8Array): boolean {
  const first = head
    .subarray(0, 1_024)
    .findIndex((byte) => byte > 0x20 && ![0xef, 0xbb, 0xbf].includes(byte));
  if (first === -1) return head.byteLength < 1_024;
  if (head[first] === 0x7b) return head.byteLength < LARGEST_ERROR;
  return head[first] === 0x3c && head.byteLength < 2_048;
}

function judgeFirstBytes(
  peeked: Peeked,
  reply: WireReply,
  about: About,
  seen: Seen,
): Answer<Download> | undefined {
  if (peeked.whole && peeked.head.byteLength < LARGEST_ERROR) {
    const value = parseObject(peeked.head);
    const error = value !== undefined && isErrorBody(value) ? portalError(value, false) : undefined;
    if (error !== undefined) return judgeError(error, seen, about);
  }
  const name = fileNameOf(reply.header("content-disposition"));
  if (!looksLikeHtml(peeked.head) || /\.(x?html?|mht)$/i.test(name ?? "")) return undefined;
  const next = "Download it once from the item page, then start the backup again";
  return {
    state: "transient",
    failure: failureOf("wrong-content", seen, about, "a web page instead of the content", next),
    effect: "unknown",
    mostRepeats: 1,
  };
}

/** The content, with an error at the end of a body that nothing proves to be whole. */
async function* proven(reply: WireReply): AsyncGenerator<Uint8Array, void, undefined> {
  yield* decoded(reply);
  if (!reply.framed && codingOf(reply) === undefined) {
    throw new WireError(
      "unproven",
      "the content came without a length, so that nothing proves it to be whole",
    );
  }
}

async function* told(
  body: AsyncIterable<Uint8Array>,
  about: About,
): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    yield* body;
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    const reason = NOT_WHOLE.has(error.trouble) || error.trouble === "broken" ? "truncated" : "transient";
    const text = `Cannot ${about.action}: ${error.told} (${about.target})`;
    throw new DownloadError(
      failed(reason, text, "Start the backup again; check the network to the portal").failure,
    );
  }
}

/** Reads a small download whole. Throws `DownloadError` and `WireError`. */
export function readDownload(download: Download, limit: number): Promise<Uint8Array> {
  return readAll(download.body, limit);
}
