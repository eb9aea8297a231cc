// Which addresses may get the portal's token. Item URLs are customer input, so only parsed URLs are compared, never text.

/** Hostnames of this machine: the only ones that http is taken for. */
export function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127(\.\d{1,3}){3}$/.test(hostname);
}

/** True for hosts of ArcGIS Online: arcgis.com itself and every name that ends in `.arcgis.com`. */
export function isArcgisOnline(hostname: string): boolean {
  return hostname === "arcgis.com" || hostname.endsWith(".arcgis.com");
}

/** True when a request may be sent there at all: https, or http within this machine for a portal on this machine. */
export function mayReach(portal: URL, url: URL): boolean {
  if (url.username !== "" || url.password !== "") return false;
  if (url.protocol === "https:") return true;
  return url.protocol === "http:" && isLoopback(url.hostname) && isLoopback(portal.hostname);
}

/** Ports of ArcGIS Enterprise without a web adaptor: portal, server, and the default of https. */
const ENTERPRISE_PORTS = new Set(["", "6443", "7443"]);

/**
 * True when the portal's token may go to `url`: the portal's own host (on this machine: its own origin, since other
 * programs listen there too), and for ArcGIS Online every host of it. `others` are further addresses of the same portal.
 */
export function mayGetToken(portal: URL, url: URL, others: readonly URL[] = []): boolean {
  if (!mayReach(portal, url)) return false;
  if ([portal, ...others].some((own) => own.origin === url.origin)) return true;
  if (url.protocol !== "https:" || isLoopback(url.hostname)) return false;
  if (isArcgisOnline(portal.hostname)) return isArcgisOnline(url.hostname) && url.port === "";
  return [portal, ...others].some((own) => own.hostname === url.hostname) && ENTERPRISE_PORTS.has(url.port);
}
