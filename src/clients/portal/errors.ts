// Judges what the portal answered: good, to be repeated, a matter of the token, or final. Pure. The portal's own words
// are cleaned before they are printed: they may repeat what was sent to it.
import { failed, type Failure, type FailureReason } from "../../core/result.ts";
import type { Answer, PortalError } from "./answer.ts";
import { parseObject } from "./json.ts";
import { portalError, saysNoAccess, saysNoFile } from "./portal-error.ts";
import type { JsonReply } from "./portal.ts";
import { retryAfterMs } from "./retry.ts";

export interface Seen {
  readonly status: number;
  readonly header: (name: string) => string | null;
  readonly bytes: Uint8Array;
  /** Epoch milliseconds, for a Retry-After that is a date. */
  readonly nowMs: number;
}

export interface About {
  readonly action: string;
  /** Method, host and path. */
  readonly target: string;
  readonly jobStatus: boolean;
  /** How often a 500 is repeated; portals answer it for things that are not there. */
  readonly repeat500: number;
  /** Takes secrets out of the portal's words. */
  readonly clean: (text: string) => string;
}

/** Judges an answer that should be a JSON object: good only when nothing in status, form or fields says otherwise. */
export function judgeJson(seen: Seen, about: About): Answer<JsonReply> {
  const value = parseObject(seen.bytes);
  const error = value === undefined ? undefined : portalError(value, about.jobStatus, seen.status);
  if (error !== undefined) return judgeError(error, seen, about);
  if (seen.status < 200 || seen.status > 299) return judgeStatus(seen, about);
  if (value !== undefined) return { state: "good", value: { value, raw: seen.bytes } };
  const what = looksLikeHtml(seen.bytes) ? "a web page instead of JSON" : "something that is not JSON";
  return transient(seen, about, what, "unknown");
}

/** Judges an HTTP status that came without an error of the portal in its body. */
export function judgeStatus(seen: Seen, about: About): Answer<never> {
  return judgeError({ code: seen.status, message: "" }, seen, about);
}

/** Judges an error of the portal: its code first, its key second, its words last. */
export function judgeError(error: PortalError, seen: Seen, about: About): Answer<never> {
  const told = describe(error, about.clean);
  if (saysNoFile(error)) return final("not-found", seen, about, told, "There is no file to save", error);
  switch (error.code) {
    case 401:
    case 498:
    case 499: {
      const next =
        "Give the account access to this content, and check that nothing between removes the Referer header";
      return {
        state: "token",
        code: error.code,
        failure: failureOf(error.code === 498 ? "portal-error" : "no-access", seen, about, told, next),
      };
    }
    case 429:
    case 503:
      return transient(
        seen,
        about,
        told,
        error.code === seen.status || error.code === 429 ? "none" : "unknown",
        error,
      );
    case 500:
    case 502:
    case 504:
    case 408:
      return transient(seen, about, told, "unknown", error);
    case 404:
    case 410:
      return final("not-found", seen, about, told, "Check on the portal whether it still exists", error);
  }
  if (error.messageCode === "CONT_0001") {
    return final(
      "not-found",
      seen,
      about,
      told,
      "Check on the portal whether it still exists, and whether the account may see it",
      error,
    );
  }
  if (saysNoAccess(error)) {
    return final(
      "no-access",
      seen,
      about,
      told,
      "Give the account the privileges that the guide lists",
      error,
    );
  }
  return final("portal-error", seen, about, told, "Try the same on the portal's web site", error);
}

/** True for a web page, by its first bytes; other XML is not one. */
export function looksLikeHtml(bytes: Uint8Array): boolean {
  const start = new TextDecoder().decode(bytes.subarray(0, 2_048)).trimStart();
  return /^(<!--[\s\S]*?-->\s*)*<(!doctype\s+html|html|head|body|script|meta|title)\b/i.test(start);
}

function describe(error: PortalError, clean: (text: string) => string): string {
  const key = error.messageCode === undefined ? "" : ` ${error.messageCode}`;
  const message = clean(error.message);
  return `${error.code}${key}${message === "" ? "" : `: ${message}`}`;
}

export function failureOf(
  reason: FailureReason,
  seen: Pick<Seen, "header">,
  about: Pick<About, "action" | "target" | "clean">,
  told: string,
  next: string,
): Failure {
  const id = seen.header("x-arcgis-trace-id") ?? seen.header("x-arcgis-correlation-id");
  const traceId = id === null ? undefined : about.clean(id);
  return failed(
    reason,
    `Cannot ${about.action}: the portal answered ${told} (${about.target})`,
    next,
    traceId,
  ).failure;
}

function final(
  reason: FailureReason,
  seen: Seen,
  about: About,
  told: string,
  next: string,
  error: PortalError,
): Answer<never> {
  return { state: "final", failure: failureOf(reason, seen, about, told, next), error };
}

function transient(
  seen: Seen,
  about: About,
  told: string,
  effect: "none" | "unknown",
  error?: PortalError,
): Answer<never> {
  const afterMs = retryAfterMs(seen.header("retry-after"), seen.nowMs);
  return {
    state: "transient",
    failure: failureOf(
      "transient",
      seen,
      about,
      told,
      "Start the backup again later; look at the portal's health page",
    ),
    effect,
    ...(error?.code === 500 ? { mostRepeats: about.repeat500 } : {}),
    ...(afterMs === undefined ? {} : { afterMs }),
    ...(error === undefined ? {} : { error }),
  };
}
