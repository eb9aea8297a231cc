// The one final state of an item in a run.
import type { SkipCause, Strategy } from "./item.ts";
import type { Rung } from "./ladder.ts";
import type { Failure } from "./result.ts";

export const LOSS_KINDS = [
  "rows-excluded",
  "attachments-missing",
  "resource-missing",
  "not-compared",
  "changed-meanwhile",
  /** A way that hands out less than a file geodatabase holds. */
  "lesser-format",
] as const;
export type LossKind = (typeof LOSS_KINDS)[number];

/** What a saved item lacks against its source. `kind` groups, `text` tells. */
export interface Loss {
  readonly kind: LossKind;
  readonly text: string;
}

export const ARTIFACT_KINDS = ["bundle", "data", "resource", "export", "attachment"] as const;
export type ArtifactKind = (typeof ARTIFACT_KINDS)[number];

/** One blob stored for an item. `path` is relative to the run folder; `sha256` is lower-case hex over its bytes. */
export interface Artifact {
  readonly kind: ArtifactKind;
  readonly path: string;
  readonly sizeBytes: number;
  /** `sha256:{hex}` */
  readonly hash: string;
  /** What was proved: `stored` = read back from the store, `transit` = seen while it passed. */
  readonly proof: "stored" | "transit";
  /** For a bundle: its entries. For an export: its tables with rows. Small. */
  readonly entries?: readonly ArtifactEntry[];
  readonly tables?: readonly ExportTable[];
  /** For `resource` and `attachment`: its name at the portal. For `data`: the portal's file name, where it has one. */
  readonly name?: string;
}

export interface ArtifactEntry {
  /** Name inside the bundle: `item.json`, `data`, `resources/...`. */
  readonly name: string;
  readonly sizeBytes: number;
  readonly hash: string;
}

export interface ExportTable {
  readonly name: string;
  readonly rows: number;
  /** The layer or table of the service that it was compared with; absent = not compared. */
  readonly layerId?: number;
  readonly rowsBefore?: number;
  readonly rowsAfter?: number;
}

interface OutcomeOfAny {
  readonly itemId: string;
  readonly strategy: Strategy;
  readonly why: string;
  readonly artifacts: readonly Artifact[];
  /** Sum of the artifacts. */
  readonly sizeBytes: number;
  /** How long the item's work took, in milliseconds; exports include the portal's time. */
  readonly tookMs: number;
  /** Things worth telling that are neither loss nor failure (unknown type, odd answers survived). */
  readonly notes: readonly string[];
  /** For a hosted layer: the lowest rung of the ladder that its data came from. */
  readonly rung?: Rung;
  /** The type table does not know the item's type: it got the safe default, and the report says so. */
  readonly unknownType?: true;
}

export type Outcome = OutcomeOfAny &
  (
    | { readonly state: "saved"; readonly loss: readonly Loss[] }
    | { readonly state: "unchanged"; readonly since: string }
    | { readonly state: "skipped"; readonly cause: SkipCause; readonly coveredBy: readonly string[] }
    | { readonly state: "failed"; readonly failure: Failure }
  );

export type OutcomeState = Outcome["state"];
