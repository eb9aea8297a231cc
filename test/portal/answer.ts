// What an endpoint answers, before a fault spoils it and the server sends it.
import { held, text, type Content } from "./content.ts";

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Content;
  /** Bytes that may be asked for by Range. */
  readonly ranges?: boolean;
  /** Sent without a Content-Length. */
  readonly chunked?: boolean;
}

const JSON_TYPES = ["application/json;charset=utf-8", "text/plain;charset=utf-8"];

/** Portals send JSON under either content type; `pjson` is the indented form. */
export function json(
  value: unknown,
  options: { pretty?: boolean; rawControls?: boolean; odd?: number } = {},
): Answer {
  const plain = JSON.stringify(value, null, options.pretty === true ? 2 : 0);
  const sent = options.rawControls === true ? rawControls(plain) : plain;
  return {
    status: 200,
    headers: { "content-type": JSON_TYPES[(options.odd ?? 0) % 2] ?? "text/plain" },
    body: text(sent),
  };
}

function rawControls(value: string): string {
  return value.replace(/\\u00([01][0-9a-f])/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

export function html(body: string, status = 200): Answer {
  return {
    status,
    headers: { "content-type": "text/html;charset=utf-8" },
    body: text(`<!DOCTYPE html>\n${body}`),
  };
}

export function bytes(content: Content, type: string, headers: Record<string, string> = {}): Answer {
  return { status: 200, headers: { "content-type": type, ...headers }, body: content };
}

export function nothing(): Answer {
  return {
    status: 200,
    headers: { "content-type": "text/plain;charset=utf-8" },
    body: held(new Uint8Array()),
  };
}

export function redirect(location: string): Answer {
  return { status: 302, headers: { location, "content-type": "text/html" }, body: held(new Uint8Array()) };
}

/** The portal's own error form, inside HTTP 200. */
export class PortalError extends Error {
  readonly code: number;
  readonly messageCode: string | undefined;
  readonly details: unknown;
  constructor(code: number, message: string, messageCode?: string, details: unknown = []) {
    super(message);
    this.code = code;
    this.messageCode = messageCode;
    this.details = details;
  }
  answer(): Answer {
    const { code, messageCode, message, details } = this;
    return json({ error: { code, ...(messageCode === undefined ? {} : { messageCode }), message, details } });
  }
}

export const noItem = (): PortalError =>
  new PortalError(400, "Item does not exist or is inaccessible.", "CONT_0001");
export const noPermission = (): PortalError =>
  new PortalError(
    403,
    "You do not have permissions to access this resource or perform this operation.",
    "GWM_0003",
  );
export const tokenRequired = (): PortalError => new PortalError(499, "Token Required", "GWM_0003");
export const invalidToken = (): PortalError => new PortalError(498, "Invalid token.", undefined, "");
