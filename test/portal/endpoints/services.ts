// Hosted feature services: what they are, their layers, and the sources of views.
import { PortalError } from "../answer.ts";
import { may, type Call } from "../call.ts";
import { mayRead } from "../item-json.ts";
import { serviceAddress } from "../places.ts";
import type { Route } from "../routes.ts";
import type { Item, Layer, Service } from "../state.ts";

export const SERVICES = "/:org/arcgis/rest/services/:service/FeatureServer";
const ADMIN = "/:org/arcgis/rest/admin/services/:service/FeatureServer";

export function serviceUrl(call: Call, service: Service): string {
  const kind = call.state.org.isPortal ? "enterprise" : "online";
  return serviceAddress({ kind, services: call.services }, service.name);
}

/** The service and its item, if the caller may use it: else 499 (also for a good token without access) or 404. */
export function usable(call: Call): { readonly service: Service; readonly item: Item } {
  const service = call.state.services.get(call.at["service"] ?? "");
  const item = service === undefined ? undefined : call.state.items.get(service.itemId);
  if (
    service === undefined ||
    item === undefined ||
    item.binnedAt !== null ||
    call.at["org"] !== call.state.org.id
  ) {
    throw new PortalError(404, "Service not found", undefined, "");
  }
  if (!mayRead(call.state, call.caller, item)) throw new PortalError(499, "Token Required", undefined, []);
  return { service, item };
}

export function layerOf(call: Call, service: Service): Layer {
  const layer = service.layers.find(({ id }) => String(id) === call.at["layer"]);
  if (layer === undefined) throw new PortalError(400, "Invalid URL", undefined, ["Invalid URL"]);
  return layer;
}

const GEOMETRY = {
  point: "esriGeometryPoint",
  polyline: "esriGeometryPolyline",
  polygon: "esriGeometryPolygon",
};
const MULTIPATCH = "esriGeometryMultiPatch";
export const SPATIAL_REFERENCE = { wkid: 4326, latestWkid: 4326 };
const isView = (service: Service): boolean => service.sources.length > 0;

function serviceJson(call: Call, service: Service): Record<string, unknown> {
  const entry = ({ id, name, geometry, multipatch }: Layer): object => ({
    id,
    name,
    parentLayerId: -1,
    type: geometry === undefined ? "Table" : "Feature Layer",
    ...(geometry === undefined
      ? {}
      : { geometryType: multipatch === true ? MULTIPATCH : GEOMETRY[geometry] }),
  });
  const edited = Math.max(0, ...service.layers.map((layer) => layer.lastEditDate));
  return {
    currentVersion: 11.5,
    serviceItemId: service.itemId,
    isView: isView(service),
    ...(service.sources.length > 1 ? { isMultiServicesView: true } : {}),
    hasViews: [...call.state.services.values()].some((other) => other.sources.includes(service.name)),
    hasStaticData: false,
    maxRecordCount: service.maxRecordCount,
    supportedQueryFormats: "JSON, geoJSON, PBF",
    supportedExportFormats: "sqlite,filegdb,shapefile,csv,geojson",
    capabilities: service.capabilities,
    syncEnabled: false,
    syncCapabilities: { supportsAsync: true, supportsSyncModelNone: true },
    description: "",
    copyrightText: "",
    spatialReference: SPATIAL_REFERENCE,
    allowGeometryUpdates: true,
    units: "esriDecimalDegrees",
    size: service.layers.reduce((sum, layer) => sum + layer.rows.length * 100, 8192),
    ...(call.state.org.isPortal ? {} : { editingInfo: { lastEditDate: edited } }),
    layers: service.layers.filter((layer) => layer.geometry !== undefined).map(entry),
    tables: service.layers.filter((layer) => layer.geometry === undefined).map(entry),
    relationships: [],
  };
}

export function fieldsOf(layer: Layer): object[] {
  return [
    { name: "OBJECTID", type: "esriFieldTypeOID", alias: "OBJECTID", nullable: false, editable: false },
    ...layer.fields.map((field) => ({
      name: field.name,
      type: `esriFieldType${field.type}`,
      alias: field.name,
      nullable: field.type !== "GlobalID",
      editable: field.type !== "GlobalID",
      ...(field.type === "String" ? { length: 255 } : {}),
    })),
  ];
}

/** Enterprise tells edit dates only where it has an object store, which the sample has not. */
function editingInfo(call: Call, { lastEditDate }: Layer): object {
  if (call.state.org.isPortal) return {};
  return {
    editingInfo: { lastEditDate, schemaLastEditDate: lastEditDate, dataLastEditDate: lastEditDate },
  };
}

function layerJson(call: Call, service: Service, layer: Layer): Record<string, unknown> {
  return {
    currentVersion: 11.5,
    id: layer.id,
    name: layer.name,
    type: layer.geometry === undefined ? "Table" : "Feature Layer",
    serviceItemId: service.itemId,
    displayField: layer.fields[0]?.name ?? "OBJECTID",
    ...(layer.geometry === undefined
      ? {}
      : {
          geometryType: layer.multipatch === true ? MULTIPATCH : GEOMETRY[layer.geometry],
          extent: { xmin: -180, ymin: -90, xmax: 180, ymax: 90, spatialReference: SPATIAL_REFERENCE },
        }),
    objectIdField: "OBJECTID",
    uniqueIdField: { name: "OBJECTID", isSystemMaintained: true },
    globalIdField: layer.fields.find((field) => field.type === "GlobalID")?.name ?? "",
    fields: fieldsOf(layer),
    hasZ: false,
    hasM: false,
    hasAttachments: layer.hasAttachments,
    relationships: layer.relationships,
    isView: isView(service),
    maxRecordCount: service.maxRecordCount,
    standardMaxRecordCount: service.maxRecordCount * 4,
    capabilities: service.capabilities,
    advancedQueryCapabilities: {
      supportsPagination: true,
      supportsOrderBy: true,
      supportsQueryAttachments: layer.hasAttachments && layer.supportsQueryAttachments,
      supportsQueryAttachmentsCountOnly: layer.hasAttachments && layer.supportsQueryAttachments,
      supportsQueryAttachmentsWithReturnUrl: layer.hasAttachments && layer.supportsQueryAttachments,
    },
    ...editingInfo(call, layer),
    drawingInfo: { renderer: { type: "simple" } },
    types: [],
    templates: [],
    indexes: [],
  };
}

function allLayers(service: Service, form: (layer: Layer) => object): object {
  const of = (table: boolean): object[] =>
    service.layers.filter((layer) => (layer.geometry === undefined) === table).map(form);
  return { layers: of(false), tables: of(true) };
}

function sources(call: Call): object {
  const { service } = usable(call);
  if (!isView(service)) throw new PortalError(400, "This operation is not supported.", undefined, [""]);
  const found = service.sources.flatMap((name) => call.state.services.get(name) ?? []);
  return {
    services: found.map((source) => ({
      name: source.name,
      type: "FeatureServer",
      url: serviceUrl(call, source),
      serviceItemId: source.itemId,
    })),
  };
}

/** The admin form is for the owner and administrators. */
function admin(call: Call): object {
  const { service, item } = usable(call);
  if (item.owner !== call.caller?.username && !may(call.caller, "portal:admin:updateItems")) {
    throw new PortalError(403, "User does not have permissions to access 'service'.", undefined, []);
  }
  const status = { name: service.name, type: "FeatureServer", status: "Started" };
  return { ...serviceJson(call, service), adminServiceInfo: status };
}

const query = (path: string, answer: (call: Call) => object): Route => ({
  method: "ANY",
  path,
  form: "json",
  answer,
});

export const serviceRoutes: readonly Route[] = [
  query("/:org/arcgis/rest/info", (call) => ({ currentVersion: 11.5, owningSystemUrl: call.portal })),
  query(SERVICES, (call) => serviceJson(call, usable(call).service)),
  query(`${SERVICES}/layers`, (call) => {
    const { service } = usable(call);
    return allLayers(service, (layer) => layerJson(call, service, layer));
  }),
  query(`${SERVICES}/sources`, sources),
  query(`${SERVICES}/:layer`, (call) => {
    const { service } = usable(call);
    return layerJson(call, service, layerOf(call, service));
  }),
  query(ADMIN, admin),
  query(`${ADMIN}/layers`, (call) => {
    admin(call);
    const { service } = usable(call);
    return allLayers(service, (layer) => ({
      ...layerJson(call, service, layer),
      adminLayerInfo: { tableName: `hsu_${service.itemId.slice(0, 5)}.${service.name}_${layer.id}` },
    }));
  }),
];
