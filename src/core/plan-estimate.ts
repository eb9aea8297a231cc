// How large a planned run may get and how long it may take. Sizes are the portal's hints; durations are those of the last
// exports where they are known, else guesses that only tell minutes from hours.
import type { PlannedItem } from "./item.ts";

export interface PlanLanes {
  /** Items without an export at a time. */
  readonly direct: number;
  /** Exports and large files at a time. */
  readonly exports: number;
}

export interface Estimate {
  /** Milliseconds from the plan to the end; the lanes work side by side. */
  readonly totalMs: number;
  readonly directMs: number;
  readonly heavyMs: number;
  /** Pieces of the heavy lanes that wait for an export. */
  readonly exports: number;
  /** Of those, the ones whose last duration is known. */
  readonly timed: number;
}

/** An item costs some five requests. */
const ITEM_MS = 1_500;
/** 5 MB a second. */
const BYTES_PER_MS = 5_000;
/** What a small layer takes at ArcGIS, queue included. */
const EXPORT_MS = 60_000;
/** What an export writes in a second, as ArcGIS counts the layer: 500 kB. */
const EXPORT_BYTES_PER_MS = 500;

/** Bytes of an item by the portal's hint; undefined where it gives none (-1, or what is no size). */
export function sizeHint({ item }: PlannedItem): number | undefined {
  return Number.isFinite(item.size) && item.size >= 0 ? item.size : undefined;
}

/** Estimates a run over these items; `exportMs` holds the last duration of an export by item id. */
export function estimate(
  planned: readonly PlannedItem[],
  exportMs: Readonly<Record<string, number>>,
  lanes: PlanLanes,
): Estimate {
  let direct = 0;
  let exports = 0;
  let timed = 0;
  const heavy: number[] = [];
  for (const piece of planned) {
    if (piece.strategy === "skip-no-value") continue;
    const bytes = sizeHint(piece) ?? 0;
    if (piece.lane === "direct") {
      direct += ITEM_MS + (piece.strategy === "download-file" ? bytes / BYTES_PER_MS : 0);
      continue;
    }
    const last = lastMs(exportMs, piece.item.id);
    const isExport = piece.strategy !== "download-file";
    if (isExport) exports += 1;
    if (isExport && last !== undefined) timed += 1;
    const atPortal = isExport ? (last ?? EXPORT_MS + bytes / EXPORT_BYTES_PER_MS) : 0;
    heavy.push(ITEM_MS + atPortal + bytes / BYTES_PER_MS);
  }
  const directMs = direct / Math.max(1, lanes.direct);
  const heavyMs = spread(heavy, Math.max(1, lanes.exports));
  return { totalMs: Math.max(directMs, heavyMs), directMs, heavyMs, exports, timed };
}

function lastMs(exportMs: Readonly<Record<string, number>>, id: string): number | undefined {
  const known = Object.hasOwn(exportMs, id) ? exportMs[id] : undefined;
  return known !== undefined && Number.isFinite(known) && known >= 0 ? known : undefined;
}

/** When the last lane ends: each takes the longest piece that is left, as the heavy lanes do. */
function spread(pieces: readonly number[], lanes: number): number {
  const ends = new Array<number>(lanes).fill(0);
  for (const piece of pieces.toSorted((a, b) => b - a)) {
    const first = Math.min(...ends);
    ends[ends.indexOf(first)] = first + piece;
  }
  return Math.max(...ends);
}
