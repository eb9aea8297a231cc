// Which table of a geodatabase holds which layer: an export keeps a layer's name, but only as far as a geodatabase allows,
// and nothing tells how a server writes the rest. A pair is made only where no other pair is possible.

export interface Named {
  readonly name: string;
}

/** Shorter names than this are never taken for the cut-off start of a longer one. */
const CUT_LEAST = 24;

/** Tables by layer, as positions in the two lists; a layer or table that could belong to several is left out. */
export function matchTables(layers: readonly Named[], tables: readonly Named[]): ReadonlyMap<number, number> {
  const pairs = new Map<number, number>();
  for (const rule of RULES) {
    const freeLayers = layers.flatMap((layer, at) => (pairs.has(at) ? [] : [{ at, name: layer.name }]));
    const used = new Set(pairs.values());
    const freeTables = tables.flatMap((table, at) => (used.has(at) ? [] : [{ at, name: table.name }]));
    for (const layer of freeLayers) {
      const found = freeTables.filter((table) => rule(layer.name, table.name));
      const [only] = found;
      if (only === undefined || found.length > 1) continue;
      const rivals = freeLayers.filter((other) => rule(other.name, only.name));
      if (rivals.length === 1) pairs.set(layer.at, only.at);
    }
  }
  return pairs;
}

/** From the strictest to the loosest: the written name, the bare letters and digits, a cut-off name. */
const RULES: readonly ((layer: string, table: string) => boolean)[] = [
  (layer, table) => written(layer) === written(table),
  (layer, table) => bare(layer) !== "" && bare(layer) === bare(table),
  (layer, table) => {
    const start = bare(table);
    return start.length >= CUT_LEAST && bare(layer).startsWith(start);
  },
];

/** `Street Lights (2024)` is written `street_lights__2024_`: each character that is no letter or digit becomes `_`. */
function written(name: string): string {
  return name
    .normalize("NFC")
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}_]/gu, "_");
}

function bare(name: string): string {
  return name
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, "");
}
