// The token of one portal: asked for when it is needed, shared by all calls, renewed at 80 % of its life. A refused
// password is never sent again: ArcGIS Online locks an account after five wrong ones.
import { failed, ok, type Failure, type Result } from "../../core/result.ts";
import type { Answer } from "./answer.ts";
import { decoded, readAll } from "./body.ts";
import { cleaner, quoted } from "./clean.ts";
import { isArcgisOnline } from "./hosts.ts";
import type { PortalOptions } from "./options.ts";
import { repeat, type Clock } from "./repeat.ts";
import { shown, toWire } from "./request.ts";
import { judgeSignIn, type IssuedToken } from "./sign-in-answer.ts";
import type { Transport } from "./transport.ts";
import { answerOf, WireError } from "./wire-error.ts";

const LIFE_MINUTES = 60;
/** A token younger than this is not the reason why it was not taken. */
const YOUNG_MS = 60_000;
/** Three tries stay below every portal's lock-out, should the lost ones have been refusals. */
const MOST_REPEATS = 2;

export interface Session {
  token(): Promise<Result<string>>;
  /** Another token than `stale`; undefined when a new one would be refused just the same. */
  renew(stale: string, code: number): Promise<Result<string> | undefined>;
  /** Takes the session's tokens out of a text. */
  readonly clean: (text: string) => string;
}

interface Held {
  readonly value: string;
  readonly issuedAt: number;
  readonly renewAt: number;
}

export function createSession(
  options: Pick<PortalOptions, "auth" | "onSignInRefused">,
  base: () => Promise<Result<URL>>,
  wire: {
    readonly transport: Transport;
    readonly fixed: Readonly<Record<string, string>>;
    readonly referer: string;
    readonly totalMs: number;
  },
  clock: Clock,
): Session {
  let held: Held | undefined;
  let pending: Promise<Result<string>> | undefined;
  let refusal: Failure | undefined;
  const known: string[] = [];

  const token = async (): Promise<Result<string>> => {
    if (refusal !== undefined) return { ok: false, failure: refusal };
    if (held !== undefined && clock.now() < held.renewAt) return ok(held.value);
    pending ??= signIn().finally(() => {
      pending = undefined;
    });
    return pending;
  };

  const signIn = async (): Promise<Result<string>> => {
    const portal = await base();
    if (!portal.ok) return portal;
    const password = await options.auth.password();
    if (!password.ok) return password;
    const askedAt = clock.now();
    const ask = (): Promise<Answer<IssuedToken>> => askForToken(tokenUrl(portal.value), password.value);
    const reply = await repeat(ask, { repeat: "safe", mostRepeats: MOST_REPEATS }, clock);
    if (!reply.ok) {
      if (reply.failure.reason === "sign-in-refused") {
        refusal = reply.failure;
        await options.onSignInRefused?.(reply.failure);
      }
      return { ok: false, failure: reply.failure };
    }
    held = holdUntil(reply.value, askedAt);
    if (!known.includes(held.value)) known.push(held.value);
    if (known.length > 8) known.shift();
    return ok(held.value);
  };

  const askForToken = async (url: URL, password: string): Promise<Answer<IssuedToken>> => {
    const action = `sign in as ${quoted(options.auth.username)}`;
    const target = `POST ${shown(url)}`;
    const params = {
      username: options.auth.username,
      password,
      client: "referer",
      referer: wire.referer,
      expiration: String(LIFE_MINUTES),
      f: "json",
    };
    if (password === "") {
      const failure = failed(
        "bad-input",
        `Cannot ${action}: the password is empty`,
        "Store the account's password",
      ).failure;
      return { state: "final", failure };
    }
    try {
      // Redirects are not followed: the password goes to the portal and to nobody else.
      const request = toWire({ method: "POST", url, params, accept: "json" }, undefined, wire.fixed);
      const reply = await wire.transport({ ...request, totalMs: wire.totalMs });
      const bytes = await readAll(decoded(reply), 1_048_576);
      const clean = cleaner(() => [password]);
      const about = { action, target, jobStatus: false, repeat500: MOST_REPEATS, clean };
      return judgeSignIn({ status: reply.status, header: reply.header, bytes, nowMs: clock.now() }, about);
    } catch (error) {
      if (error instanceof WireError) return answerOf(error, action, target);
      throw error;
    }
  };

  return {
    token,
    renew: async (stale, code) => {
      if (held?.value === stale) {
        if (code !== 498 && clock.now() - held.issuedAt < YOUNG_MS) return undefined;
        held = undefined;
      }
      return token();
    },
    clean: cleaner(() => known),
  };
}

/** ArcGIS Online gives tokens at its general host: organisations with their own logins refuse them at theirs. */
function tokenUrl(portal: URL): URL {
  const base = isArcgisOnline(portal.hostname) ? new URL("https://www.arcgis.com/") : portal;
  return new URL(`${base.pathname.replace(/\/+$/, "")}/sharing/rest/generateToken`, base);
}

/** A life that the two clocks make absurd counts as the life that was asked for. */
function holdUntil(token: IssuedToken, askedAt: number): Held {
  const asked = LIFE_MINUTES * 60_000;
  const life = token.expires === undefined ? asked : token.expires - askedAt;
  const sane = life > 0 && life <= asked * 24 ? life : asked;
  return { value: token.value, issuedAt: askedAt, renewAt: askedAt + sane * 0.8 };
}
