// Answers of the HTTP functions. Errors are `{error: {code, message, details[]}}`, whatever went wrong.
import type { HttpResponseInit } from "@azure/functions";
import type { ProfileProblem } from "../../core/profile-problems.ts";
import type { Failure } from "../../core/result.ts";
import { ERROR_CODES, type ErrorCode } from "./error-codes.ts";

/** One thing that is wrong, or to know or do; `text` is the whole sentence. */
export interface Detail {
  readonly text: string;
  /** Where the mistake is. */
  readonly in?: "body" | "query" | "header" | "profile";
  /** `exports.lanes`; empty = the whole. */
  readonly path?: string;
  readonly found?: string;
  readonly expected?: string;
  readonly runId?: string;
}

/** More are counted and not told: an answer stays readable. */
const MOST_DETAILS = 200;

export function errorReply(
  code: ErrorCode,
  message: string,
  details: readonly (Detail | string)[] = [],
): HttpResponseInit {
  const told = details
    .slice(0, MOST_DETAILS)
    .map((detail) => (typeof detail === "string" ? { text: detail } : detail));
  const rest = details.length - told.length;
  if (rest > 0) told.push({ text: `and ${rest} more` });
  return { status: ERROR_CODES[code].status, jsonBody: { error: { code, message, details: told } } };
}

/** A failure of a storage that the app reads or writes. */
export function failureReply({ text, next }: Failure): HttpResponseInit {
  return errorReply("storage-refused", text, [next]);
}

export function detailsOf(
  where: NonNullable<Detail["in"]>,
  problems: readonly ProfileProblem[],
): readonly Detail[] {
  return problems.map(({ text, path, found, expected }) => ({ text, in: where, path, found, expected }));
}

/** A text as it lies in the storage. */
export function textReply(body: Uint8Array | string): HttpResponseInit {
  return { status: 200, headers: { "content-type": TEXT_TYPE }, body };
}

export const TEXT_TYPE = "text/plain; charset=utf-8";
