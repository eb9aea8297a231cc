// One request to the portal as the operations describe it: what it is for, where it goes, with which parameters.
// Tokens are no part of it; they are added for the one hop that may have them.
import { failed, ok, type Result } from "../../core/result.ts";

export interface PortalRequest {
  /** Completes "Cannot …", e.g. `read item "ab12"`. */
  readonly action: string;
  readonly method: "GET" | "POST";
  /** Without a query. */
  readonly url: URL;
  readonly params: Readonly<Record<string, string>>;
  readonly accept: "json" | "any";
  /** `refused-only`: an operation with an effect, repeated only when the portal certainly did not begin it. */
  readonly repeat: "safe" | "refused-only";
  /** How often a 500 is repeated; portals answer it for things that are not there. */
  readonly repeat500: number;
  /** `status: failed` is the content of the answer here, not its failure. */
  readonly jobStatus?: boolean;
  /** Decoded bytes of a JSON answer, where they must be fewer than the client's limit. */
  readonly mostBytes?: number;
}

export interface WireRequest {
  readonly method: "GET" | "POST";
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly totalMs: number;
}

const LONGEST_URL = 2_000;

/**
 * Form of the request on one hop. A token goes as a form field or a header, never into the URL; what is too long for a
 * URL is posted.
 */
export function toWire(
  request: Pick<PortalRequest, "method" | "url" | "params" | "accept">,
  token: string | undefined,
  fixed: Readonly<Record<string, string>>,
): Omit<WireRequest, "totalMs"> {
  const headers: Record<string, string> = {
    ...fixed,
    Accept: request.accept === "json" ? "application/json" : "*/*",
    "Accept-Encoding": request.accept === "json" ? "gzip" : "identity",
  };
  const query = new URLSearchParams(request.params).toString();
  const tooLong = query !== "" && request.url.href.length + query.length + 1 > LONGEST_URL;
  if (request.method === "POST" || tooLong) {
    const form = new URLSearchParams(request.params);
    if (token !== undefined) form.set("token", token);
    headers["Content-Type"] = "application/x-www-form-urlencoded";
    return { method: "POST", url: request.url, headers, body: form.toString() };
  }
  if (token !== undefined) headers["X-Esri-Authorization"] = `Bearer ${token}`;
  const url = new URL(request.url);
  if (query !== "") url.search = query;
  return { method: "GET", url, headers };
}

/** How a URL is printed: host and path. Queries and user names never are. */
export function shown(url: URL): string {
  return `${url.host}${url.pathname}`;
}

/** The URL below `base`, each segment percent-encoded; segments that would change the path's meaning are refused. */
export function below(base: URL, segments: readonly string[], action: string): Result<URL> {
  const odd = segments.find((segment) => segment === "" || segment === "." || segment === "..");
  if (odd !== undefined) {
    return failed(
      "bad-input",
      `Cannot ${action}: "${odd}" cannot be part of an address`,
      "Rename it on the portal, or report this item to the maker of this program",
    );
  }
  const root = base.href.replace(/\/+$/, "");
  return ok(new URL([root, ...segments.map(encodeSegment)].join("/")));
}

/** Lone surrogates, which encodeURIComponent throws for, become U+FFFD. */
function encodeSegment(segment: string): string {
  return encodeURIComponent(segment.toWellFormed());
}
