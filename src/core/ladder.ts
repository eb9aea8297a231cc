// The rungs that lead to a hosted layer's data, from the best to the last resort. What one rung did not give, the next one
// tries for the layers that still lack something; what a layer has is never given up for less.
import type { Strategy } from "./item.ts";

/** Each rung with the words that name it in reports. */
export const RUNGS = {
  fgdb: "export as a file geodatabase",
  "fgdb-again": "export as a file geodatabase, second try",
  "fgdb-layers": "export as a file geodatabase of its own for each layer",
  replica: "file geodatabase extracted by the service (createReplica)",
  "replica-bare": "file geodatabase extracted by the service without attachments",
  rows: "rows and attachments by queries",
  shapefile: "export as a shapefile",
  csv: "export as CSV",
  tpkx: "export of its tiles as a tile package",
  "vtpk-item": "export as a vector tile package",
  vtpk: "export of its tiles as a vector tile package",
  slpk: "export as a scene package",
} as const;

export type Rung = keyof typeof RUNGS;

const FIRST: ReadonlySet<Rung> = new Set(["fgdb", "tpkx", "vtpk-item", "slpk"]);

/** True for a rung that is tried when a better one did not do. */
export function isFallback(rung: Rung): boolean {
  return !FIRST.has(rung);
}

const FEATURES: readonly Rung[] = [
  "fgdb",
  "fgdb-again",
  "fgdb-layers",
  "replica",
  "replica-bare",
  "rows",
  "shapefile",
  "csv",
];

/** ArcGIS refuses the geodatabase of a location tracking service whatever the layers. */
const LOCATION_TRACKING: readonly Rung[] = ["fgdb", "replica", "rows", "shapefile", "csv"];

/** The rungs of an export strategy, best first; `keywords` are the item's type keywords. */
export function ladderOf(strategy: Strategy, keywords: readonly string[]): readonly Rung[] {
  switch (strategy) {
    case "export-fgdb":
      return keywords.some((word) => /^location tracking (?:service|view)$/i.test(word.trim()))
        ? LOCATION_TRACKING
        : FEATURES;
    case "export-tiles":
      return ["tpkx"];
    case "export-vector-tiles":
      return ["vtpk-item", "vtpk"];
    case "export-scene-package":
      return ["slpk"];
    case "json+resources":
    case "download-file":
    case "skip-reference":
    case "skip-no-value":
      return [];
  }
}

/** A layer or table of the service as its description tells it; group layers hold no rows and stay out. */
export interface LadderLayer {
  readonly id: number;
  readonly name: string;
  readonly hasAttachments: boolean;
  readonly isMultipatch: boolean;
  readonly hasRelations: boolean;
}

/** What a rung gave of one layer: lacking counts are proven; `none` = nothing at all. */
export interface LayerGot {
  readonly id: number;
  readonly state: "whole" | "short" | "none";
  readonly rowsLacking: number;
  readonly attachmentsLacking: number;
}

export interface TriedRung {
  readonly rung: Rung;
  /** What was asked for; empty = the whole service, whose layers are not known. */
  readonly layers: readonly number[];
  /** Absent = it failed. For a service whose layers are not known: empty. */
  readonly got?: readonly LayerGot[];
}

export interface NextRung {
  readonly rung: Rung;
  /** Empty = the whole service. */
  readonly layers: readonly number[];
}

/** Rungs that ask for the service as a whole, which makes sense only while nothing of it is there. */
const WHOLE: ReadonlySet<Rung> = new Set(["fgdb", "fgdb-again", "tpkx", "vtpk-item", "vtpk", "slpk"]);
/** Rungs that take one layer after another, so that a bad one does not spoil the others. */
const SINGLY: ReadonlySet<Rung> = new Set(["fgdb-layers"]);
/** Rungs that ask by layer ids and cannot do without. */
const NEEDS_LAYERS: ReadonlySet<Rung> = new Set(["fgdb-layers", "replica", "replica-bare", "rows"]);

/** The rung to try now; undefined when every layer is whole or nothing is left to try. */
export function nextRung(
  ladder: readonly Rung[],
  layers: readonly LadderLayer[],
  tried: readonly TriedRung[],
): NextRung | undefined {
  if (layers.length === 0) {
    if (tried.some(({ got }) => got !== undefined)) return undefined;
    const rung = ladder.find((each) => !NEEDS_LAYERS.has(each) && !tried.some((was) => was.rung === each));
    return rung === undefined ? undefined : { rung, layers: [] };
  }
  const best = bestOf(layers, tried);
  for (const rung of ladder) {
    const wanted = wantedBy(rung, layers, best, tried);
    if (wanted.length > 0) return { rung, layers: wanted };
  }
  return undefined;
}

/** What each layer has by now; a later rung counts where it gave more. */
export function bestOf(
  layers: readonly LadderLayer[],
  tried: readonly TriedRung[],
): ReadonlyMap<number, LayerGot> {
  const best = new Map<number, LayerGot>(
    layers.map(({ id }) => [id, { id, state: "none", rowsLacking: 0, attachmentsLacking: 0 }]),
  );
  for (const { rung, got = [] } of tried) {
    for (const layer of got) {
      const before = best.get(layer.id);
      if (before === undefined || layer.state === "none") continue;
      best.set(layer.id, before.state === "none" ? layer : joined(before, layer, rung));
    }
  }
  return best;
}

/** Queries add to what a geodatabase lacks; what they could not read either stays lacking. */
function joined(before: LayerGot, after: LayerGot, rung: Rung): LayerGot {
  if (rung !== "rows") return isBetter(after, before) ? after : before;
  const rowsLacking = Math.min(before.rowsLacking, after.rowsLacking);
  const attachmentsLacking = Math.min(before.attachmentsLacking, after.attachmentsLacking);
  const isWhole = rowsLacking === 0 && attachmentsLacking === 0;
  return { id: after.id, state: isWhole ? "whole" : "short", rowsLacking, attachmentsLacking };
}

function isBetter(a: LayerGot, b: LayerGot): boolean {
  return (
    a.rowsLacking < b.rowsLacking ||
    (a.rowsLacking === b.rowsLacking && a.attachmentsLacking < b.attachmentsLacking)
  );
}

function wantedBy(
  rung: Rung,
  layers: readonly LadderLayer[],
  best: ReadonlyMap<number, LayerGot>,
  tried: readonly TriedRung[],
): readonly number[] {
  const stateOf = ({ id }: LadderLayer) => best.get(id)?.state;
  if (WHOLE.has(rung)) {
    const isFirst = !tried.some((was) => was.rung === rung);
    return isFirst && layers.every((layer) => stateOf(layer) === "none") ? layers.map(({ id }) => id) : [];
  }
  const was = tried.filter((each) => each.rung === rung).flatMap((each) => each.layers);
  const open = layers.filter((layer) => {
    if (was.includes(layer.id)) return false;
    const state = stateOf(layer);
    return state === "none" || (state === "short" && rung === "rows");
  });
  // One layer by itself is what the whole service was.
  if (rung === "fgdb-layers" && layers.length === 1) return [];
  if (rung === "replica-bare" && !open.some(({ hasAttachments }) => hasAttachments)) return [];
  const ids = open.map(({ id }) => id);
  return SINGLY.has(rung) ? ids.slice(0, 1) : ids;
}
