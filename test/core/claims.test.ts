import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type ClaimRequest, type Claims, NO_CLAIMS, claimKey, decideClaim } from "../../src/core/claims.ts";

const limits = { pieces: 3, mostParked: 1 };

function after(requests: readonly ClaimRequest[], over = limits): Claims {
  return requests.reduce((claims, request) => decideClaim(claims, request, over), NO_CLAIMS);
}

const given = (claims: Claims, lane: number, seq: number) => claims.given[claimKey({ lane, seq })];

describe("decideClaim()", () => {
  test("hands out each piece once, then nothing", () => {
    const claims = after([0, 1, 2, 3].map((seq) => ({ lane: 0, seq, at: 0 })));
    expect([0, 1, 2, 3].map((seq) => given(claims, 0, seq)?.piece)).toEqual([0, 1, 2, null]);
  });

  test("gives the same claim the same piece, whatever came between", () => {
    const once = after([{ lane: 0, seq: 0, at: 0 }]);
    const later = decideClaim(once, { lane: 1, seq: 0, at: 0 }, limits);
    expect(decideClaim(later, { lane: 0, seq: 0, at: 99 }, limits)).toBe(later);
  });

  test("lets an export step aside for the next piece, and hands it back when its time has come", () => {
    const parked = after([
      { lane: 0, seq: 0, at: 0 },
      { lane: 0, seq: 1, at: 100_000, park: { piece: 0, dueAt: 400_000 } },
    ]);
    expect(given(parked, 0, 1)).toEqual({ piece: 1 });
    expect(parked.parked).toEqual([{ piece: 0, dueAt: 400_000 }]);
    const early = decideClaim(parked, { lane: 1, seq: 0, at: 300_000 }, limits);
    expect(given(early, 1, 0)).toEqual({ piece: 2 });
    const due = decideClaim(parked, { lane: 1, seq: 0, at: 399_500 }, limits);
    expect(given(due, 1, 0)).toEqual({ piece: 0, dueAt: 400_000 });
    expect(due.parked).toEqual([]);
  });

  test("hands a parked export back before its time when nothing else is left", () => {
    const all = after([
      { lane: 0, seq: 0, at: 0 },
      { lane: 1, seq: 0, at: 0 },
      { lane: 2, seq: 0, at: 0 },
      { lane: 0, seq: 1, at: 1, park: { piece: 0, dueAt: 900_000 } },
    ]);
    expect(given(all, 0, 1)).toEqual({ piece: 0, dueAt: 900_000 });
  });

  test("hands back the first of two parked exports that are due at once", () => {
    const two = after(
      [
        { lane: 0, seq: 0, at: 0 },
        { lane: 1, seq: 0, at: 0 },
        { lane: 1, seq: 1, at: 1, park: { piece: 1, dueAt: 500_000 } },
        { lane: 0, seq: 1, at: 1, park: { piece: 0, dueAt: 500_000 } },
        { lane: 2, seq: 0, at: 500_000 },
      ],
      { pieces: 4, mostParked: 3 },
    );
    expect(given(two, 2, 0)).toEqual({ piece: 0, dueAt: 500_000 });
    expect(two.parked).toEqual([{ piece: 1, dueAt: 500_000 }]);
  });

  test("parks no more than the limit: the lane goes on waiting for its own", () => {
    const full = after([
      { lane: 0, seq: 0, at: 0 },
      { lane: 1, seq: 0, at: 0 },
      { lane: 0, seq: 1, at: 1, park: { piece: 0, dueAt: 900_000 } },
      { lane: 1, seq: 1, at: 1, park: { piece: 1, dueAt: 500_000 } },
    ]);
    expect(given(full, 1, 1)).toEqual({ piece: 1, dueAt: 500_000 });
    expect(full.parked).toEqual([{ piece: 0, dueAt: 900_000 }]);
  });

  test("goes on with the piece that the lane has in hand already when its export steps aside", () => {
    const claims = after([
      { lane: 0, seq: 0, at: 0 },
      { lane: 0, seq: 1, at: 0 },
      { lane: 0, seq: 2, at: 1, park: { piece: 0, dueAt: 900_000 }, ahead: 1 },
    ]);
    expect(given(claims, 0, 2)).toEqual({ piece: 1 });
    expect([claims.next, claims.parked]).toEqual([2, [{ piece: 0, dueAt: 900_000 }]]);
  });

  test("every piece is in one lane's hands or parked, never both, until it is finished", () => {
    const step = fc.record({
      lane: fc.nat(3),
      parks: fc.boolean(),
      ms: fc.nat(300_000),
      due: fc.nat(600_000),
    });
    const sizes = { pieces: fc.nat(12), mostParked: fc.integer({ min: 1, max: 4 }) };
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), fc.record(sizes), (steps, over) => {
        let claims = NO_CLAIMS;
        let at = 0;
        const held = new Map<number, number>();
        const finished = new Set<number>();
        const seqs = [0, 0, 0, 0];
        for (const { lane, parks, ms, due } of steps) {
          at += ms;
          const own = held.get(lane);
          held.delete(lane);
          const park = parks && own !== undefined ? { piece: own, dueAt: at + due } : undefined;
          if (own !== undefined && park === undefined) finished.add(own);
          const request = { lane, seq: seqs[lane] ?? 0, at, ...(park !== undefined && { park }) };
          seqs[lane] = request.seq + 1;
          claims = decideClaim(claims, request, over);
          expect(decideClaim(claims, request, over)).toBe(claims);
          const got = claims.given[claimKey(request)]?.piece;
          if (got !== undefined && got !== null) held.set(lane, got);
          const atWork = [...held.values(), ...claims.parked.map(({ piece }) => piece)];
          expect(new Set(atWork).size).toBe(atWork.length);
          expect(atWork.filter((piece) => finished.has(piece))).toEqual([]);
          expect(claims.parked.length).toBeLessThanOrEqual(over.mostParked);
          expect(atWork.length + finished.size).toBe(claims.next);
          // A lane is sent home only when nothing is left that it could take.
          if (got === null) expect([claims.next, claims.parked]).toEqual([over.pieces, []]);
        }
      }),
    );
  });
});
