// Which server a service lies on, and whether two addresses mean the same place. Pure. Addresses are customer input: only
// parsed ones are compared, never text.

/** Paths of the portal itself that look like those of a server: proxies with stored credentials. */
const OF_PORTAL = /\/(sharing|usrsvcs)\//i;

/** Root of the server that a service, its administration or its results at `url` lie on; undefined when the address is none of a server's. */
export function serverRoot(url: URL): URL | undefined {
  const path = /^(.*?)\/(?:rest\/(?:services|admin|directories)|admin\/services)(?:\/|$)/i.exec(
    url.pathname,
  )?.[1];
  if (path === undefined || OF_PORTAL.test(`${path}/`)) return undefined;
  return new URL(path === "" ? "/" : path, url.origin);
}

/** True for addresses below the server's root, on its own origin. */
export function isBelow(root: URL, url: URL): boolean {
  const path = `${root.pathname.replace(/\/+$/, "")}/`.toLowerCase();
  return url.origin === root.origin && url.pathname.toLowerCase().startsWith(path);
}

/** Same host, port and path; the scheme and the letter case may differ, as servers and portals write them as they like. */
export function isSamePlace(a: URL, b: URL): boolean {
  if ([a, b].some((url) => url.username !== "" || url.password !== "")) return false;
  return placeKey(a) === placeKey(b);
}

/** As `isSamePlace`, for an address as somebody wrote it. */
export function isWrittenPlace(place: URL, written: string | undefined): boolean {
  return written !== undefined && URL.canParse(written) && isSamePlace(place, new URL(written));
}

export function placeKey(url: URL): string {
  return `${url.host}${url.pathname.replace(/\/+$/, "")}`.toLowerCase();
}
