// From what a person types to the addresses where their portal may answer, in the order to ask. Pure. People type a
// short name, paste a page of the portal's web site, or leave out the scheme.
import { failed, ok, type Result } from "../../core/result.ts";
import { isArcgisOnline, isLoopback } from "./hosts.ts";

export interface Candidate {
  /** Without `/sharing/rest`, query or hash. */
  readonly base: URL;
  /** What `urlKey` must be, where the host name says whose organisation it is. */
  readonly urlKey?: string;
}

export interface Address {
  /** How the typed address is printed. */
  readonly shown: string;
  readonly candidates: readonly Candidate[];
  /** `…/rest/info` of a typed service address, which tells its portal; asked first. */
  readonly serverInfo?: URL;
}

const NEXT = "Enter the portal's address as the browser shows it, e.g. https://acme.maps.arcgis.com";
const PAGES = new Set([
  "home",
  "apps",
  "sharing",
  "admin",
  "portaladmin",
  "rest",
  "manager",
  "login",
  "webadaptor",
]);

export function parseAddress(typed: string): Result<Address> {
  const text = typed.trim().replace(/^[<"'\s]+|[>"'\s]+$/g, "");
  if (text === "") return failed("bad-input", "The portal's address is empty", NEXT);
  if (/^[a-z0-9][a-z0-9-]*$/i.test(text) && text.toLowerCase() !== "localhost") return ok(shortName(text));
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1]?.toLowerCase();
  if (scheme !== undefined && scheme !== "https" && scheme !== "http") {
    return failed("bad-input", `The portal's address begins with ${scheme}:`, NEXT);
  }
  const full = scheme === undefined ? `https://${text.replace(/^\/+/, "")}` : text;
  if (!URL.canParse(full)) return failed("bad-input", "The portal's address is no address", NEXT);
  const url = new URL(full);
  if (url.username !== "" || url.password !== "") {
    return failed(
      "bad-input",
      `The portal's address at ${url.host} holds a user name or password`,
      `Leave it out. ${NEXT}`,
    );
  }
  if (url.hostname.endsWith(".")) url.hostname = url.hostname.replace(/\.+$/, "");
  return ok(fromUrl(url, scheme));
}

function shortName(text: string): Address {
  const urlKey = text.toLowerCase();
  return { shown: text, candidates: [{ base: new URL(`https://${urlKey}.maps.arcgis.com/`), urlKey }] };
}

function fromUrl(url: URL, scheme: string | undefined): Address {
  const loopback = isLoopback(url.hostname);
  if (!loopback && url.protocol === "http:") url.protocol = "https:";
  const shown = `${url.host}${url.pathname === "/" ? "" : url.pathname}`;
  const server = serverInfo(url);
  const bases = isArcgisOnline(url.hostname) ? onlineBases(url) : enterpriseBases(url);
  const schemes = loopback && scheme === undefined ? ["https:", "http:"] : [url.protocol];
  const candidates = schemes.flatMap((protocol) =>
    bases.map((candidate) => ({
      ...candidate,
      base: new URL(candidate.base.href.replace(/^https?:/, protocol)),
    })),
  );
  return { shown, candidates, ...(server === undefined ? {} : { serverInfo: server }) };
}

/** ArcGIS Online has no context path. Its apps live on hosts of their own, which the general host speaks for. */
function onlineBases(url: URL): readonly Candidate[] {
  const general = new URL("https://www.arcgis.com/");
  const organisation = /^([^.]+)\.maps\.arcgis\.com$/.exec(url.hostname)?.[1];
  if (organisation !== undefined) return [{ base: new URL("/", url), urlKey: organisation }];
  if (url.hostname === "arcgis.com" || url.hostname === general.hostname) return [{ base: general }];
  return [{ base: new URL("/", url) }, { base: general }];
}

function enterpriseBases(url: URL): readonly Candidate[] {
  const segments = url.pathname.split("/").filter((segment) => segment !== "");
  const page = segments.findIndex((segment) => PAGES.has(segment.toLowerCase()));
  const context = page === -1 ? segments : segments.slice(0, page);
  const paths: string[] = [];
  for (let length = context.length; length > 0; length -= 1)
    paths.push(`/${context.slice(0, length).join("/")}`);
  paths.push("/portal", "/arcgis", "/");
  // A page of the portal at the root of its host: the root is the best guess then.
  if (page === 0) paths.unshift("/");
  return [...new Set(paths)].map((path) => ({ base: new URL(path, url) }));
}

/** For `{server}/rest/services/…`: `{server}/rest/info`. */
function serverInfo(url: URL): URL | undefined {
  const match = /^(.*?\/rest)\/(services|info)(\/|$)/i.exec(url.pathname);
  if (match === null || match[1] === undefined || /\/sharing\/rest$/i.test(match[1])) return undefined;
  return new URL(`${match[1]}/info`, url);
}
