// Items that are no content of the customer: leftovers, derived copies, credentials, system content. Each rule is narrow:
// what is not certainly one of these is backed up.
import { type Choice, type Rule, noValue } from "./choice.ts";
import { isOurs, looksTemporary } from "./export-title.ts";
import type { ListedItem, SkipCause } from "./item.ts";

/** Types that Hub makes as cached downloads of a layer. */
const HUB_DOWNLOADS: ReadonlySet<string> = new Set([
  "File Geodatabase",
  "CSV",
  "Shapefile",
  "KML",
  "GeoJson",
]);

/** Types that the packages of an offline map area have. */
export const AREA_PACKAGES: ReadonlySet<string> = new Set([
  "SQLite Geodatabase",
  "Tile Package",
  "Compact Tile Package",
  "Vector Tile Package",
]);

/** Types that an export of a service makes. A map with such a title is somebody's map. */
const EXPORTED: ReadonlySet<string> = new Set([
  ...HUB_DOWNLOADS,
  ...AREA_PACKAGES,
  "CSV Collection",
  "KML Collection",
  "Microsoft Excel",
  "Feature Collection",
  "GeoPackage",
  "Scene Package",
]);

const WITHOUT_VALUE: Readonly<Record<string, { readonly cause: SkipCause; readonly why: string }>> = {
  "code attachment": {
    cause: "code-attachment",
    why: "Code attachment: packaged code of an app, not content",
  },
  "replication package": {
    cause: "replication-package",
    why: "Replication package: a collaboration makes and removes it by itself",
  },
  "api key": { cause: "developer-credential", why: "API key: its secret is never handed out" },
  "user license type extension": { cause: "developer-credential", why: "Licensing entry without content" },
  "featured items": { cause: "no-content", why: "Featured items: an empty item that only carries relations" },
};

/** The first rule that knows the item decides. */
export const SKIP_RULES: readonly Rule[] = [
  ofSystem,
  ofOthers,
  temporaryExport,
  cachedDownload,
  (_, type) => {
    const found = WITHOUT_VALUE[type?.type.toLowerCase() ?? ""];
    return found === undefined ? undefined : noValue(found.cause, found.why);
  },
];

/** Packages of the offline map areas whose ids are known. */
export function areaPackage(item: ListedItem, offlinePackageIds: ReadonlySet<string>): Choice | undefined {
  if (!AREA_PACKAGES.has(item.type) || !offlinePackageIds.has(item.id)) return undefined;
  return noValue(
    "offline-area-package",
    "Package of an offline map area: ArcGIS makes it again from the map",
  );
}

function ofSystem(item: ListedItem): Choice | undefined {
  if (!/^(?:esri_.*|system_publisher)$/i.test(item.owner)) return undefined;
  return noValue("system-content", "Owned by a system account of ArcGIS");
}

function ofOthers(item: ListedItem): Choice | undefined {
  if (item.isForeign !== true) return undefined;
  return noValue("other-organisation", "Belongs to another organisation, which backs it up itself");
}

/** True for what backup products, ours among them, make for a moment: by its title and type. */
export function looksExported({ title, type }: Pick<ListedItem, "title" | "type">): boolean {
  return looksTemporary(title) && EXPORTED.has(type);
}

function temporaryExport(item: ListedItem): Choice | undefined {
  if (isOurs(item)) return noValue("own-temporary-export", "Temporary export of this product, not content");
  if (!looksExported(item)) return undefined;
  return noValue("foreign-temporary-export", "Temporary export of another backup product, by its title");
}

function cachedDownload(item: ListedItem): Choice | undefined {
  const isCopy = item.typeKeywords.some((keyword) => /^\s*exportItem:/i.test(keyword));
  if (!isCopy || !HUB_DOWNLOADS.has(item.type)) return undefined;
  return noValue("cached-hub-download", "Cached download of another item, made by ArcGIS Hub");
}
