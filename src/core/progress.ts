// One line that says how a run goes. An estimate only where the rate so far can carry one; otherwise none.
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
  const left = timeLeft(status, now);
  const tail = left === undefined ? [] : [`about ${left} left`];
  const saving = status.phase === "saving" ? status.exportsAtWork : [];
  const lines = [exportsPart(saving, now, true), exportsPart(saving, now, false), []].map((exports) =>
    [...head, ...exports, ...tail].join(" · "),
  );
  return lines.find((line) => columnsOf(line) <= columns) ?? cut(lines.at(-1) ?? "", columns);
}

function headOf({ phase, counts }: RunStatus): string {
  const words = PHASE_WORDS[phase];
  if (counts.listed === 0 || phase === "opening" || phase === "listing") return words;
  if (phase === "planning") return `${words} ${formatOf(counts.listed, "item")}`;
  if (phase === "saving") return `${words} ${formatCount(finished(counts))} of ${formatCount(counts.listed)}`;
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

/** Rounded up; undefined while too little is known, or when what is left are exports, which no rate foretells. */
function timeLeft({ phase, counts, startedAt, exportsAtWork }: RunStatus, now: number): string | undefined {
  const done = finished(counts);
  const open = counts.listed - done;
  const elapsedMs = now - startedAt;
  // What was skipped took no time; counting it would promise too much.
  const worked = done - counts.skipped;
  if (phase !== "saving" || open <= exportsAtWork.length || elapsedMs < ENOUGH_TIME_MS) return undefined;
  if (worked < ENOUGH_ITEMS || worked < ENOUGH_SHARE * (worked + open)) return undefined;
  const leftMs = (elapsedMs / worked) * open;
  const longestMs = Math.max(0, ...exportsAtWork.map(({ sinceMs }) => now - sinceMs));
  // An export that has already lasted longer than the estimate shows that the rate is not that of the rest.
  if (longestMs > leftMs) return undefined;
  const step = leftMs < 60 * MINUTE ? MINUTE : 5 * MINUTE;
  return formatDuration(Math.ceil(leftMs / step) * step).replace(/^60 s$/, "1 min");
}

function finished({ saved, unchanged, skipped, failed }: Counts): number {
  return saved + unchanged + skipped + failed;
}
