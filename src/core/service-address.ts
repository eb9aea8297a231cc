// Addresses of services as items hold them: the same service is written with http or https, in another letter case of the
// host, with a slash, a query or the number of one layer behind it. Addresses are customer input: they are only compared.

export interface ServiceAddress {
  /** Host and path without scheme, query and layer: equal for two addresses of one service. */
  readonly key: string;
  readonly host: string;
  /** With a slash in front, as it was written. */
  readonly path: string;
}

const HTTP = /^https?:\/\/([^/?#\s@]+)(\/[^?#]*)?/i;
const SERVICE = /^(.*\/(?:Feature|Map|Image|Scene|VectorTile|3DTiles)Server)(?:\/\d+)?\/*$/i;

/** The parts of a service's address; undefined for a text that is none. */
export function serviceAddress(url: string | null): ServiceAddress | undefined {
  const [, written = "", whole = ""] = HTTP.exec((url ?? "").trim()) ?? [];
  const path = SERVICE.exec(whole)?.[1];
  if (path === undefined) return undefined;
  const host = written.toLowerCase().replace(/:(?:80|443)$/, "");
  return { key: `${host}${path}`, host, path };
}

/** The address without query, slash and layer, as a service is asked for its own description; as it is where it is none. */
export function serviceRootOf(url: string): string {
  const found = serviceAddress(url);
  const scheme = /^\s*(https?:\/\/[^/?#\s@]+)/i.exec(url)?.[1];
  return found === undefined || scheme === undefined ? url : `${scheme}${found.path}`;
}
