// Sends the mail that sealing composed, once. A mail that cannot be sent does not fail a run; it is recorded, and the
// next mail tells it. Only a worker that is lost between sending and recording lets the same mail go out twice.
import { type Failure, failed } from "../core/result.ts";
import type { RunRecord } from "../core/run.ts";
import type { MailTrouble } from "../core/standing-comparison.ts";
import { mailTroublePath, runPaths } from "../core/work-paths.ts";
import type { Deps } from "../deps.ts";
import { mailOutcome, type MailOutcome, type MailRecord } from "./run/mail.ts";
import { changeRecord, firstRecord, must, readRecord, requireRecord } from "./run/records.ts";

export interface MailStep {
  readonly mail: "sent" | "not sent" | "not wanted";
  /** Why it was not sent. */
  readonly text?: string;
}

const NO_MAIL_SERVICE: Failure = failed(
  "bad-input",
  "Cannot send the mail: the app has no mail service, as its setting MAIL_FROM is not set",
  "Set MAIL_FROM and SENDGRID_SECRET in the app settings, or take the mail out of the profile",
).failure;

export async function sendMail(input: { readonly runId: string }, deps: Deps): Promise<MailStep> {
  const paths = runPaths(input.runId);
  const earlier = await mailOutcome(deps, input.runId);
  if (earlier !== undefined) return stepOf(earlier);
  const mail = await readRecord<MailRecord>(deps.work, paths.mail);
  if (mail === undefined) return { mail: "not wanted" };

  const sent = await deps.mail?.send(mail);
  const failure = sent === undefined ? NO_MAIL_SERVICE : sent.ok ? undefined : sent.failure;
  const record = await requireRecord<RunRecord>(deps.work, paths.run);
  await rememberTrouble(deps, record, failure);
  const outcome = { at: deps.now(), sent: failure === undefined, ...(failure && { failure }) };
  return stepOf(await firstRecord<MailOutcome>(deps.work, paths.mailSent, outcome));
}

/** For the next mail to tell; a mail that is sent has told what there was. */
async function rememberTrouble(deps: Deps, record: RunRecord, failure: Failure | undefined): Promise<void> {
  const path = mailTroublePath(record.profile);
  if (failure === undefined) {
    must(await deps.work.delete(path));
    return;
  }
  const { text, next } = failure;
  const run = { runId: record.runId, at: record.openedAt };
  await changeRecord<MailTrouble>(deps.work, path, (trouble) =>
    trouble?.last === run.runId
      ? undefined
      : { since: trouble?.since ?? run, last: run.runId, mails: (trouble?.mails ?? 0) + 1, text, next },
  );
}

function stepOf({ sent, failure }: MailOutcome): MailStep {
  return { mail: sent ? "sent" : "not sent", ...(failure && { text: failure.text }) };
}
