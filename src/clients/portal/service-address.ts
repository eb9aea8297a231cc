// Addresses of services before they are asked: those that items keep, and those that a service answers with. Both are
// hostile input. Pure.
import { failed, ok, type Result } from "../../core/result.ts";
import { quoted } from "./clean.ts";
import { isLoopback } from "./hosts.ts";
import { shown } from "./request.ts";
import type { Ask } from "./send.ts";

/** Items keep addresses of services with http or with a query; what is asked is https, and only the path counts. */
export function serviceAddress(serviceUrl: string, suffix: string, action: string): Result<URL> {
  const url = askable(serviceUrl);
  if (url === undefined) {
    return failed(
      "bad-input",
      `Cannot ${action}: its address is none that can be asked`,
      "Correct the address on the item's page",
    );
  }
  url.search = "";
  url.pathname = `${url.pathname.replace(/\/+$/, "")}${suffix}`;
  return ok(url);
}

/** An address that a service answered with, its query kept: a signed one is nothing without it. */
export function answeredAddress(written: string, action: string, base?: URL): Result<URL> {
  const url = askable(written, base);
  if (url !== undefined) return ok(url);
  return failed(
    "portal-error",
    // Not repeated here: it may hold a password.
    `Cannot ${action}: the portal answered with what is no address that can be asked`,
    "Try the same on the portal's web site; check the addresses in the server's own settings",
  );
}

/** Asks for the JSON at an answered address: its query goes along, but for the token that it may hold. */
export function asJson(url: URL): Required<Pick<Ask, "at" | "params">> {
  const params = Object.fromEntries(url.searchParams);
  delete params["token"];
  const at = new URL(url);
  at.search = "";
  return { at, params };
}

/** The name of the file at an address, without its folders. */
export function fileNameIn(url: URL): string {
  const last = url.pathname.replace(/\/+$/, "").split("/").at(-1) ?? "";
  try {
    return decodeURIComponent(last).split(/[/\\]/).at(-1) ?? last;
  } catch (error) {
    if (error instanceof URIError) return last;
    throw error;
  }
}

/** How a service's address is printed. */
export function told(serviceUrl: string): string {
  return quoted(URL.canParse(serviceUrl) ? shown(new URL(serviceUrl)) : serviceUrl);
}

function askable(written: string, base?: URL): URL | undefined {
  if (!URL.canParse(written, base?.href)) return undefined;
  const url = new URL(written, base?.href);
  if (url.protocol !== "https:" && url.protocol !== "http:") return undefined;
  if (url.username !== "" || url.password !== "") return undefined;
  if (url.protocol === "http:" && !isLoopback(url.hostname)) url.protocol = "https:";
  url.hash = "";
  return url;
}
