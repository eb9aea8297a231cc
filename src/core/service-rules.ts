// How a service is backed up: its type keywords tell where its data lie, and the listing whether another item holds them. A
// service without `Hosted Service` is a pointer: added by URL, a copy saved from a map, or a layer that an Enterprise server
// publishes from elsewhere.
import { type Choice, backUp, covered, hasKeyword, reference } from "./choice.ts";
import { type Coverage, NO_COVERAGE } from "./coverage.ts";
import type { ItemType } from "./item-types.ts";
import type { ListedItem } from "./item.ts";
import type { Views } from "./options.ts";

/** What a service's rule knows besides the item itself. */
export interface ServiceFacts {
  readonly coverage: Coverage;
  readonly views: Views;
  /** Services without a row that the run does not take. */
  readonly emptyServiceIds: ReadonlySet<string>;
}

/** A service whose data are in no other item: how they are captured by its own means. */
export const BY_ITSELF: ServiceFacts = {
  coverage: NO_COVERAGE,
  views: "data",
  emptyServiceIds: new Set(),
};

/** Hosted variants of these are derived from a feature layer and hold no data of their own. */
const DERIVED: ReadonlySet<string> = new Set(["WFS", "OGCFeatureServer"]);

/** Set for the types that the table captures by an export or keeps as a reference; undefined for all others. */
export function serviceRule(
  item: ListedItem,
  type: ItemType | undefined,
  facts: ServiceFacts,
): Choice | undefined {
  if (type === undefined) return undefined;
  switch (type.strategy) {
    case "export-fgdb":
      return pointer(item, facts) ?? featureLayer(item, facts);
    case "export-tiles":
      return pointer(item, facts) ?? tileLayer(item, facts);
    case "export-vector-tiles":
      return styleOnly(item) ?? pointer(item, facts) ?? vectorTileLayer(item, facts);
    case "export-scene-package":
      return pointer(item, facts) ?? sceneLayer(item, facts);
    case "skip-reference":
      return otherService(item, type.type, facts);
    case "json+resources":
    case "download-file":
    case "skip-no-value":
      return undefined;
  }
}

function pointer(item: ListedItem, facts: ServiceFacts): Choice | undefined {
  if (!hasKeyword(item, "Hosted Service")) return copy(item, facts);
  if (hasKeyword(item, "Service Proxy")) {
    return reference("external-service", "Proxy of a service that lies elsewhere");
  }
  const premium = ["Requires Subscription", "Requires Credits"].some((keyword) => hasKeyword(item, keyword));
  return premium
    ? reference("external-service", "Pointer to subscription or premium content of Esri")
    : undefined;
}

/** A pointer to a layer of this very listing is covered by it; any other has nothing to be backed up. */
function copy(item: ListedItem, { coverage }: ServiceFacts): Choice {
  const original = coverage.originalOf(item);
  if (original === undefined) {
    return reference("external-service", "Pointer to a service: the item holds no hosted data");
  }
  return original.isTaken
    ? covered("copy-of-saved-layer", "Copy of a layer: its data lie in the layer itself", [original.id])
    : reference("external-service", "Copy of a layer whose data this run does not save");
}

function featureLayer(item: ListedItem, { views, emptyServiceIds }: ServiceFacts): Choice {
  if (emptyServiceIds.has(item.id)) {
    return reference("empty-service", "None of its layers holds a row: left out by the option emptyServices");
  }
  if (!hasKeyword(item, "View Service")) {
    return backUp("export-fgdb", "Hosted feature layer: exported as a file geodatabase");
  }
  return views === "data"
    ? backUp("export-fgdb", "View: its filtered data are exported as a file geodatabase")
    : reference("view-of-saved-layer", "View: its data lie in the layer that it shows");
}

function tileLayer(item: ListedItem, facts: ServiceFacts): Choice {
  if (hasKeyword(item, "Spatiotemporal") || hasKeyword(item, "Relational")) {
    return reference(
      "external-service",
      "Map image layer that draws a feature layer: it holds no data of its own",
    );
  }
  return (
    fromPackage(item, facts) ??
    backUp("export-tiles", "Hosted tile layer: its tiles need an export to a tile package")
  );
}

function styleOnly(item: ListedItem): Choice | undefined {
  return hasKeyword(item, "Vector Tile Style Editor")
    ? backUp("json+resources", "Style over another tile layer: everything it has is in its resources")
    : undefined;
}

function vectorTileLayer(item: ListedItem, facts: ServiceFacts): Choice {
  return (
    fromPackage(item, facts) ??
    backUp(
      "export-vector-tiles",
      "Hosted vector tile layer: its tiles need an export to a vector tile package",
    )
  );
}

function sceneLayer(item: ListedItem, facts: ServiceFacts): Choice {
  return (
    fromPackage(item, facts) ??
    backUp("export-scene-package", "Hosted scene layer: its data need an export to a scene package")
  );
}

/** The package that the layer was published from holds its data in a better form than an export does (rest-api 11). */
function fromPackage(item: ListedItem, { coverage }: ServiceFacts): Choice | undefined {
  const found = coverage.packagesOf(item);
  if (found === undefined) return undefined;
  return found.by === "relation"
    ? covered("package-saved", "Published from a package that is saved as an item of its own", found.ids)
    : covered(
        "package-saved",
        "A package with the same owner and title is saved: it holds the data",
        found.ids,
      );
}

function otherService(item: ListedItem, type: string, facts: ServiceFacts): Choice {
  if (type === "Knowledge Graph") {
    return reference("not-exportable", "Knowledge graph: ArcGIS has no export for its data");
  }
  if (!hasKeyword(item, "Hosted Service")) return copy(item, facts);
  if (DERIVED.has(type))
    return reference("external-service", "Derived from a feature layer: it holds no data of its own");
  const published = fromPackage(item, facts);
  if (published !== undefined) return published;
  if (
    type === "Image Service" &&
    (hasKeyword(item, "Tiled Imagery") || hasKeyword(item, "Elevation 3D Layer"))
  ) {
    return backUp("export-tiles", "Hosted tiled imagery: its tiles need an export to a tile package");
  }
  return reference("not-exportable", `Hosted ${type}: ArcGIS has no bulk export for its data`);
}
