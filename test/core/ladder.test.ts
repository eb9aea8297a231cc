import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type LadderLayer,
  type LayerGot,
  type Rung,
  type TriedRung,
  bestOf,
  ladderOf,
  nextRung,
} from "../../src/core/ladder.ts";
import { conclude, type TriedWith } from "../../src/core/ladder-outcome.ts";

const FEATURES = ladderOf("export-fgdb", ["Hosted Service"]);

function layer(id: number, over: Partial<LadderLayer> = {}): LadderLayer {
  return {
    id,
    name: `Layer ${id}`,
    hasAttachments: true,
    isMultipatch: false,
    hasRelations: false,
    ...over,
  };
}

function got(id: number, state: LayerGot["state"], rowsLacking = 0, attachmentsLacking = 0): LayerGot {
  return { id, state, rowsLacking, attachmentsLacking };
}

/** Climbs while every rung fails but those of `works`; `gives` what these give of a layer. */
function climb(
  layers: readonly LadderLayer[],
  works: ReadonlyMap<Rung, (id: number) => LayerGot>,
  ladder = FEATURES,
): readonly TriedWith[] {
  const tried: TriedWith[] = [];
  for (let steps = 0; ; steps += 1) {
    if (steps > 200) throw new Error("The climb does not end");
    const next = nextRung(ladder, layers, tried);
    if (next === undefined) return tried;
    const gives = works.get(next.rung);
    const failure = { reason: "export-failed" as const, text: `${next.rung} failed`, next: "Try" };
    tried.push(gives === undefined ? { ...next, failure } : { ...next, got: next.layers.map(gives) });
  }
}

const rungsOf = (tried: readonly TriedRung[]) => tried.map(({ rung }) => rung);
const whole = (id: number) => got(id, "whole");

describe("nextRung()", () => {
  test("goes from the best way to the last resort, layer by layer where that helps", () => {
    expect(rungsOf(climb([layer(0), layer(1)], new Map()))).toEqual([
      "fgdb",
      "fgdb-again",
      "fgdb-layers",
      "fgdb-layers",
      "replica",
      "replica-bare",
      "rows",
      "shapefile",
      "csv",
    ]);
    expect(rungsOf(climb([layer(0, { hasAttachments: false })], new Map()))).toEqual([
      "fgdb",
      "fgdb-again",
      "replica",
      "rows",
      "shapefile",
      "csv",
    ]);
  });

  test("stops at the first way that gives everything", () => {
    for (const rung of ["fgdb", "fgdb-again", "replica", "rows", "shapefile", "csv"] as const) {
      expect(rungsOf(climb([layer(0)], new Map([[rung, whole]]))).at(-1)).toBe(rung);
    }
  });

  test("asks only for the layers that lack something", () => {
    const tried = climb(
      [layer(0), layer(1), layer(2)],
      new Map<Rung, (id: number) => LayerGot>([
        ["fgdb", (id) => (id === 1 ? got(1, "none", 5) : id === 2 ? got(2, "short", 3) : whole(id))],
        ["fgdb-layers", whole],
        ["rows", (id) => got(id, "short", 1)],
      ]),
    );
    expect(tried.map(({ rung, layers }) => [rung, ...layers])).toEqual([
      ["fgdb", 0, 1, 2],
      ["fgdb-layers", 1],
      ["rows", 2],
    ]);
  });

  test("fetches the attachments by themselves after a geodatabase without them", () => {
    const tried = climb(
      [layer(0)],
      new Map<Rung, (id: number) => LayerGot>([
        ["replica-bare", (id) => got(id, "short", 0, 7)],
        ["rows", whole],
      ]),
    );
    expect(rungsOf(tried).slice(-2)).toEqual(["replica-bare", "rows"]);
  });

  test("of a service whose layers are not known it tries what needs no layer", () => {
    expect(rungsOf(climb([], new Map()))).toEqual(["fgdb", "fgdb-again", "shapefile", "csv"]);
    expect(rungsOf(climb([], new Map([["fgdb", whole]])))).toEqual(["fgdb"]);
  });

  test("a location tracking service has a shorter ladder, other strategies one of their own", () => {
    const ladder = ladderOf("export-fgdb", ["Hosted Service", "Location Tracking Service"]);
    expect(ladder).not.toContain("fgdb-again");
    expect(ladder).toContain("shapefile");
    expect(rungsOf(climb([], new Map(), ladderOf("export-vector-tiles", [])))).toEqual(["vtpk-item", "vtpk"]);
    expect([ladderOf("export-tiles", []), ladderOf("export-scene-package", [])]).toEqual([
      ["tpkx"],
      ["slpk"],
    ]);
    expect(ladderOf("json+resources", [])).toEqual([]);
  });

  test("ends, tries nothing twice for a layer, and never makes less of what a layer has", () => {
    const state = fc.constantFrom("whole", "short", "none", "fails");
    const gives = fc.dictionary(
      fc.constantFrom(...FEATURES),
      fc.array(state, { minLength: 4, maxLength: 4 }),
    );
    fc.assert(
      fc.property(gives, fc.integer({ min: 1, max: 4 }), (table, count) => {
        const layers = Array.from({ length: count }, (_, id) => layer(id));
        const works = new Map(
          Object.entries(table)
            .filter(([, states]) => !states.includes("fails"))
            .map(([rung, states]) => [
              rung as Rung,
              (id: number) => got(id, states[id] as LayerGot["state"], states[id] === "short" ? 2 : 0),
            ]),
        );
        const tried = climb(layers, works);
        const asked = tried.flatMap(({ rung, layers: ids }) => ids.map((id) => `${rung}:${id}`));
        expect(new Set(asked).size).toBe(asked.length);
        for (let n = 1; n <= tried.length; n += 1) {
          const before = bestOf(layers, tried.slice(0, n - 1));
          const after = bestOf(layers, tried.slice(0, n));
          for (const { id } of layers) {
            if (before.get(id)?.state === "whole") expect(after.get(id)?.state).toBe("whole");
            if (before.get(id)?.state === "short") expect(after.get(id)?.state).not.toBe("none");
          }
        }
      }),
    );
  });
});

test("bestOf() takes what a later rung gave only where it is more, and adds up what queries gave", () => {
  const best = (rung: Rung, before: LayerGot, after: LayerGot) =>
    bestOf(
      [layer(0)],
      [
        { rung: "fgdb", layers: [0], got: [before] },
        { rung, layers: [0], got: [after, got(9, "whole")] },
      ],
    );
  const short = got(0, "short", 3, 2);
  for (const better of [got(0, "short", 1, 9), got(0, "short", 3, 1), whole(0)]) {
    expect(best("replica", short, better)).toEqual(new Map([[0, better]]));
  }
  for (const worse of [got(0, "short", 4, 0), got(0, "short", 3, 2), got(0, "none", 9, 9)]) {
    expect(best("replica", short, worse)).toEqual(new Map([[0, short]]));
  }
  expect(best("rows", short, got(0, "short", 1, 9)).get(0)).toEqual(got(0, "short", 1, 2));
});

describe("conclude()", () => {
  const base = { title: "Parcels", ladder: FEATURES, rows: new Map<number, number>() };
  const ends = (layers: readonly LadderLayer[], works: ReadonlyMap<Rung, (id: number) => LayerGot>) =>
    conclude({ ...base, layers, tried: climb(layers, works) });

  test("a whole geodatabase is saved without a word", () => {
    expect(ends([layer(0)], new Map([["fgdb", whole]]))).toEqual({
      failure: null,
      loss: [],
      notes: [],
      rung: "fgdb",
    });
  });

  test("what no way gave is failed with the first reason, and names the ways", () => {
    const { failure, rung } = ends([layer(0)], new Map());
    expect(failure).toMatchObject({ reason: "export-failed" });
    expect(failure?.text).toMatch(/^fgdb failed\. Nor did these ways succeed: .*createReplica.*CSV$/);
    expect(rung).toBeUndefined();
  });

  test("a way that is not offered at all does not hide why another one failed", () => {
    const failure = (reason: "not-supported" | "export-switched-off") => ({ reason, text: reason, next: "" });
    const tried: readonly TriedWith[] = [
      { rung: "vtpk-item", layers: [], failure: failure("not-supported") },
      { rung: "vtpk", layers: [], failure: failure("export-switched-off") },
    ];
    const ladder = ladderOf("export-vector-tiles", []);
    const ended = conclude({ ...base, ladder, layers: [], tried });
    expect(ended.failure?.reason).toBe("export-switched-off");
    expect(ended.failure?.text).toMatch(/Nor did these ways succeed: export as a vector tile package$/);
    expect(ended.notes).toEqual(["The export as a vector tile package failed: not-supported"]);
    expect(conclude({ ...base, ladder, layers: [], tried: tried.slice(0, 1) }).failure?.reason).toBe(
      "not-supported",
    );
  });

  test("a layer that no way gave anything of fails the item, unless it is empty", () => {
    const works = new Map<Rung, (id: number) => LayerGot>([
      ["fgdb", (id) => (id === 1 ? got(1, "none", 4) : whole(id))],
    ]);
    expect(ends([layer(0), layer(1)], works).failure).toMatchObject({ reason: "rows-missing" });
    const tried = climb([layer(0), layer(1)], works);
    const empty = conclude({ ...base, layers: [layer(0), layer(1)], rows: new Map([[1, 0]]), tried });
    expect(empty.failure).toBeNull();
  });

  test.each([
    ["fgdb-again", []],
    ["replica", []],
    ["rows", ["lesser-format"]],
    ["shapefile", ["lesser-format"]],
    ["csv", ["lesser-format"]],
  ] as const)("tells what %s loses", (rung, kinds) => {
    const ended = ends([layer(0)], new Map([[rung, whole]]));
    expect(ended.rung).toBe(rung);
    expect(ended.loss.map(({ kind }) => kind)).toEqual(kinds);
    expect(ended.notes[0]).toBe("The export as a file geodatabase failed: fgdb failed");
  });

  test("layers one by one lose their relations, where there are some", () => {
    const works = new Map<Rung, (id: number) => LayerGot>([["fgdb-layers", whole]]);
    expect(ends([layer(0), layer(1)], works).loss).toEqual([]);
    const [loss] = ends([layer(0, { hasRelations: true }), layer(1)], works).loss;
    expect(loss?.text).toContain("relations");
  });

  test("what has one way only fails with the words of that way", () => {
    const ladder = ladderOf("export-scene-package", []);
    const tried = climb([layer(0)], new Map(), ladder);
    expect(conclude({ ...base, ladder, layers: [layer(0)], tried }).failure?.text).toBe("slpk failed");
  });

  test("a climb that tried nothing says that this should not be", () => {
    const { failure } = conclude({ ...base, layers: [layer(0)], tried: [] });
    expect(failure).toMatchObject({
      reason: "export-failed",
      text: 'Cannot export "Parcels": nothing was tried',
    });
  });

  test("names five layers and counts the others", () => {
    const layers = Array.from({ length: 8 }, (_, n) => layer(n));
    const ids = layers.map(({ id }) => id);
    const tried: TriedWith[] = [
      { rung: "fgdb", layers: ids, got: ids.map((n) => (n < 2 ? whole(n) : got(n, "none", 4))) },
      {
        rung: "rows",
        layers: ids.slice(2),
        failure: { reason: "export-failed", text: "code 500", next: "Try" },
      },
    ];
    const { failure, notes } = conclude({ ...base, layers, tried });
    expect(failure?.text).toContain(
      'of layer 2 "Layer 2", 3 "Layer 3", 4 "Layer 4", 5 "Layer 5", 6 "Layer 6" and 1 more',
    );
    expect(notes).toEqual([
      "The rows and attachments by queries of layer 2, 3, 4, 5, 6 and 1 more failed: code 500",
    ]);
  });

  test("a service whose layers are not known loses what the form of its one file loses", () => {
    const tried = [{ rung: "shapefile" as const, layers: [], got: [] }];
    expect(conclude({ ...base, layers: [], tried }).loss).toEqual([
      { kind: "lesser-format", text: expect.stringMatching(/^All layers: a shapefile instead/) as string },
    ]);
  });

  test("rows of multipatches are footprints", () => {
    const works = new Map<Rung, (id: number) => LayerGot>([["rows", whole]]);
    expect(ends([layer(0)], works).loss[0]?.text).not.toContain("footprints");
    expect(ends([layer(0, { isMultipatch: true })], works).loss[0]?.text).toContain("footprints");
  });

  test("tells attachments that could be read in no way", () => {
    const works = new Map<Rung, (id: number) => LayerGot>([
      ["fgdb", (id) => got(id, "short", 0, 7)],
      ["rows", (id) => got(id, "short", 0, 3)],
    ]);
    expect(ends([layer(0)], works).loss).toEqual([
      { kind: "attachments-missing", text: 'Layer 0 "Layer 0": 3 attachments could be read in no way' },
    ]);
  });

  test("what queries could not read either stays lost, and only that", () => {
    const works = new Map<Rung, (id: number) => LayerGot>([
      ["fgdb", (id) => got(id, "short", 9, 4)],
      ["rows", (id) => got(id, "short", 2, 0)],
    ]);
    const ended = ends([layer(0)], works);
    expect(ended.loss).toEqual([
      { kind: "rows-excluded", text: 'Layer 0 "Layer 0": 2 rows could be read in no way' },
    ]);
    expect(ended.rung).toBe("rows");
  });
});
