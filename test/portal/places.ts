// Where the parts of the portal lie. ArcGIS Online: the portal at the root of its host with the services beside it, files
// in object storage. ArcGIS Enterprise: the portal below its web adaptor, the services on a federated server elsewhere.
import type { PortalKind, PortalState, ServerName } from "./state.ts";

/** Path of the portal's web adaptor, and of the hosting server's. */
const PORTAL_CONTEXT = "/portal";
const SERVER_CONTEXT = "/server";

export interface Places {
  readonly kind: PortalKind;
  /** Addresses without a slash at the end. */
  readonly portal: string;
  /** Root of the services: `{services}/rest/services/...`. */
  readonly services: string;
  readonly storage: string;
}

/** The places on these origins (`http://host:port`). */
export function placesOf(
  kind: PortalKind,
  orgId: string,
  origins: Readonly<Record<ServerName, string>>,
): Places {
  return kind === "online"
    ? {
        kind,
        portal: origins.portal,
        services: `${origins.portal}/${orgId}/arcgis`,
        storage: origins.storage,
      }
    : {
        kind,
        portal: `${origins.portal}${PORTAL_CONTEXT}`,
        services: `${origins.hosting}${SERVER_CONTEXT}`,
        storage: origins.storage,
      };
}

/** Address of a hosted service. */
export function serviceAddress(
  places: Pick<Places, "kind" | "services">,
  name: string,
  type = "FeatureServer",
): string {
  const folder = places.kind === "online" ? "" : "Hosted/";
  return `${places.services}/rest/services/${folder}${name}/${type}`;
}

/**
 * The raw path as the routes know it: below the portal's root, services as those of ArcGIS Online. undefined: nothing of
 * the portal lies there, and what answers is the web server.
 */
export function routedPath(
  kind: PortalKind,
  org: PortalState["org"],
  server: ServerName,
  rawPath: string,
): string | undefined {
  if (kind === "online" || server === "storage" || rawPath.startsWith("/__sample/")) return rawPath;
  if (server === "portal") {
    const below = belowContext(rawPath, PORTAL_CONTEXT);
    return below?.startsWith("/sharing/") === true ? below : undefined;
  }
  const below = belowContext(rawPath, SERVER_CONTEXT);
  if (below === undefined || !/^\/(rest|admin)\//.test(below)) return undefined;
  return `/${org.id}/arcgis${below.replace(/^(\/(?:rest|admin|rest\/admin)\/services)\/Hosted\//i, "$1/")}`;
}

function belowContext(rawPath: string, context: string): string | undefined {
  return rawPath.toLowerCase().startsWith(`${context}/`) ? rawPath.slice(context.length) : undefined;
}
