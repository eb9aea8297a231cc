// How a run goes: its pace, and one line for people. An estimate only where the rate so far can carry one; otherwise none.
import { cut, columns as columnsOf } from "./columns.ts";
import { printable } from "./printable.ts";
import type { Counts, ExportAtWork, Phase, RunStatus } from "./run.ts";
import { formatBytes, formatCount, formatDuration, formatOf } from "./units.ts";
import { equation } from "./verdict-text.ts";

const MINUTE = 60_000;
/** Fewer finished items say nothing about the rest. */
const ENOUGH_ITEMS = 20;
const ENOUGH_SHARE = 0.1;
const ENOUGH_TIME_MS = 20_000;

const PHASE_WORDS: Record<Phase, string> = {
  opening: "Signing in",
  listing: "Listing items",
  planning: "Planning",
  saving: "Saving",
  sweeping: "Removing temporary exports",
  sealing: "Writing report and manifest",
  sealed: "Done",
};

/**
 * `Saving 231 of 412 · 3 failed · 2 exports at ArcGIS (longest: Hydrants, 41 min) · about 35 min left` in at most
 * `columns`: the title goes first, then the exports, then the end is cut. `now` is epoch milliseconds.
 */
export function progressLine(status: RunStatus, now: number, columns = Infinity): string {
  if (status.phase === "sealed") return cut(sealedLine(status), columns);
  const head = [
    headOf(status),
    ...(status.counts.failed === 0 ? [] : [`${formatCount(status.counts.failed)} failed`]),
  ];
  const tail = leftPart(status, now);
  const saving = status.phase === "saving" ? status.exportsAtWork : [];
  const lines = [exportsPart(saving, now, true), exportsPart(saving, now, false)].map((exports) =>
    [...head, ...exports, ...tail].join(" · "),
  );
  return lines.find((line) => columnsOf(line) <= columns) ?? cut([...head, ...tail].join(" · "), columns);
}

function headOf(status: RunStatus): string {
  const { phase, counts } = status;
  const words = PHASE_WORDS[phase];
  if (counts.listed === 0 || phase === "opening" || phase === "listing") return words;
  if (phase === "planning") return `${words} ${formatOf(counts.listed, "item")}`;
  if (phase === "saving") return `${words} ${formatCount(reached(status))} of ${formatCount(counts.listed)}`;
  return words;
}

function sealedLine({ verdict, startedAt, finishedAt, counts, sizeBytes }: RunStatus): string {
  const took = finishedAt === null ? "" : ` in ${formatDuration(finishedAt - startedAt)}`;
  return `${verdict ?? "Done"}${took} · ${equation(counts)} · ${formatBytes(sizeBytes)}`.replace(
    /^./,
    (first) => first.toUpperCase(),
  );
}

function exportsPart(exports: readonly ExportAtWork[], now: number, withTitle: boolean): string[] {
  const [longest] = [...exports].sort((a, b) => a.sinceMs - b.sinceMs);
  if (longest === undefined) return [];
  const title = withTitle ? `${printable(longest.title, 40)}, ` : "";
  const lasting = formatDuration(Math.max(0, now - longest.sinceMs));
  return [`${formatOf(exports.length, "export")} at ArcGIS (longest: ${title}${lasting})`];
}

/** How fast a run goes, and when it may end; null where too little is known. */
export interface Estimate {
  readonly itemsPerMinute: number | null;
  /** Epoch milliseconds. */
  readonly expectedEnd: number | null;
}

/** What an estimate rests on. */
export type Pace = Pick<RunStatus, "phase" | "counts" | "unsettled" | "startedAt" | "exportsAtWork">;

/** The pace so far, carried on; `now` is epoch milliseconds. */
export function estimate(pace: Pace, now: number): Estimate {
  const { phase, counts, startedAt, exportsAtWork } = pace;
  const elapsedMs = now - startedAt;
  // What was skipped took no time; counting it would promise too much.
  const worked = finished(counts) - counts.skipped;
  const open = counts.listed - reached(pace);
  if (phase !== "saving" || elapsedMs < ENOUGH_TIME_MS || worked < ENOUGH_ITEMS) return UNKNOWN;
  const itemsPerMinute = Math.round((worked / elapsedMs) * MINUTE * 10) / 10;
  const leftMs = (elapsedMs / worked) * open;
  const longestMs = Math.max(0, ...exportsAtWork.map(({ sinceMs }) => now - sinceMs));
  const isTelling =
    worked >= ENOUGH_SHARE * (worked + open) &&
    // No rate foretells when exports end,
    open > exportsAtWork.length &&
    // and one that has already lasted longer than the estimate shows that the rate is not that of the rest.
    longestMs <= leftMs;
  return { itemsPerMinute, expectedEnd: isTelling ? Math.round(now + leftMs) : null };
}

const UNKNOWN: Estimate = { itemsPerMinute: null, expectedEnd: null };

/** `about 35 min left`, rounded up; nothing when the end is not known or already past. */
function leftPart({ expectedEnd }: RunStatus, now: number): string[] {
  if (expectedEnd === null || expectedEnd <= now) return [];
  const step = expectedEnd - now < 60 * MINUTE ? MINUTE : 5 * MINUTE;
  const left = Math.ceil((expectedEnd - now) / step) * step;
  return [`about ${formatDuration(left).replace(/^60 s$/, "1 min")} left`];
}

/** Items that had their turn. */
function reached({ counts, unsettled }: Pick<RunStatus, "counts" | "unsettled">): number {
  return finished(counts) + unsettled;
}

function finished({ saved, unchanged, skipped, failed }: Counts): number {
  return saved + unchanged + skipped + failed;
}
