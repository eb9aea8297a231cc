// What the run keeps of a portal item while it lists and plans; the item's own JSON is stored verbatim elsewhere.

/** One content item of the portal as the listing found it. `size` is the portal's hint in bytes, -1 = unknown. */
export interface ListedItem {
  /** 32 lower-case hex digits. */
  readonly id: string;
  readonly owner: string;
  /** Title of the owner's folder; null = the root folder. */
  readonly folder: string | null;
  readonly title: string;
  readonly type: string;
  readonly typeKeywords: readonly string[];
  /** File items: the original file name with extension; services: the service's name; others null. */
  readonly name: string | null;
  readonly url: string | null;
  readonly size: number;
  readonly access: string;
  readonly tags: readonly string[];
  /** Epoch milliseconds, as the portal has them. */
  readonly created: number;
  readonly modified: number;
  /** Which listing found it: the per-user walk is the authority, the search only adds. */
  readonly found: "walk" | "search";
  /** The portal says that it belongs to another organisation. */
  readonly isForeign?: true;
}

export const STRATEGIES = [
  "json+resources",
  "download-file",
  "export-fgdb",
  "export-tiles",
  "export-vector-tiles",
  "export-scene-package",
  "skip-reference",
  "skip-no-value",
] as const;
export type Strategy = (typeof STRATEGIES)[number];

/** What will be done with one listed item, and why. */
export interface PlannedItem {
  readonly item: ListedItem;
  readonly strategy: Strategy;
  /** One sentence: why this strategy. */
  readonly why: string;
  /** Set for the skip strategies. */
  readonly cause?: SkipCause;
  /** Ids of the items that hold its data, where the plan knows them. */
  readonly coveredBy?: readonly string[];
  /** ISO time of the last known change of an item that a differential run does not take. */
  readonly unchangedSince?: string;
  readonly lane: "direct" | "heavy";
  /** Folder-relative base of every artifact of the item: `items/{owner}/{folder}/{Title}_{id}`. */
  readonly path: string;
  /** False for a type that the table does not know: it gets the safe default and is reported. */
  readonly knownType: boolean;
}

/** The closed list of causes for a skip, each with its sentence for the report. */
export const SKIP_CAUSES = {
  "view-of-saved-layer": "View of a layer that is saved in this run",
  "copy-of-saved-layer": "Copy of a layer that is saved in this run",
  "package-saved": "Tile or scene layer whose package is saved in this run",
  "external-service": "Pointer to a service outside the organisation or without hosted data",
  "code-attachment": "Code attachment of an app",
  "replication-package": "Replication package of a collaboration",
  "offline-area-package": "Package of an offline map area",
  "own-temporary-export": "Temporary export of this product",
  "foreign-temporary-export": "Temporary export of another product",
  "cached-hub-download": "Cached Hub download of another item",
  "not-exportable": "Hosted data that ArcGIS hands out by no export: only its definition is saved",
  "developer-credential": "Developer credential or licensing entry",
  "empty-service": "Feature service without a single row",
  "no-content": "Item without content of its own",
  "other-organisation": "Item of another organisation",
  "system-content": "Content of a system account",
  "not-selected": "Not selected for this run",
  "deleted-meanwhile": "Deleted at the portal while the run went on",
} as const;
export type SkipCause = keyof typeof SKIP_CAUSES;

/** Causes that hold only while the items that cover the skipped one are saved themselves. */
const COVERING = ["view-of-saved-layer", "copy-of-saved-layer", "package-saved"] as const;
export type CoveringCause = (typeof COVERING)[number];

/** True for a skip because other items of the run hold the data. */
export function isCovering(cause: SkipCause | undefined): cause is CoveringCause {
  return COVERING.some((each) => each === cause);
}
