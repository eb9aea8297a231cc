// What the portal is asked before the plan is made: which packages belong to offline map areas, which file a layer was
// published from, and, where empty services are not taken, which layers hold a row. Only questions whose answer can change the
// plan are asked.
import { hasKeyword } from "./choice.ts";
import { packageTypesOf } from "./coverage.ts";
import type { PlannedItem } from "./item.ts";
import type { PlanOptions } from "./options.ts";
import { AREA_PACKAGES } from "./skip-rules.ts";

export type RelationQuestion = { readonly itemId: string } & (
  | {
      readonly about: "area" | "layer";
      /** Asked one by one, forward. */
      readonly types: readonly string[];
    }
  | { readonly about: "rows"; readonly serviceUrl: string }
);

/** `planned`: the listing as it would be planned without any relation known. Equal plans give equal questions, in order. */
export function relationQuestions(
  planned: readonly PlannedItem[],
  { emptyServices }: Pick<PlanOptions, "emptyServices">,
): readonly RelationQuestion[] {
  const files = planned.filter(({ strategy }) => strategy === "download-file");
  const types = new Set(files.map(({ item }) => item.type));
  const hasAreaPackage = [...types].some((type) => AREA_PACKAGES.has(type));
  return planned.flatMap(({ item, strategy, cause }): RelationQuestion[] => {
    if (item.type === "Map Area") {
      return hasAreaPackage
        ? [{ itemId: item.id, about: "area", types: ["Area2Package", "Area2CustomPackage"] }]
        : [];
    }
    if (!emptyServices && strategy === "export-fgdb" && item.url !== null) {
      return [{ itemId: item.id, about: "rows", serviceUrl: item.url }];
    }
    const mayHavePackage =
      hasKeyword(item, "Hosted Service") && packageTypesOf(item.type).some((type) => types.has(type));
    const isOpen = !strategy.startsWith("skip-") || cause === "package-saved" || cause === "not-exportable";
    return mayHavePackage && isOpen ? [{ itemId: item.id, about: "layer", types: ["Service2Data"] }] : [];
  });
}

/** What one slice of the questions found; kept as a record each. */
export interface RelationSlice {
  /** Ids of the packages that offline map areas consist of. */
  readonly areaPackages: readonly string[];
  /** Ids of the related items by the id of a layer. */
  readonly publishedFrom: Readonly<Record<string, readonly string[]>>;
  /** Ids of services of which every layer counts no row. */
  readonly empty: readonly string[];
}

export interface RelationFacts {
  readonly offlinePackageIds: ReadonlySet<string>;
  readonly publishedFrom: ReadonlyMap<string, readonly string[]>;
  readonly emptyServiceIds: ReadonlySet<string>;
}

/** Before anything is asked. A package that is not known to be an area's is saved: that costs space and loses nothing. */
export const NO_RELATIONS: RelationFacts = {
  offlinePackageIds: new Set(),
  publishedFrom: new Map(),
  emptyServiceIds: new Set(),
};

/** The facts of all slices together; slices may overlap. */
export function relationFacts(slices: readonly RelationSlice[]): RelationFacts {
  return {
    offlinePackageIds: new Set(slices.flatMap(({ areaPackages }) => areaPackages)),
    publishedFrom: new Map(slices.flatMap((slice) => Object.entries(slice.publishedFrom))),
    emptyServiceIds: new Set(slices.flatMap(({ empty }) => empty)),
  };
}
