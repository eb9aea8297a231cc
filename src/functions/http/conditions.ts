// The conditions of a request, by which two people who edit one profile do not overwrite each other.
import type { HttpRequest } from "@azure/functions";
import { type Expected, opaque } from "../../activities/run/profiles.ts";
import { type ProfileProblem, problem } from "../../core/profile-problems.ts";

export type Conditions =
  | { readonly ok: true; readonly expected: Expected }
  | { readonly ok: false; readonly problems: readonly ProfileProblem[] };

/** `If-Match: "etag"` or `*`, or `If-None-Match: *`; without either, whatever lies there is taken. */
export function conditionsOf(request: HttpRequest): Conditions {
  const match = request.headers.get("if-match");
  const noneMatch = request.headers.get("if-none-match");
  const wrong = (path: string, found: string, expected: string): Conditions => ({
    ok: false,
    problems: [problem(path, found, expected)],
  });
  if (noneMatch !== null) {
    if (match !== null) return wrong("if-none-match", "it beside if-match", "one of them");
    if (noneMatch.trim() !== "*") return wrong("if-none-match", "something else", "*");
    return { ok: true, expected: "none" };
  }
  if (match === null) return { ok: true, expected: undefined };
  if (match.trim() === "*") return { ok: true, expected: "any" };
  // A proxy that packs answers makes an ETag a weak one; the content is the same.
  const etags = match.split(",").map((etag) => opaque(etag.trim().replace(/^W\//, "")));
  return { ok: true, expected: { etags } };
}

/** The header of a stored profile's answer. */
export function etagHeader(etag: string | undefined): Record<string, string> {
  return etag === undefined ? {} : { etag: `"${opaque(etag)}"` };
}
