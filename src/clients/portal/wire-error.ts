// What goes wrong below HTTP, told without the texts of the HTTP library: those repeat the URL with its query.
import type { Answer } from "./answer.ts";
import { failed, type FailureReason } from "../../core/result.ts";

export type WireTrouble =
  | "unknown-host"
  | "refused-connection"
  | "connect-timeout"
  | "certificate"
  | "answer-timeout"
  | "idle"
  | "total"
  | "broken"
  | "too-short"
  | "too-long"
  | "unproven"
  | "encoding"
  | "too-big"
  | "too-much"
  | "address";

/** Thrown by the transport and by bodies; `told` is safe to print. */
export class WireError extends Error {
  readonly trouble: WireTrouble;
  readonly told: string;

  constructor(trouble: WireTrouble, told: string) {
    super(told);
    this.name = "WireError";
    this.trouble = trouble;
    this.told = told;
  }
}

/** Nothing reached the portal: safe to repeat whatever it was. */
const NOT_SENT: ReadonlySet<WireTrouble> = new Set([
  "unknown-host",
  "refused-connection",
  "connect-timeout",
  "certificate",
]);

/** The content began and did not arrive whole. */
export const NOT_WHOLE: ReadonlySet<WireTrouble> = new Set(["too-short", "too-long", "unproven", "encoding"]);

const CERTIFICATE =
  /^(CERT_|DEPTH_ZERO_SELF_SIGNED|SELF_SIGNED|UNABLE_TO_(GET|VERIFY)|ERR_TLS_CERT|HOSTNAME_MISMATCH)/;

/** The trouble behind an error of node's network modules, by its code alone. */
export function wireErrorOf(code: string | undefined): WireError {
  if (code === "ENOTFOUND") return new WireError("unknown-host", "no host of this name is known");
  if (code === "EAI_AGAIN") return new WireError("connect-timeout", "the name service did not answer");
  if (code === "ECONNREFUSED") return new WireError("refused-connection", "the connection was refused");
  if (code === "EHOSTUNREACH" || code === "ENETUNREACH" || code === "ETIMEDOUT") {
    return new WireError("connect-timeout", "the host could not be reached");
  }
  if (code?.startsWith("HPE_") === true) {
    return new WireError("too-long", "what came is not HTTP, or longer than it was declared to be");
  }
  if (code !== undefined && CERTIFICATE.test(code)) {
    return new WireError("certificate", `the host's certificate is not trusted (${code})`);
  }
  return new WireError("broken", `the connection broke off${code === undefined ? "" : ` (${code})`}`);
}

/** What no repeat changes: the reason, and what helps. */
const FINAL: Partial<
  Readonly<Record<WireTrouble, { readonly reason: FailureReason; readonly next: string }>>
> = {
  certificate: {
    reason: "portal-error",
    next: "Install a certificate on the portal that public computers trust",
  },
  address: { reason: "portal-error", next: "Check the portal's address and its reverse proxy" },
  "too-much": { reason: "too-large", next: "Start the backup again; it asks for less at once" },
  "too-big": {
    reason: "wrong-content",
    next: "Open the same address in a browser and look at what it sends",
  },
};

/** The answer that an error of the wire amounts to. */
export function answerOf(
  error: WireError,
  action: string,
  target: string,
): Exclude<Answer<never>, { state: "good" }> {
  const text = `Cannot ${action}: ${error.told} (${target})`;
  const final = FINAL[error.trouble];
  if (final !== undefined) return { state: "final", failure: failed(final.reason, text, final.next).failure };
  const reason = NOT_WHOLE.has(error.trouble) ? "truncated" : "transient";
  const next = "Check the network and the portal, then start the backup again";
  return {
    state: "transient",
    failure: failed(reason, text, next).failure,
    effect: NOT_SENT.has(error.trouble) ? "none" : "unknown",
    // A name that is not known seldom becomes known within a minute.
    ...(error.trouble === "unknown-host" ? { mostRepeats: 2 } : {}),
  };
}
