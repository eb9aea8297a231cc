// The error that a portal's answer holds. Pure. It comes with HTTP 200 and in several shapes (each is in the tests); its
// words are localised, so that they count last.
import type { PortalError } from "./answer.ts";
import { isFields, listOf, numberOf, textOf, type Fields } from "../../core/fields.ts";
import { parseObject } from "./json.ts";

/**
 * The error in an answer, undefined when the answer is good. `jobStatus`: `status: failed` is content, not an error. An
 * error without a code has that of the HTTP status.
 */
export function portalError(value: Fields, jobStatus: boolean, status = 200): PortalError | undefined {
  const error = errorAmong(value, jobStatus);
  return error === undefined ? undefined : { ...error, code: error.code ?? (status >= 400 ? status : 400) };
}

type Uncoded = Omit<PortalError, "code"> & { readonly code?: number };

function errorAmong(value: Fields, jobStatus: boolean): Uncoded | undefined {
  // A job that failed may tell why in the form of an error: asking for it went well.
  if (
    jobStatus &&
    textOf(value, "status")?.toLowerCase() === "failed" &&
    numberOf(value, "code") === undefined
  ) {
    return undefined;
  }
  if (value["error"] !== undefined && value["error"] !== null && value["error"] !== false) {
    return errorIn(value["error"], value);
  }
  const status = textOf(value, "status")?.toLowerCase();
  const failedStatus = status === "failed" || status === "failure" || status === "error";
  if (failedStatus && (numberOf(value, "code") ?? 0) >= 400) return errorIn(value, value);
  if (failedStatus && !jobStatus) {
    const message = textOf(value, "statusMessage") ?? textOf(value, "message") ?? "";
    const inside = parseObject(new TextEncoder().encode(message));
    return inside === undefined ? { message } : errorIn(inside, value);
  }
  return value["success"] === false ? errorIn(value, value) : undefined;
}

function errorIn(error: unknown, around: Fields): Uncoded {
  const code = numberOf(isFields(error) ? error : around, "code");
  const coded = code === undefined ? {} : { code };
  if (!isFields(error)) {
    const message = typeof error === "string" ? error : "";
    return { ...coded, message: textOf(around, "error_description") ?? message };
  }
  const words = [textOf(error, "message") ?? textOf(error, "error_description") ?? ""];
  const details = listOf(error, "details") ?? [error["details"]];
  for (const detail of details) if (typeof detail === "string" && !words.includes(detail)) words.push(detail);
  const messageCode = textOf(error, "messageCode");
  const message = words.filter((word) => word !== "").join(" ");
  return { ...coded, message, ...(messageCode === undefined ? {} : { messageCode }) };
}

/** True when an answer that should be a file is an error of the portal: its exact shape and nothing beside it. */
export function isErrorBody(value: Fields): boolean {
  const error = value["error"];
  const keys = Object.keys(value);
  if (isFields(error)) {
    const beside = new Set(["error", "success", "itemId", "status"]);
    const told = "code" in error || "messageCode" in error;
    return told && "message" in error && keys.every((key) => beside.has(key));
  }
  const flat = new Set(["code", "message", "messageCode", "details", "status"]);
  return (
    typeof value["code"] === "number" &&
    value["code"] >= 400 &&
    "message" in value &&
    textOf(value, "status")?.toLowerCase() === "failure" &&
    keys.every((key) => flat.has(key))
  );
}

/** True for the portal's way of saying that an item has no data; it comes with 400, 404 and even HTTP 500. */
export function saysNoFile(error: PortalError): boolean {
  return /\bdoes not have (a|any) (file|data)\b/i.test(error.message);
}

export function saysNoAccess(error: PortalError): boolean {
  return (
    error.code === 403 ||
    error.messageCode === "GWM_0003" ||
    /do(es)? not have permission/i.test(error.message)
  );
}

/** True when a service says that it has no such operation, or that it is switched off. The texts are rest-api 18's and kin. */
export function saysNotSupported(error: PortalError): boolean {
  return (
    /\b(not|n't) (a hosted service|(currently )?(supported?|enabled|allowed))\b/i.test(error.message) ||
    /\b(unsupported|is disabled|capabilit(y|ies))\b/i.test(error.message)
  );
}

/** True for the answer of a server that knows no such address below a service. */
export function saysUnknownAddress(error: PortalError): boolean {
  return error.code === 400 && /^invalid url\b/i.test(error.message);
}
