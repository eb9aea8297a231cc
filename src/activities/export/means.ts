// What every way to a layer's data can do: begin, be looked at, and hand over what it made.
import type { PlannedItem } from "../../core/item.ts";
import type { LayerGot } from "../../core/ladder.ts";
import type { Artifact } from "../../core/outcome.ts";
import type { Failure, Result } from "../../core/result.ts";
import type { RunAtWork } from "../run/context.ts";
import type { Attempt, ExportKey, ExportRecord } from "./export-record.ts";

/** An item on one rung of its ladder. */
export interface AtRung {
  readonly run: RunAtWork;
  readonly key: ExportKey;
  readonly planned: PlannedItem;
  readonly record: ExportRecord;
  /** `record.now` */
  readonly attempt: Attempt;
}

/** `record`: as it is to be kept from now on. */
export type Look =
  | {
      readonly do: "wait";
      readonly seconds: number;
      readonly overdue: boolean;
      readonly record: ExportRecord;
    }
  | { readonly do: "save"; readonly isSure: boolean; readonly record: ExportRecord }
  | { readonly do: "failed"; readonly failure: Failure; readonly record: ExportRecord };

export type Kept =
  | {
      readonly do: "kept";
      readonly artifacts: readonly Artifact[];
      readonly got: readonly LayerGot[];
      readonly notes: readonly string[];
      readonly record: ExportRecord;
    }
  | Exclude<Look, { readonly do: "save" }>;

export interface Means {
  /** Has the portal begin; the record comes back with the attempt's job, and is written by then where the portal was asked. */
  begin(at: AtRung): Promise<Result<ExportRecord>>;
  look(at: AtRung): Promise<Look>;
  /** Stores what was made, and proves it. */
  keep(at: AtRung): Promise<Kept>;
}

/** The record with its attempt changed. */
export function withAttempt(record: ExportRecord, attempt: Attempt, changes: Partial<Attempt>): ExportRecord {
  return { ...record, now: { ...attempt, ...changes } };
}
