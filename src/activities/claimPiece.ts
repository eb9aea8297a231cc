// Hands the next heavy piece to a lane. Keyed by lane and sequence, so that a redelivered claim gets the same piece.
import type { PlannedItem } from "../core/item.ts";
import { partName, runPaths } from "../core/work-paths.ts";
import type { Deps } from "../deps.ts";
import type { RoundPlan } from "./planRound.ts";
import { changeRecord, requireRecord } from "./run/records.ts";

export interface ClaimPieceInput {
  readonly runId: string;
  readonly round: number;
  readonly lane: number;
  readonly seq: number;
}

/** No `part`: nothing is left. */
export interface Claim {
  readonly part?: string;
  readonly isExport: boolean;
}

interface Claims {
  readonly next: number;
  /** `{lane}:{seq}` to its piece; all of them, since a late duplicate of an old claim must not take a new piece. */
  readonly given: Readonly<Record<string, number>>;
}

export async function claimPiece(input: ClaimPieceInput, deps: Deps): Promise<Claim> {
  const paths = runPaths(input.runId);
  const { pieces } = await requireRecord<RoundPlan>(deps.work, paths.plan(input.round));
  const key = `${input.lane}:${input.seq}`;
  const claims = await changeRecord<Claims>(deps.work, paths.claims(input.round), (current) => {
    const { next, given } = current ?? { next: 0, given: {} };
    if (given[key] !== undefined) return { next, given };
    return { next: Math.min(next + 1, pieces), given: { ...given, [key]: next } };
  });
  const piece = claims?.given[key] ?? pieces;
  if (piece >= pieces) return { isExport: false };
  const part = partName("heavy", piece);
  const [planned] = await requireRecord<readonly PlannedItem[]>(deps.work, paths.part(input.round, part));
  return { part, isExport: planned?.strategy === "export-fgdb" };
}
