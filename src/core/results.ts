// Results.txt: what a person reads about a run, the worst first. Says only what the run's records say.
import { placeText } from "./destination.ts";
import {
  blindSpotSection,
  leftBehindSection,
  missingSection,
  notIncludedSection,
  runSection,
  savedSection,
  skippedSection,
  unknownTypesSection,
  unlistedSection,
} from "./results-account.ts";
import {
  extremesSection,
  failedSection,
  failureLines,
  fallbackSection,
  lossSection,
  notesSection,
  notReachedSection,
  section,
  WIDTH,
} from "./results-items.ts";
import { dependenciesSection, organisationSection, organisationTroubleSection } from "./results-extras.ts";
import { booksSection, proofSection } from "./results-proof.ts";
import type { RunSummary } from "./run.ts";
import { totalOf, type Tally } from "./tally.ts";
import { effort, equation, headline, meaning } from "./verdict-text.ts";
import { wrap } from "./wrap.ts";

/** Where the report lies instead, when the run's own folder could not be written. */
export interface Place {
  readonly container: string;
  readonly folder: string;
}

/** The whole of Results.txt, LF line ends; `instead` when it lies elsewhere than in the run's folder. */
export function resultsText(summary: RunSummary, tally: Tally, instead?: Place): string {
  const { run, failure, portal, counts } = summary;
  const reached = counts.listed > 0;
  const lines = [
    headline(summary),
    ...wrap(meaning(summary, tally).join(" "), WIDTH),
    equation(counts, totalOf(tally.notReached)),
    `${effort(summary)} · ${place(instead ?? run)}`,
    "",
    ...(failure === null ? [] : section("WHY THE RUN FAILED", failureLines(failure, "     "))),
    ...blindSpotSection(portal),
    ...unlistedSection(summary.books),
    ...organisationTroubleSection(summary.organisationKept),
    ...failedSection(tally, summary),
    ...notReachedSection(tally),
    ...lossSection(tally, summary),
    ...fallbackSection(tally),
    ...missingSection(summary),
    ...savedSection(tally),
    ...skippedSection(tally),
    ...unknownTypesSection(tally),
    ...booksSection(summary.books),
    ...notesSection(tally),
    ...extremesSection(tally),
    ...organisationSection(summary.organisationKept),
    ...dependenciesSection(summary.dependencies),
    ...proofSection(tally),
    ...(reached ? notIncludedSection() : []),
    ...(portal === null ? [] : leftBehindSection(summary.leftBehind, summary.sweptExports)),
    ...(instead === undefined ? filesSection(summary, tally) : elsewhereSection(instead)),
    ...runSection(summary),
  ];
  return `${lines.join("\n").trimEnd()}\n`;
}

/** The run's folder in its container or folder, safe to print. */
export function place({ container, folder }: Place): string {
  return placeText(container, folder);
}

function filesSection(
  { run, books, organisationKept, dependencies }: RunSummary,
  { proof }: Tally,
): string[] {
  const lines = [
    place(run),
    // Without a listing there is nothing that a manifest could account for, and none is written.
    books === null
      ? "no manifest.json: this folder is a report, not a backup"
      : "manifest.json   the record of the run, written last: a folder without it is not a complete backup",
    "items.jsonl     every item, its outcome, its artifacts with sizes and SHA-256",
    "Inventory.csv   the same as a table, one row per item; Inventory.xlsx as a workbook",
    "Full_log.log    every event in its order",
    ...(dependencies === undefined
      ? []
      : ["dependencies.* which items use which: .json whole, .dot for Graphviz, .mmd for Mermaid"]),
    ...((organisationKept?.files.length ?? 0) === 0
      ? []
      : ["organisation/   members, groups, roles, folders and settings; it holds personal data"]),
    ...(proof.artifacts === 0 ? [] : ["items/          what was saved"]),
  ];
  return section(
    "FILES",
    lines.map((line) => `     ${line}`),
  );
}

function elsewhereSection(instead: Place): string[] {
  return section("FILES", [
    `     ${place(instead)}`,
    "     The run's own folder could not be written. This text lies in the storage account of the app, beside the",
    "     record of what was done.",
  ]);
}
