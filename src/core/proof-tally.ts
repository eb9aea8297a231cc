// What was proved of a run's artifacts, counted for the report. An export "matches" when every table (attachments apart)
// was compared with its layer and holds the rows that the layer had before and after the export.
import type { Artifact, ExportTable, Outcome } from "./outcome.ts";

export interface Proof {
  readonly artifacts: number;
  /** Of them, read back from the store; the others were checked while they passed. */
  readonly readBack: number;
  readonly bundlesOpened: number;
  readonly exportsOpened: number;
  readonly exportsMatching: number;
  /** What was compared matches, and some table is no layer's with certainty. */
  readonly exportsPartlyCompared: number;
  /** Rows lie between the counts before and after: the layer was edited while it was exported. */
  readonly exportsEditedMeanwhile: number;
  readonly exportsShort: number;
  /** Short, and what it lacks was saved by another way. */
  readonly exportsCompleted: number;
  readonly exportsNotCompared: number;
}

type ExportJudgement =
  | "exportsMatching"
  | "exportsPartlyCompared"
  | "exportsEditedMeanwhile"
  | "exportsShort"
  | "exportsCompleted"
  | "exportsNotCompared";

/** The proof of nothing. */
export function startProof(): Proof {
  return {
    artifacts: 0,
    readBack: 0,
    bundlesOpened: 0,
    exportsOpened: 0,
    exportsMatching: 0,
    exportsPartlyCompared: 0,
    exportsEditedMeanwhile: 0,
    exportsShort: 0,
    exportsCompleted: 0,
    exportsNotCompared: 0,
  };
}

/** Adds the artifacts of one outcome, a failed one's included: they lie in the store as well. */
export function addProof(proof: Proof, outcome: Outcome): Proof {
  // Queries fetch what an export lacks: what is still lacking then is a loss, or fails the item.
  const isWhole = outcome.state === "saved" && !outcome.loss.some(({ kind }) => kind === "rows-excluded");
  return outcome.artifacts.reduce((sum, artifact) => addArtifact(sum, artifact, isWhole), proof);
}

function addArtifact(proof: Proof, artifact: Artifact, isWhole: boolean): Proof {
  const next = {
    ...proof,
    artifacts: proof.artifacts + 1,
    readBack: proof.readBack + (artifact.proof === "stored" ? 1 : 0),
  };
  if (artifact.kind === "bundle" && artifact.entries !== undefined) {
    return { ...next, bundlesOpened: proof.bundlesOpened + 1 };
  }
  if (artifact.kind !== "export" || artifact.tables === undefined) return next;
  const judged = judge(artifact.tables);
  const judgement = judged === "exportsShort" && isWhole ? "exportsCompleted" : judged;
  return { ...next, exportsOpened: proof.exportsOpened + 1, [judgement]: proof[judgement] + 1 };
}

function judge(tables: readonly ExportTable[]): ExportJudgement {
  const compared = tables.flatMap(({ rows, rowsBefore, rowsAfter }) =>
    rowsBefore === undefined || rowsAfter === undefined ? [] : [{ rows, rowsBefore, rowsAfter }],
  );
  if (compared.length === 0) return "exportsNotCompared";
  if (compared.some(({ rows, rowsBefore, rowsAfter }) => rows < Math.min(rowsBefore, rowsAfter))) {
    return "exportsShort";
  }
  const exact = compared.every(
    ({ rows, rowsBefore, rowsAfter }) => rows === rowsBefore && rows === rowsAfter,
  );
  if (!exact) return "exportsEditedMeanwhile";
  const rowTables = tables.filter(({ name }) => !/__ATTACH$/i.test(name));
  return compared.length === rowTables.length ? "exportsMatching" : "exportsPartlyCompared";
}
