// Whether a service lies on a server of the organisation. Only such a server is asked for a definition: to ask thousands of
// foreign ones, some of which hang, is not the work of a backup.
import { hasKeyword } from "./choice.ts";
import { itemTypeOf } from "./item-types.ts";
import type { PlannedItem } from "./item.ts";
import type { PortalSummary } from "./run.ts";
import { type ServiceAddress, serviceAddress } from "./service-address.ts";

/** Proxies of the portal lead to where the organisation does not know. */
const PROXY = /\/(?:sharing|usrsvcs)\//i;

/** Address of the service that an item stands for; undefined when it stands for none, or for one behind a proxy. */
export function serviceOf({ item }: Pick<PlannedItem, "item">): ServiceAddress | undefined {
  const strategy = itemTypeOf(item.type)?.strategy ?? "";
  if (!strategy.startsWith("export-") && strategy !== "skip-reference") return undefined;
  if (hasKeyword(item, "Service Proxy")) return undefined;
  const address = serviceAddress(item.url);
  return address === undefined || PROXY.test(address.path) ? undefined : address;
}

/** Decided without asking anybody; undefined: the servers that the portal lists decide. */
export function isOwnService(
  { item, cause }: Pick<PlannedItem, "item" | "cause">,
  address: ServiceAddress,
  self: Pick<PortalSummary, "id" | "base" | "kind">,
): boolean | undefined {
  if (hasKeyword(item, "Hosted Service") || cause === "copy-of-saved-layer") return true;
  const [, portal = ""] = /^https?:\/\/([^/]+)/i.exec(self.base.toLowerCase()) ?? [];
  if (self.kind === "enterprise") return hostname(address.host) === hostname(portal) ? true : undefined;
  // ArcGIS Online serves every organisation from the same hosts; the path tells whose a service is.
  const isOnline = address.host === portal || address.host.endsWith(".arcgis.com");
  const segments = address.path.toLowerCase().split("/");
  return isOnline && self.id !== "" && segments.includes(self.id.toLowerCase());
}

/** True when the service lies on one of these servers, by their addresses. */
export function isOnServer(address: ServiceAddress, servers: readonly string[]): boolean {
  const place = address.key.toLowerCase();
  return servers.some((server) => {
    const [, root = ""] = /^https?:\/\/([^?#]+)/i.exec(server.toLowerCase()) ?? [];
    const trimmed = root.replace(/\/+$/, "").replace(/:(?:80|443)(?=\/|$)/, "");
    return trimmed !== "" && place.startsWith(`${trimmed}/`);
  });
}

function hostname(host: string): string {
  return host.replace(/:\d+$/, "");
}
