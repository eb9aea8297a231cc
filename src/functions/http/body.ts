// Reads a request's body as JSON. Whatever is wrong with it is told at once, and nothing of it is repeated.
import type { HttpRequest } from "@azure/functions";
import { jsonFault } from "../../core/json-fault.ts";
import { type ProfileProblem, problem } from "../../core/profile-problems.ts";
import type { Detail } from "./replies.ts";
import { detailsOf } from "./replies.ts";

/** A profile or a selection of 1,000 ids has a few dozen kB. */
export const MAX_BODY_BYTES = 512 * 1024;

export interface ReadBody {
  /** undefined where no JSON could be read; then `details` say why. */
  readonly json: unknown;
  readonly details: readonly Detail[];
}

/** `optional`: an empty body is `{}`, and needs no content type. */
export async function readJson(request: HttpRequest, { optional = false } = {}): Promise<ReadBody> {
  const bytes = await bytesOf(request);
  if (optional && bytes?.length === 0) return { json: {}, details: [] };
  const header = contentTypeProblem(request.headers.get("content-type"));
  const body = bytes === undefined ? { problem: tooLarge() } : parse(bytes);
  return {
    json: body.json,
    details: [
      ...detailsOf("header", header === undefined ? [] : [header]),
      ...detailsOf("body", body.problem === undefined ? [] : [body.problem]),
    ],
  };
}

/** undefined: more than a body may have. */
async function bytesOf(request: HttpRequest): Promise<Uint8Array | undefined> {
  if (Number(request.headers.get("content-length") ?? 0) > MAX_BODY_BYTES) return undefined;
  const bytes = new Uint8Array(await request.arrayBuffer());
  return bytes.length > MAX_BODY_BYTES ? undefined : bytes;
}

function parse(bytes: Uint8Array): { readonly json?: unknown; readonly problem?: ProfileProblem } {
  if (bytes.length === 0) return { problem: problem("", "nothing", "JSON", WHOLE) };
  let text: string;
  try {
    // Takes a byte order mark away, which editors on Windows put in front.
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    // So the decoder tells of bytes that are none of UTF-8.
    return { problem: problem("", "bytes that are no UTF-8", "JSON in UTF-8", WHOLE) };
  }
  const fault = jsonFault(text);
  if (fault === undefined) return { json: JSON.parse(text) };
  const place = `line ${fault.line}, column ${fault.column}`;
  return { problem: problem("", `a fault at ${place}: ${fault.what}`, "JSON", WHOLE) };
}

const WHOLE = "The body";

function tooLarge(): ProfileProblem {
  return problem("", `more than ${MAX_BODY_BYTES / 1024} KiB`, `at most ${MAX_BODY_BYTES / 1024} KiB`, WHOLE);
}

function contentTypeProblem(header: string | null): ProfileProblem | undefined {
  const [type = "", ...parameters] = (header ?? "")
    .toLowerCase()
    .split(";")
    .map((part) => part.trim());
  const charset = parameters.find((parameter) => parameter.startsWith("charset="));
  const isUtf8 = charset === undefined || /^charset="?utf-?8"?$/.test(charset);
  if (type === "application/json" && isUtf8) return undefined;
  const found =
    header === null ? "nothing" : type === "application/json" ? "another charset" : "another type";
  return problem("content-type", found, "application/json in UTF-8");
}
