// The mail of a run as it was composed at sealing, and what became of it.
import { mailOf } from "../../core/mail.ts";
import type { Profile } from "../../core/profile.ts";
import type { Place } from "../../core/results.ts";
import type { Failure } from "../../core/result.ts";
import type { RunSummary } from "../../core/run.ts";
import type { Tally } from "../../core/tally.ts";
import { runPaths } from "../../core/work-paths.ts";
import type { Deps } from "../../deps.ts";
import { firstRecord, readRecord } from "./records.ts";

/** `runs/{runId}/mail.json`; absent when the profile wants no mail of the run. */
export interface MailRecord {
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
}

/** `runs/{runId}/mail-sent.json`; the first one counts. */
export interface MailOutcome {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly sent: boolean;
  /** Why it was not sent. */
  readonly failure?: Failure;
}

/** Composes the mail of a sealed run where the profile wants one; never of a dry run. */
export async function composeMail(
  deps: Deps,
  summary: RunSummary,
  profile: Profile | undefined,
  tally: Tally,
  instead: Place | undefined,
): Promise<void> {
  const mail = profile?.mail;
  if (mail === undefined || summary.run.dryRun === true || !mail.on.includes(summary.verdict)) return;
  const { subject, text } = mailOf(summary, tally, {
    ...(profile?.schedule !== undefined && { schedule: profile.schedule }),
    ...(instead !== undefined && { instead }),
  });
  await firstRecord<MailRecord>(deps.work, runPaths(summary.run.runId).mail, { to: mail.to, subject, text });
}

/** What became of the run's mail; undefined while it is not known, or when none was wanted. */
export function mailOutcome(deps: Deps, runId: string): Promise<MailOutcome | undefined> {
  return readRecord<MailOutcome>(deps.work, runPaths(runId).mailSent);
}
