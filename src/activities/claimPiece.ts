// Hands the next heavy piece to a lane, and takes an export back that has lasted too long. Keyed by lane and sequence, so
// that a redelivered claim gets the same piece.
import { type Claims, type ParkedPiece, NO_CLAIMS, claimKey, decideClaim } from "../core/claims.ts";
import type { PlannedItem } from "../core/item.ts";
import type { Profile } from "../core/profile.ts";
import { isExport } from "../core/plan.ts";
import { partName, runPaths } from "../core/work-paths.ts";
import type { Deps } from "../deps.ts";
import { markParked } from "./export/export-record.ts";
import type { RoundPlan } from "./planRound.ts";
import { cancelRequest } from "./run/cancel.ts";
import { changeRecord, requireRecord } from "./run/records.ts";

export interface ClaimPieceInput {
  readonly runId: string;
  readonly round: number;
  readonly lane: number;
  readonly seq: number;
  /** The orchestration's clock, epoch ms. */
  readonly at: number;
  /** The lane's own export that steps aside. */
  readonly park?: ParkedPiece;
  /** Number of the piece that the lane has in hand for then. */
  readonly ahead?: number;
}

/** No `part`: nothing is left, or the run was canceled. */
export interface Claim {
  readonly part?: string;
  readonly piece: number;
  readonly isExport: boolean;
  /** Set for an export that is under way at the portal: seconds until it is to be looked at. */
  readonly resumesIn?: number;
}

const NOTHING: Claim = { piece: -1, isExport: false };

export async function claimPiece(input: ClaimPieceInput, deps: Deps): Promise<Claim> {
  const paths = runPaths(input.runId);
  if ((await cancelRequest(deps.work, input.runId)) !== undefined) return NOTHING;
  const { pieces } = await requireRecord<RoundPlan>(deps.work, paths.plan(input.round));
  const profile = await requireRecord<Profile>(deps.work, paths.profile);
  const limits = { pieces, mostParked: profile.exports.lanes };
  const claims = await changeRecord<Claims>(deps.work, paths.claims(input.round), (current) =>
    decideClaim(current ?? NO_CLAIMS, input, limits),
  );
  const given = claims?.given[claimKey(input)];
  if (input.park !== undefined && given?.piece !== input.park.piece) {
    await markParked(deps, { ...input, part: partName("heavy", input.park.piece), index: 0 });
  }
  if (given === undefined || given.piece === null) return NOTHING;
  const part = partName("heavy", given.piece);
  const [planned] = await requireRecord<readonly PlannedItem[]>(deps.work, paths.part(input.round, part));
  return {
    part,
    piece: given.piece,
    isExport: planned !== undefined && isExport(planned.strategy),
    ...(given.dueAt !== undefined && { resumesIn: Math.max(0, Math.round((given.dueAt - input.at) / 1000)) }),
  };
}
