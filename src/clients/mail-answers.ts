// What SendGrid's answers to a mail mean: which may pass, and what the administrator does about the others.
import { failed, type Failure } from "../core/result.ts";
import { retryAfterMs } from "./portal/retry.ts";

export type Tried =
  | { readonly ok: true }
  | {
      readonly ok: false;
      /** 0: no answer came. */
      readonly status: number;
      readonly words: string;
      readonly mayPass: boolean;
      readonly afterMs: number | undefined;
    };

/** What the library threw: its ResponseError from status 400 on, the HTTP client's own error for the rest. */
export function triedOf(error: unknown, nowMs: number): Tried {
  const { code, response } = error as {
    readonly code?: unknown;
    readonly response?: { readonly status?: unknown; readonly headers?: unknown; readonly body?: unknown };
  };
  if (response === undefined) {
    return noAnswer(typeof code === "string" && /^[A-Z_]{3,40}$/.test(code) ? code : "no connection");
  }
  const status = Number(typeof code === "number" ? code : response.status);
  const after = (response.headers as Readonly<Record<string, unknown>> | undefined)?.["retry-after"];
  return {
    ok: false,
    status,
    words: wordsOf(response.body),
    mayPass: status === 429 || status === 408 || status >= 500,
    afterMs: retryAfterMs(typeof after === "string" ? after : null, nowMs),
  };
}

/** No answer came; `words` say what did. */
export function noAnswer(words: string): Tried {
  return { ok: false, status: 0, words, mayPass: true, afterMs: undefined };
}

/** SendGrid's `{errors: [{message}]}`; nothing for any other body. */
function wordsOf(body: unknown): string {
  const errors = (body as { readonly errors?: unknown } | null | undefined)?.errors;
  if (!Array.isArray(errors)) return "";
  return errors
    .slice(0, 3)
    .map((error: unknown) => (error as { readonly message?: unknown } | null)?.message)
    .filter((message) => typeof message === "string")
    .join("; ");
}

/** What the administrator is told after the last try; `words` are clean of secrets. */
export function failureOf(
  { status }: Extract<Tried, { ok: false }>,
  words: string,
  { from, baseUrl }: { readonly from: string; readonly baseUrl: string },
  tries: number,
): Failure {
  const said = words === "" ? "" : `: ${words}`;
  const service = new URL(baseUrl).host;
  const fail = (text: string, next: string, reason: Failure["reason"] = "bad-input") =>
    failed(reason, `Cannot send the mail: ${text}`, next).failure;
  switch (status) {
    case 0:
      return fail(
        `${service} did not answer in ${String(tries)} tries${said}`,
        "Check that the app may reach the address of SENDGRID_BASE_URL",
        "transient",
      );
    case 401:
      return fail(
        `${service} refused the API key (401)${said}`,
        "Put a valid SendGrid API key into the secret that SENDGRID_SECRET names",
      );
    case 403:
      return fail(
        `${service} refused to send (403)${said}`,
        `Give the API key the permission Mail Send, and verify the sender ${from} at SendGrid`,
      );
    case 413:
      return fail(`${service} calls the mail too large (413)${said}`, "Read Results.txt of the run instead");
    case 429:
      return fail(
        `${service} takes no more mail for now (429)${said}`,
        "Look at the sending limits of the SendGrid account",
        "transient",
      );
    default:
      return status >= 500
        ? fail(
            `${service} failed (${String(status)}), ${String(tries)} tries${said}`,
            "Look at SendGrid's status page",
            "transient",
          )
        : fail(
            `${service} answered with ${String(status)}${said}`,
            "Check MAIL_FROM, SENDGRID_BASE_URL and the addresses in the profile's mail.to",
          );
  }
}
