// What the command line prints at the end of a run: the head of Results.txt and the first failures, on one screen.
import { cut } from "./columns.ts";
import { place, type Place } from "./results.ts";
import { failureLines, nameOf } from "./results-items.ts";
import type { RunSummary } from "./run.ts";
import { totalOf, type Tally } from "./tally.ts";
import { formatCount } from "./units.ts";
import { effort, equation, headline, meaning } from "./verdict-text.ts";
import { wrap } from "./wrap.ts";

const FAILURES_SHOWN = 3;
const COLUMNS = 110;

/** At most 22 lines of at most `columns` (110); ends without a line end. `instead` as in `resultsText`. */
export function screenSummary(
  summary: RunSummary,
  tally: Tally,
  instead?: Place,
  columns: number = COLUMNS,
): string {
  const where = instead ?? summary.run;
  const lines = [
    headline(summary),
    ...wrap(meaning(summary, tally).join(" "), columns).slice(0, 3),
    equation(summary.counts, totalOf(tally.notReached)),
    "",
    ...wholeFailure(summary, columns),
    ...failures(summary, tally, columns),
    `Where    ${place(where)}`,
    `Read     ${instead === undefined ? "Results.txt, Inventory.csv, Full_log.log there" : "Results.txt there"}`,
    `Took     ${effort(summary)}`,
  ];
  return lines.map((line) => cut(line, columns)).join("\n");
}

function wholeFailure({ failure }: RunSummary, columns: number): string[] {
  return failure === null ? [] : [...failureLines(failure, "  ", columns).slice(0, 6), ""];
}

function failures(summary: RunSummary, { failed }: Tally, columns: number): string[] {
  // A run that failed as a whole has said why; single items would push that off the screen.
  if (summary.failure !== null || failed.shown.length === 0) return [];
  const shown = failed.shown.slice(0, FAILURES_SHOWN).flatMap((item, index) => [
    cut(`${String(index + 1)}. ${nameOf(item)}`, columns),
    // One line each, cut: the whole text is in Results.txt.
    ...failureLines(item.failure, "   ", Infinity)
      .slice(0, 2)
      .map((line) => cut(line, columns)),
  ]);
  const rest = totalOf(failed) - Math.min(FAILURES_SHOWN, failed.shown.length);
  return [...shown, ...(rest === 0 ? [] : [`... and ${formatCount(rest)} more: see Results.txt`]), ""];
}
