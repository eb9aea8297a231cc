// Where mail goes on this machine: to SendGrid when the environment is set up for it, else into a folder of .eml files.
import { randomUUID } from "node:crypto";
import path from "node:path";
import { type MailSink, startMailSink } from "../services/mail-sink.ts";

import { secretsAreVariables } from "./secret-source.ts";

const KEY_NAME = "LOCAL_MAIL_KEY";

export interface MailPlace {
  /** The newest mail that was saved here; undefined = none, or it went to SendGrid. */
  newest(): string | undefined;
  /** What a person is told about it. */
  readonly text: string;
  stop(): Promise<void>;
}

/** Completes the settings of the app for mail. The sink stands in for SendGrid, so that the same client sends. */
export async function placeMail(
  env: Record<string, string | undefined>,
  stateFolder: string,
): Promise<MailPlace> {
  if ((env["MAIL_FROM"] ?? "").trim() !== "") {
    return { newest: () => undefined, text: "Mail goes out by SendGrid.", stop: async () => undefined };
  }
  if (!secretsAreVariables(env)) {
    const text = "Mail is not sent: set MAIL_FROM and SENDGRID_SECRET.";
    return { newest: () => undefined, text, stop: async () => undefined };
  }
  const folder = path.join(stateFolder, "mail");
  const sink: MailSink = await startMailSink(folder);
  Object.assign(env, {
    MAIL_FROM: "backup@this-machine.invalid",
    SENDGRID_BASE_URL: sink.url,
    SENDGRID_SECRET: KEY_NAME,
    // SendGrid's client warns of keys that do not look like its own.
    [KEY_NAME]: `SG.${randomUUID()}`,
  });
  return {
    newest: () => sink.received().at(-1),
    text: `Mail is not sent but saved in ${folder}.`,
    stop: () => sink.stop(),
  };
}
