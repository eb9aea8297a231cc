// docs/samples: what a person reads of a run, from one made-up night of one organisation and the app's own texts. Run by
// `npm run samples`; a test holds the files against this.
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { mailOf } from "../src/core/mail.ts";
import { progressLine } from "../src/core/progress.ts";
import { resultsText } from "../src/core/results.ts";
import type { RunStatus } from "../src/core/run.ts";
import { screenSummary } from "../src/core/screen-summary.ts";
import { SCHEDULE, sampleNight } from "./sample-night.ts";

const MINUTE = 60_000;

/** Text by file name below docs/samples; LF line ends, a line end at the end. */
export function samples(): ReadonlyMap<string, string> {
  const { summary, tally } = sampleNight();
  const { subject, text } = mailOf(summary, tally, { schedule: SCHEDULE });
  const { run } = summary;
  const status: RunStatus = {
    id: run.runId,
    profile: run.profile,
    phase: "saving",
    verdict: null,
    startedAt: run.openedAt,
    startedBy: "timer",
    dryRun: false,
    finishedAt: null,
    counts: { listed: 412, saved: 178, unchanged: 0, skipped: 50, failed: 3 },
    unsettled: 0,
    sizeBytes: 21_000_000_000,
    cancelRequested: false,
    itemsAtWork: [],
    exportsAtWork: [
      { itemId: "", title: "Hydrants", sinceMs: run.openedAt + 19 * MINUTE, parked: false },
      { itemId: "", title: "Parcels", sinceMs: run.openedAt + 41 * MINUTE, parked: false },
    ],
    itemsPerMinute: null,
    portalRequests: 3000,
    expectedEnd: null,
    folder: run.folder,
    container: run.container,
    failure: null,
    mailTrouble: null,
  };
  return new Map([
    ["progress.txt", `${progressLine(status, run.openedAt + 60 * MINUTE)}\n`],
    ["screen.txt", `${screenSummary(summary, tally)}\n`],
    ["Results.txt", resultsText(summary, tally)],
    ["mail.txt", `Subject: ${subject}\n\n${text.trimEnd()}\n`],
  ]);
}

if (import.meta.main) {
  const folder = path.resolve(import.meta.dirname, "..", "docs", "samples");
  await mkdir(folder, { recursive: true });
  for (const [name, text] of samples()) await writeFile(path.join(folder, name), text);
  console.log(`Wrote ${samples().size} files to ${path.relative(process.cwd(), folder)}`);
}
