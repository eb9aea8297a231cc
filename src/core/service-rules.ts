// How a service is backed up: its type keywords tell where its data lie. A service without `Hosted Service` is a pointer:
// added by URL, a copy saved from a map, or a layer that an Enterprise server publishes from elsewhere.
import { type Choice, backUp, hasKeyword, reference } from "./choice.ts";
import type { ItemType } from "./item-types.ts";
import type { ListedItem } from "./item.ts";

/** Hosted variants of these are derived from a feature layer and hold no data of their own. */
const DERIVED: ReadonlySet<string> = new Set(["WFS", "OGCFeatureServer"]);

/** Set for the types that the table captures by an export or keeps as a reference; undefined for all others. */
export function serviceRule(item: ListedItem, type: ItemType | undefined): Choice | undefined {
  if (type === undefined) return undefined;
  switch (type.strategy) {
    case "export-fgdb":
      return pointer(item) ?? featureLayer(item);
    case "export-tiles":
      return pointer(item) ?? tileLayer(item);
    case "export-vector-tiles":
      return styleOnly(item) ?? pointer(item) ?? vectorTileLayer();
    case "export-scene-package":
      return pointer(item) ?? sceneLayer();
    case "skip-reference":
      return otherService(item, type.type);
    case "json+resources":
    case "download-file":
    case "skip-no-value":
      return undefined;
  }
}

function pointer(item: ListedItem): Choice | undefined {
  if (!hasKeyword(item, "Hosted Service")) {
    return reference("external-service", "Pointer to a service: the item holds no hosted data");
  }
  if (hasKeyword(item, "Service Proxy")) {
    return reference("external-service", "Proxy of a service that lies elsewhere");
  }
  const premium = ["Requires Subscription", "Requires Credits"].some((keyword) => hasKeyword(item, keyword));
  return premium
    ? reference("external-service", "Pointer to subscription or premium content of Esri")
    : undefined;
}

function featureLayer(item: ListedItem): Choice {
  return hasKeyword(item, "View Service")
    ? reference("view-of-saved-layer", "View: its data lie in the layer that it shows")
    : backUp("export-fgdb", "Hosted feature layer: exported as a file geodatabase");
}

function tileLayer(item: ListedItem): Choice {
  return hasKeyword(item, "Spatiotemporal") || hasKeyword(item, "Relational")
    ? reference("external-service", "Map image layer that draws a feature layer: it holds no data of its own")
    : backUp("export-tiles", "Hosted tile layer: its tiles need an export to a tile package");
}

function styleOnly(item: ListedItem): Choice | undefined {
  return hasKeyword(item, "Vector Tile Style Editor")
    ? backUp("json+resources", "Style over another tile layer: everything it has is in its resources")
    : undefined;
}

function vectorTileLayer(): Choice {
  return backUp(
    "export-vector-tiles",
    "Hosted vector tile layer: its tiles need an export to a vector tile package",
  );
}

function sceneLayer(): Choice {
  return backUp("export-scene-package", "Hosted scene layer: its data need an export to a scene package");
}

function otherService(item: ListedItem, type: string): Choice {
  if (type === "Knowledge Graph") {
    return reference("not-exportable", "Knowledge graph: ArcGIS has no export for its data");
  }
  if (!hasKeyword(item, "Hosted Service")) {
    return reference("external-service", "Pointer to a service: the item holds no hosted data");
  }
  if (DERIVED.has(type))
    return reference("external-service", "Derived from a feature layer: it holds no data of its own");
  if (
    type === "Image Service" &&
    (hasKeyword(item, "Tiled Imagery") || hasKeyword(item, "Elevation 3D Layer"))
  ) {
    return backUp("export-tiles", "Hosted tiled imagery: its tiles need an export to a tile package");
  }
  return reference("not-exportable", `Hosted ${type}: ArcGIS has no bulk export for its data`);
}
