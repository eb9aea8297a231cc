// Who takes which heavy piece: each lane pulls the next one, exports that last too long step aside for the others. Pure; an
// activity keeps the claims in one blob and changes them under its ETag.

/** An export that has outlasted the profile's timeout: the portal goes on with it, no lane waits for it. */
export interface ParkedPiece {
  readonly piece: number;
  /** Orchestration's clock at which it is to be looked at again, epoch ms. */
  readonly dueAt: number;
}

export interface Given {
  /** Number of the piece; null = nothing was left. */
  readonly piece: number | null;
  /** Set for an export that goes on: when it is to be looked at. */
  readonly dueAt?: number;
}

export interface Claims {
  /** The first piece that nobody has had. */
  readonly next: number;
  /** `{lane}:{seq}` to its piece; all of them, since a late duplicate of an old claim must not take a new piece. */
  readonly given: Readonly<Record<string, Given>>;
  readonly parked: readonly ParkedPiece[];
}

export interface ClaimRequest {
  readonly lane: number;
  readonly seq: number;
  /** Orchestration's clock, epoch ms. */
  readonly at: number;
  /** The lane's own export steps aside; with no room it is handed back, and the lane goes on waiting for it. */
  readonly park?: ParkedPiece;
  /** The piece that the lane has in hand already for when its export has stepped aside. */
  readonly ahead?: number;
}

export const NO_CLAIMS: Claims = { next: 0, given: {}, parked: [] };

/** Durable timers may come up to a second early. */
const EARLY_MS = 1000;

export function claimKey({ lane, seq }: Pick<ClaimRequest, "lane" | "seq">): string {
  return `${lane}:${seq}`;
}

/**
 * The claims with this one decided: a parked export that is due, else a fresh piece, else the parked export that is due
 * first, else nothing. At most `mostParked` exports are parked. The same claim again changes nothing.
 */
export function decideClaim(
  claims: Claims,
  request: ClaimRequest,
  limits: { readonly pieces: number; readonly mostParked: number },
): Claims {
  const key = claimKey(request);
  if (Object.hasOwn(claims.given, key)) return claims;
  const { park, at } = request;
  if (park !== undefined && claims.parked.length >= limits.mostParked) {
    return { ...claims, given: { ...claims.given, [key]: park } };
  }
  if (park !== undefined && request.ahead !== undefined) {
    const given = { ...claims.given, [key]: { piece: request.ahead } };
    return { ...claims, given, parked: [...claims.parked, park] };
  }
  const parked = [...claims.parked, ...(park === undefined ? [] : [park])].sort(
    (a, b) => a.dueAt - b.dueAt || a.piece - b.piece,
  );
  const [first] = parked;
  const isFresh = claims.next < limits.pieces;
  if (first !== undefined && (first.dueAt <= at + EARLY_MS || !isFresh)) {
    return { next: claims.next, given: { ...claims.given, [key]: first }, parked: parked.slice(1) };
  }
  const given: Given = { piece: isFresh ? claims.next : null };
  return {
    next: isFresh ? claims.next + 1 : claims.next,
    given: { ...claims.given, [key]: given },
    parked,
  };
}
