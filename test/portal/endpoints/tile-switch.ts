// The administrator's switches of a tile service: on ArcGIS Online its admin edit, on Enterprise the server's definition of it.
import { PortalError } from "../answer.ts";
import { may, param, type Call } from "../call.ts";
import type { Route } from "../routes.ts";
import type { TileService } from "../state.ts";
import { TILE_TYPES, usableTiles } from "./tiles.ts";

function administered(call: Call, key: string): TileService {
  const service = usableTiles(call, key);
  const owner = call.state.items.get(service.itemId)?.owner;
  if (owner === call.caller?.username || may(call.caller, "portal:admin:updateItems")) return service;
  throw new PortalError(403, "User does not have permissions to access 'service'.", undefined, []);
}

interface Switch {
  readonly exportTilesAllowed?: boolean | string;
  readonly maxExportTilesCount?: number | string;
}

function setSwitch(service: TileService, { exportTilesAllowed, maxExportTilesCount }: Switch): object {
  if (exportTilesAllowed !== undefined) service.exportTilesAllowed = String(exportTilesAllowed) === "true";
  if (maxExportTilesCount !== undefined) service.maxExportTilesCount = Number(maxExportTilesCount);
  return { success: true };
}

function edit(call: Call, key: string): object {
  const service = administered(call, key);
  if (service.type === "VectorTileServer")
    return setSwitch(service, JSON.parse(param(call, "serviceDefinition") || "{}") as Switch);
  return setSwitch(service, Object.fromEntries(call.params));
}

/** Enterprise: the definition below `{server}/admin/services`, `{name}.{type}`. */
function definition(call: Call): object {
  const service = administered(call, (call.at["service"] ?? "").replace(/\.(?=[^.]*$)/, "/"));
  return {
    serviceName: service.name,
    type: service.type,
    capabilities: "Map",
    properties: {
      exportTilesAllowed: String(service.exportTilesAllowed),
      maxExportTilesCount: String(service.maxExportTilesCount),
      cacheDir: "/arcgisserver/directories/arcgiscache",
    },
  };
}

function editDefinition(call: Call): object {
  const service = administered(call, (call.at["service"] ?? "").replace(/\.(?=[^.]*$)/, "/"));
  const sent = param(call, service.type === "VectorTileServer" ? "services" : "service");
  const { properties, serviceName } = JSON.parse(sent || "{}") as {
    properties?: Switch;
    serviceName?: string;
  };
  if (serviceName !== service.name || properties === undefined)
    throw new PortalError(400, "The service's definition is not valid.");
  setSwitch(service, properties);
  return { status: "success" };
}

export const tileSwitchRoutes: readonly Route[] = [
  ...TILE_TYPES.map((type): Route => ({
    method: "POST",
    path: `/:org/arcgis/rest/admin/services/:service/${type}/edit`,
    form: "json",
    answer: (call) => edit(call, `${call.at["service"] ?? ""}/${type}`),
  })),
  { method: "ANY", path: "/:org/arcgis/admin/services/:service", form: "json", answer: definition },
  { method: "POST", path: "/:org/arcgis/admin/services/:service/edit", form: "json", answer: editDefinition },
];
