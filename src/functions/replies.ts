// Answers of the HTTP functions. Errors are `{error: {code, message, details[]}}`, whatever went wrong.
import type { HttpResponseInit } from "@azure/functions";
import type { Failure } from "../core/result.ts";

export function errorReply(
  status: number,
  code: string,
  message: string,
  details: readonly string[] = [],
): HttpResponseInit {
  return { status, jsonBody: { error: { code, message, details } } };
}

/** A failure of the app's own doing or of its storage. */
export function failureReply(failure: Failure): HttpResponseInit {
  return errorReply(502, failure.reason, failure.text, [failure.next]);
}

/** The app settings are wrong: every problem, for the one who deploys. */
export function settingsReply(problems: readonly string[]): HttpResponseInit {
  return errorReply(500, "app-settings", "The app settings are wrong", problems);
}
