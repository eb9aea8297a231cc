// The plan: for each listed item one strategy with its reason, one place and one lane. Nothing is left out, and what the
// type table does not know is saved as far as the portal hands it out.
import { type ChangeContext, changeOf } from "./changes.ts";
import { type Choice, backUp } from "./choice.ts";
import { type Coverage, NO_COVERAGE, coverageOf } from "./coverage.ts";
import { type ItemType, itemTypeOf } from "./item-types.ts";
import { type ListedItem, type PlannedItem, type Strategy, isCovering } from "./item.ts";
import { type Layout, itemPath } from "./names.ts";
import type { Views } from "./options.ts";
import { type SelectContext, notSelected } from "./selecting.ts";
import { serviceRule } from "./service-rules.ts";
import { SKIP_RULES, areaPackage } from "./skip-rules.ts";
import { isoTime } from "./units.ts";

export interface PlanContext extends SelectContext {
  readonly layout: Layout;
  /** Ids of the packages that the offline map areas of the organisation consist of. */
  readonly offlinePackageIds: ReadonlySet<string>;
  /** Items that layers were published from (Service2Data, forward), by the id of the layer; absent = not known. */
  readonly publishedFrom?: ReadonlyMap<string, readonly string[]>;
  /** Feature services without a row that are not taken; absent = none is known or all are taken. */
  readonly emptyServiceIds?: ReadonlySet<string>;
  /** What is kept of views; absent = their definition. */
  readonly views?: Views;
  /** The run takes only what changed. */
  readonly changes?: ChangeContext;
}

/** Files above this go to the heavy lanes. */
export const HEAVY_BYTES = 64 * 1024 * 1024;

/** True for an item whose outcome the plan itself is: nothing is read and nothing stored. */
export function isSettled({ strategy, cause, unchangedSince }: PlannedItem): boolean {
  return unchangedSince !== undefined || (strategy === "skip-no-value" && cause !== undefined);
}

/** Fewer items in a batch would make its bookkeeping weigh. */
const BATCH_LEAST = 10;

/** A direct lane takes at most so many items at a time. */
export const BATCH_MOST = 20;

/** One entry per item, in the order given. */
export function planItems(items: readonly ListedItem[], context: PlanContext): readonly PlannedItem[] {
  const coverage = coverageOf(items, context.publishedFrom ?? new Map(), (item) => {
    const { strategy, cause } = choose(item, itemTypeOf(item.type), context, NO_COVERAGE);
    return !strategy.startsWith("skip-") || isCovering(cause);
  });
  return items.map((item) => planItem(item, context, coverage));
}

/** The plan of one item; `coverage` says what the rest of the listing holds of its data. */
export function planItem(
  item: ListedItem,
  context: PlanContext,
  coverage: Coverage = NO_COVERAGE,
): PlannedItem {
  const type = itemTypeOf(item.type);
  const choice = choose(item, type, context, coverage);
  const change = context.changes && changeOf(item, choice, context.changes);
  const since = change?.unchangedSince;
  return {
    item,
    strategy: choice.strategy,
    why:
      change === undefined ? choice.why : since === undefined ? `${choice.why}. ${change.why}` : change.why,
    ...(since !== undefined && { unchangedSince: isoTime(since) }),
    ...(choice.cause === undefined ? {} : { cause: choice.cause }),
    ...(choice.coveredBy === undefined ? {} : { coveredBy: choice.coveredBy }),
    lane: laneOf(choice.strategy, item.size),
    path: itemPath(context.layout, item),
    knownType: type !== undefined,
  };
}

/** True for the strategies that have the portal or a service make a file first. */
export function isExport(strategy: Strategy): boolean {
  return strategy.startsWith("export-");
}

/** Exports and large files take the heavy lanes. */
export function laneOf(strategy: Strategy, size: number): PlannedItem["lane"] {
  return isExport(strategy) || (strategy === "download-file" && size > HEAVY_BYTES) ? "heavy" : "direct";
}

/** Batches for the direct lanes: lane k of W takes batches k, k+W, k+2W ...; about five for each lane of a large listing. */
export function batches<T>(items: readonly T[], lanes: number): readonly (readonly T[])[] {
  const size = Math.min(BATCH_MOST, Math.max(BATCH_LEAST, Math.ceil(items.length / (lanes * 5))));
  return Array.from({ length: Math.ceil(items.length / size) }, (_, n) =>
    items.slice(n * size, (n + 1) * size),
  );
}

/**
 * Longest first, so that no long piece starts when all others are done: by how long its export took last time (`exportMs`,
 * milliseconds by item id), then by size, then by id.
 */
export function heavyOrder(
  items: readonly PlannedItem[],
  exportMs: Readonly<Record<string, number>> = {},
): readonly PlannedItem[] {
  const known = new Map(Object.entries(exportMs));
  const lasted = ({ item }: PlannedItem) => known.get(item.id) ?? 0;
  return items.toSorted(
    (a, b) => lasted(b) - lasted(a) || b.item.size - a.item.size || (a.item.id < b.item.id ? -1 : 1),
  );
}

const NONE: ReadonlySet<string> = new Set();

function choose(
  item: ListedItem,
  type: ItemType | undefined,
  context: PlanContext,
  coverage: Coverage,
): Choice {
  const leftOut = notSelected(item, context);
  if (leftOut !== undefined) return leftOut;
  for (const rule of SKIP_RULES) {
    const skipped = rule(item, type);
    if (skipped !== undefined) return skipped;
  }
  const facts = {
    coverage,
    views: context.views ?? "definition",
    emptyServiceIds: context.emptyServiceIds ?? NONE,
  };
  return (
    areaPackage(item, context.offlinePackageIds) ?? serviceRule(item, type, facts) ?? contentRule(item, type)
  );
}

function contentRule(item: ListedItem, type: ItemType | undefined): Choice {
  if (type === undefined) {
    return backUp("json+resources", "Type is not in the table: everything the portal hands out is saved");
  }
  if (type.strategy !== "download-file") {
    return backUp("json+resources", "Content is JSON and resources");
  }
  return isUrlItem(item, type)
    ? backUp("json+resources", "Link to a file elsewhere: the item itself holds no file")
    : backUp("download-file", "Content is a file");
}

/** Types that may be added by their URL instead of a file. Apps carry a URL beside their file and are none of these. */
const BY_URL: ReadonlySet<string> = new Set([
  "KML",
  "KML Collection",
  "CSV",
  "CSV Collection",
  "GeoJson",
  "Shapefile",
  "PDF",
  "Image",
  "Microsoft Word",
  "Microsoft Excel",
  "Microsoft Powerpoint",
  "Visio Document",
]);

function isUrlItem(item: ListedItem, type: ItemType): boolean {
  return BY_URL.has(type.type) && item.name === null && item.url !== null;
}
