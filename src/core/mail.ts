// The mail of a run: its first lines say whether anything needs the reader, then the worst first. Read on a phone, for
// years. Says only what the run's records say.
import { deletedAndOdd, failureOf, lossesOf, notReachedOf } from "./mail-sections.ts";
import { labelled, MAIL_WIDTH } from "./mail-lines.ts";
import { subjectOf } from "./mail-subject.ts";
import { nameOf } from "./results-items.ts";
import { printable } from "./printable.ts";
import { place, type Place } from "./results.ts";
import type { RunSummary } from "./run.ts";
import { nextOccurrence, type Schedule } from "./schedule.ts";
import { totalOf, type Tally } from "./tally.ts";
import { formatBytes, formatDuration, formatOf } from "./units.ts";
import { effort, equation, meaning } from "./verdict-text.ts";
import { wrap } from "./wrap.ts";
import { momentIn } from "./zone-time.ts";

export interface MailText {
  /** One line, at most 120 columns. */
  readonly subject: string;
  /** Plain text, LF line ends, at most 100,000 bytes as UTF-8. */
  readonly text: string;
}

export interface MailOptions {
  /** When the profile runs by itself; its zone is that of every time in the mail (otherwise UTC). */
  readonly schedule?: Schedule;
  /** Where the report lies, when the run's own folder could not be written. */
  readonly instead?: Place;
}

const MOST_BYTES = 100_000;
const CUT_NOTE = "(The rest is left out here: see Results.txt.)";

/** Subject and text of a sealed run's mail. */
export function mailOf(summary: RunSummary, tally: Tally, options: MailOptions = {}): MailText {
  const zone = options.schedule?.zone ?? "UTC";
  const lines = [
    ...wrap(meaning(summary, tally, zone).join(" "), MAIL_WIDTH),
    ...wrap(equation(summary.counts, totalOf(tally.notReached)), MAIL_WIDTH),
    "",
    ...failureOf(summary, tally, zone),
    ...notReachedOf(tally),
    ...lossesOf(summary, tally, zone),
    ...deletedAndOdd(summary, tally, zone),
    ...leftBehind(summary),
    ...labelled("TOOK", took(summary, tally)),
    ...labelled("WHERE", place(options.instead ?? summary.run)),
    ...nextRun(summary, options.schedule),
    "",
    `Run ${summary.run.runId}, ArcGIS Backup for Azure ${printable(summary.run.appVersion, 20)}`,
  ];
  return { subject: subjectOf(summary, tally, zone), text: bounded(lines) };
}

function leftBehind({ portal, failure, leftBehind: left, sweptExports }: RunSummary): readonly string[] {
  const ours = left.filter((each) => each.ours).length;
  const others = left.length - ours;
  const parts = [
    ...(ours === 0 ? [] : [`${formatOf(ours, "temporary export")} of this product still lie in ArcGIS`]),
    ...(others === 0 ? [] : [`${formatOf(others, "temporary item")} of other products, not touched`]),
  ];
  const swept = sweptExports === 0 ? "" : `; ${formatOf(sweptExports, "old one")} of this product removed`;
  if (parts.length > 0) return labelled("LEFT BEHIND", `${parts.join("; ")}: see Results.txt${swept}`);
  // A run that ended early may not have looked.
  return portal === null || failure !== null ? [] : labelled("LEFT BEHIND", `nothing in ArcGIS${swept}`);
}

function took(summary: RunSummary, { largest, slowest }: Tally): string {
  const [big] = largest;
  const [slow] = slowest;
  return [
    effort(summary).replace(" · ", ", "),
    ...(slow === undefined ? [] : [`slowest: ${nameOf(slow)}, ${formatDuration(slow.tookMs)}`]),
    ...(big === undefined ? [] : [`largest: ${nameOf(big)}, ${formatBytes(big.sizeBytes)}`]),
  ].join("; ");
}

function nextRun({ finishedAt }: RunSummary, schedule: Schedule | undefined): readonly string[] {
  const next = schedule === undefined ? undefined : nextOccurrence(schedule, finishedAt);
  if (schedule === undefined || next === undefined) return [];
  return labelled("NEXT RUN", `${momentIn(next, schedule.zone)} ${schedule.zone}`);
}

/** The lines as one text; what goes over the bound is cut between two lines, and said. */
function bounded(lines: readonly string[]): string {
  const encoder = new TextEncoder();
  let room = MOST_BYTES - CUT_NOTE.length - 2;
  const kept: string[] = [];
  for (const line of lines) {
    room -= encoder.encode(line).byteLength + 1;
    if (room < 0) return `${[...kept, "", CUT_NOTE].join("\n")}\n`;
    kept.push(line);
  }
  return `${kept.join("\n")}\n`;
}
