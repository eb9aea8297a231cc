// Mail by SendGrid's own client. The key is read inside the call; the client's errors carry the whole request, so only
// their status and SendGrid's own words are taken. https://www.twilio.com/docs/sendgrid/api-reference/mail-send/mail-send
import { MailService } from "@sendgrid/mail";
import { ok, type Result } from "../core/result.ts";
import { failureOf, noAnswer, type Tried, triedOf } from "./mail-answers.ts";
import { cleaner } from "./portal/clean.ts";

export interface Mail {
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
}

export interface Mailer {
  /**
   * Hands one mail to the service. Repeats what may pass for at most a minute; an answer that was lost on the way may so
   * let a mail go out twice.
   */
  send(mail: Mail): Promise<Result<void>>;
  /** Whether the service's key can be read; nothing is sent. */
  ready(): Promise<Result<void>>;
}

export interface MailerOptions {
  /** Sender's address. */
  readonly from: string;
  /** Address of the service, without a path. */
  readonly baseUrl: string;
  readonly key: () => Promise<Result<string>>;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly wait: (ms: number) => Promise<void>;
  /** Deadline of one try, milliseconds. */
  readonly tryMs?: number;
}

const TRY_MS = 15_000;
const MOST_MS = 60_000;
const PAUSES_MS = [2_000, 5_000, 10_000];
const MOST_ANSWER_BYTES = 65_536;
const SENDER_NAME = "ArcGIS Backup";

/** Sends by SendGrid's API v3. */
export function sendGridMailer(options: MailerOptions): Mailer {
  return {
    ready: async () => {
      const key = await options.key();
      return key.ok ? ok(undefined) : key;
    },
    send: async (mail) => {
      const key = await options.key();
      if (!key.ok) return key;
      const clean = cleaner(() => [key.value.trim()]);
      const started = options.now();
      let waitedMs = 0;
      for (let tries = 1; ; tries += 1) {
        const tried = await sendOnce(options, key.value.trim(), mail);
        if (tried.ok) return ok(undefined);
        const pause = Math.max(PAUSES_MS[tries - 1] ?? Infinity, tried.afterMs ?? 0);
        const spentMs = Math.max(waitedMs, options.now() - started);
        if (!tried.mayPass || spentMs + pause > MOST_MS) {
          return { ok: false, failure: failureOf(tried, clean(tried.words), options, tries) };
        }
        await options.wait(pause);
        waitedMs += pause;
      }
    },
  };
}

async function sendOnce(options: MailerOptions, key: string, mail: Mail): Promise<Tried> {
  const deadline = AbortSignal.timeout(options.tryMs ?? TRY_MS);
  try {
    await service(options, key, deadline).send({
      from: { email: options.from, name: SENDER_NAME },
      to: [...mail.to],
      subject: mail.subject,
      text: mail.text,
      headers: { "Auto-Submitted": "auto-generated" },
      // Links stay as they are, and nobody is told who reads the mail.
      trackingSettings: {
        clickTracking: { enable: false, enableText: false },
        openTracking: { enable: false },
      },
    });
    return { ok: true };
  } catch (error) {
    return deadline.aborted ? noAnswer("no answer in time") : triedOf(error, options.now());
  }
}

/** A client of its own for each try: the library keeps key and address in the instance. */
function service({ baseUrl }: MailerOptions, key: string, signal: AbortSignal): MailService {
  const mailer = new MailService();
  mailer.setApiKey(key);
  // The key goes to this address alone: no redirects, no proxy of the environment. setApiKey resets the address.
  const { client } = mailer as unknown as {
    readonly client: { setDefaultRequest(request: object): unknown };
  };
  client.setDefaultRequest({
    baseUrl,
    signal,
    maxRedirects: 0,
    proxy: false,
    maxContentLength: MOST_ANSWER_BYTES,
  });
  return mailer;
}
