// Expected failures are values. A failure says what happened, to what, and what the administrator does next.

/** Why something could not be done: a closed list, so that reports can group and tests can cover it. */
export const FAILURE_REASONS = {
  "bad-input": "The request or the profile is wrong",
  "sign-in-refused": "The portal refused the user name or password",
  "portal-unknown": "No ArcGIS portal answers at this address",
  "no-access": "The account may not read or export the item",
  "not-found": "The item is no longer there",
  transient: "The portal or the network did not answer properly, also after repeating",
  "portal-error": "The portal answered with an error",
  "wrong-content": "The portal sent something else than the item's content",
  "too-large": "The portal's answer was larger than this program takes at once",
  truncated: "The content arrived incomplete",
  "export-failed": "The portal could not export the layer",
  "export-timeout": "The portal did not finish the export in time",
  "export-switched-off": "The tile layer does not allow the export of its tiles",
  "too-many-tiles": "The tile layer has more tiles than may be exported",
  "rows-missing": "The export holds fewer rows than the layer",
  "not-supported": "This version cannot back up this kind of item",
  "secret-refused": "A secret could not be read where it is kept",
  "storage-refused": "The storage refused to read or write",
  "already-exists": "Something else lies at the place that was to be written",
  "not-reached": "The run ended before the item's turn",
  "program-error": "The backup program itself failed",
} as const;

export type FailureReason = keyof typeof FAILURE_REASONS;

export interface Failure {
  readonly reason: FailureReason;
  /** What happened and to what: the action, the thing, the value found. Never a secret, never a query string. */
  readonly text: string;
  /** What the administrator does next, as an imperative sentence. */
  readonly next: string;
  /** The portal's own request id (x-arcgis-trace-id), where it sent one. */
  readonly traceId?: string;
}

export type Result<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: Failure };

export function ok<T>(value: T): Result<T> {
  return { ok: true, value };
}

export function failed(
  reason: FailureReason,
  text: string,
  next: string,
  traceId?: string,
): { readonly ok: false; readonly failure: Failure } {
  return { ok: false, failure: { reason, text, next, ...(traceId === undefined ? {} : { traceId }) } };
}
