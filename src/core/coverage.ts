// Which listed items hold the data of another one: the package that a layer was published from, or the layer that an item
// is a copy of. Nothing covers that the run itself does not take.
import { hasKeyword } from "./choice.ts";
import type { ListedItem } from "./item.ts";
import { serviceAddress } from "./service-address.ts";

/** Type of a layer, lower-case, and the types of the packages that hold its data as a whole. */
const PACKAGES: ReadonlyMap<string, readonly string[]> = new Map([
  ["map service", ["Tile Package", "Compact Tile Package"]],
  ["image service", ["Tile Package", "Compact Tile Package"]],
  ["vector tile service", ["Vector Tile Package"]],
  ["scene service", ["Scene Package"]],
  ["3dtiles service", ["3DTiles Package"]],
]);

/** Types of packages that a layer of this type may have been published from; empty for every other type. */
export function packageTypesOf(type: string): readonly string[] {
  return PACKAGES.get(type.toLowerCase()) ?? [];
}

export interface CoveringPackages {
  readonly ids: readonly string[];
  /** `relation`: the portal says so (Service2Data). `title`: same owner and title, which is weaker. */
  readonly by: "relation" | "title";
}

/** What of the listing covers other items of it. */
export interface Coverage {
  packagesOf(layer: ListedItem): CoveringPackages | undefined;
  /** The hosted item of the service that the item points to. `isTaken` false: this run does not save it. */
  originalOf(item: ListedItem): { readonly id: string; readonly isTaken: boolean } | undefined;
}

/** Of an item that is looked at alone. */
export const NO_COVERAGE: Coverage = { packagesOf: () => undefined, originalOf: () => undefined };

/**
 * `publishedFrom`: related items (Service2Data, forward) by the id of the layer. `isTaken` says of a package or a hosted layer
 * whether the run captures it, by itself or as one that is covered.
 */
export function coverageOf(
  items: readonly ListedItem[],
  publishedFrom: ReadonlyMap<string, readonly string[]>,
  isTaken: (item: ListedItem) => boolean,
): Coverage {
  const packages = new Map<string, ListedItem>();
  const byTitle = new Map<string, string[]>();
  const hosted = new Map<string, ListedItem>();
  for (const item of items) {
    if (PACKAGE_TYPES.has(item.type)) {
      if (!isTaken(item)) continue;
      packages.set(item.id, item);
      const key = titleKey(item.owner, item.title, item.type);
      const known = byTitle.get(key);
      if (known === undefined) byTitle.set(key, [item.id]);
      else known.push(item.id);
    } else if (hasKeyword(item, "Hosted Service")) {
      const address = serviceAddress(item.url);
      if (address !== undefined && !hosted.has(address.key)) hosted.set(address.key, item);
    }
  }
  return {
    packagesOf(layer) {
      const types = packageTypesOf(layer.type);
      const related = (publishedFrom.get(layer.id) ?? []).filter((id) =>
        types.includes(packages.get(id)?.type ?? ""),
      );
      if (related.length > 0) return { ids: related, by: "relation" };
      if (layer.title.trim() === "") return undefined;
      const titled = types.flatMap((type) => byTitle.get(titleKey(layer.owner, layer.title, type)) ?? []);
      return titled.length > 0 ? { ids: titled, by: "title" } : undefined;
    },
    originalOf(item) {
      const address = serviceAddress(item.url);
      const original = address && hosted.get(address.key);
      if (original === undefined || original.id === item.id) return undefined;
      return { id: original.id, isTaken: isTaken(original) };
    },
  };
}

const PACKAGE_TYPES: ReadonlySet<string> = new Set([...PACKAGES.values()].flat());

function titleKey(owner: string, title: string, type: string): string {
  return JSON.stringify([owner, title, type]);
}
