// What a profile may choose between, beside what it takes and where it puts it.

/** How the items are found. */
export const SEARCHES = ["deep", "quick"] as const;
export type Search = (typeof SEARCHES)[number];

/** What is kept of a view whose source is saved in the same run. */
export const VIEWS = ["definition", "data"] as const;
export type Views = (typeof VIEWS)[number];

export interface TileOptions {
  /** The export of a layer that does not allow it is switched on meanwhile. */
  readonly switchExportOn: boolean;
  /** Tiles that one layer may have. */
  readonly most: number;
}

/** The options that change the plan. */
export interface PlanOptions {
  readonly views: Views;
  /** Feature services without a single row are exported. */
  readonly emptyServices: boolean;
  /** Items of type Service Definition are taken. */
  readonly serviceDefinitions: boolean;
  readonly tiles: TileOptions;
  /** Only what changed in so many days, with an overlap of six hours; absent = everything. */
  readonly changedWithinDays?: number;
}
