// What the portal client is given from outside. Deadlines run on the machine's clock, pauses between tries on `wait`.
import type { Agent as HttpAgent } from "node:http";
import type { Agent as HttpsAgent } from "node:https";
import type { Failure, Result } from "../../core/result.ts";

export interface PortalLimits {
  /** Until the connection stands, TLS included. Holds for the client's own agents only. */
  readonly connectMs: number;
  /** Until the status line and headers are there. */
  readonly answerMs: number;
  /** Between two pieces of a body. */
  readonly idleMs: number;
  /** A whole JSON exchange. */
  readonly totalMs: number;
  /** A whole download. */
  readonly downloadMs: number;
  /** Decoded bytes of one JSON answer. */
  readonly jsonBytes: number;
}

export const DEFAULT_LIMITS: PortalLimits = {
  connectMs: 15_000,
  answerMs: 45_000,
  idleMs: 60_000,
  totalMs: 180_000,
  downloadMs: 6 * 3_600_000,
  jsonBytes: 256 * 1024 * 1024,
};

export interface PasswordSignIn {
  readonly kind: "password";
  readonly username: string;
  /** Read when a token is needed; the client keeps it no longer than the one request. */
  readonly password: () => Promise<Result<string>>;
}

export interface PortalOptions {
  /** As a person typed it. */
  readonly url: string;
  readonly auth: PasswordSignIn;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly wait: (ms: number) => Promise<void>;
  /** In [0, 1), spreads the pauses between tries. */
  readonly random?: () => number;
  /** Replaces the client's own agents, so that a test can name any host. */
  readonly agent?: (url: URL) => HttpAgent | HttpsAgent;
  readonly userAgent: string;
  /** Told of every request that is sent to the portal or on its behalf. */
  readonly onRequest?: () => void;
  /** Told once, when the portal refuses the user name or the password. */
  readonly onSignInRefused?: (failure: Failure) => void | Promise<void>;
  readonly limits?: Partial<PortalLimits>;
}
