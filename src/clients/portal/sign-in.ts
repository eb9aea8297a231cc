// The token of one portal: asked for when it is needed, shared by all calls, renewed at 80 % of its life. A refused
// password is never sent again: ArcGIS Online locks an account after five wrong ones.
import { failed, type Failure, type Result } from "../../core/result.ts";
import type { Answer } from "./answer.ts";
import { decoded, readAll } from "./body.ts";
import { cleaner, quoted } from "./clean.ts";
import { isArcgisOnline } from "./hosts.ts";
import type { PortalOptions } from "./options.ts";
import { repeat, type Clock } from "./repeat.ts";
import { shown, toWire } from "./request.ts";
import { judgeSignIn, type IssuedToken } from "./sign-in-answer.ts";
import { LIFE_MINUTES, tokenHolder, type TokenHolder } from "./token-holder.ts";
import type { Transport } from "./transport.ts";
import { answerOf, WireError } from "./wire-error.ts";

/** Three tries stay below every portal's lock-out, should the lost ones have been refusals. */
const MOST_REPEATS = 2;

/** Tokens that are still taken out of texts; those before are too old to be of use to anybody. */
const MOST_REMEMBERED = 64;

export interface Session extends Pick<TokenHolder, "token" | "renew"> {
  /** Another token that came of this sign-in. */
  remember(token: string): void;
  /** Takes the tokens of the session out of a text. */
  readonly clean: (text: string) => string;
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
  let refusal: Failure | undefined;
  const known: string[] = [];
  const remember = (token: string): void => {
    if (!known.includes(token)) known.push(token);
    if (known.length > MOST_REMEMBERED) known.shift();
  };

  const signIn = async (): Promise<Result<IssuedToken>> => {
    const portal = await base();
    if (!portal.ok) return portal;
    const password = await options.auth.password();
    if (!password.ok) return password;
    const ask = (): Promise<Answer<IssuedToken>> => askForToken(tokenUrl(portal.value), password.value);
    const reply = await repeat(ask, { repeat: "safe", mostRepeats: MOST_REPEATS }, clock);
    if (!reply.ok) {
      if (reply.failure.reason === "sign-in-refused") {
        refusal = reply.failure;
        await options.onSignInRefused?.(reply.failure);
      }
      return { ok: false, failure: reply.failure };
    }
    remember(reply.value.value);
    return reply;
  };
  const holder = tokenHolder(signIn, clock);
  /** A refused password ends the session: no token that is still held is used any more. */
  const unlessRefused = async <T>(
    use: () => Promise<T>,
  ): Promise<T | Extract<Result<never>, { ok: false }>> =>
    refusal === undefined ? use() : { ok: false, failure: refusal };

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
    token: () => unlessRefused(() => holder.token()),
    renew: (stale, code) => unlessRefused(() => holder.renew(stale, code)),
    remember,
    clean: cleaner(() => known),
  };
}

/** ArcGIS Online gives tokens at its general host: organisations with their own logins refuse them at theirs. */
function tokenUrl(portal: URL): URL {
  const base = isArcgisOnline(portal.hostname) ? new URL("https://www.arcgis.com/") : portal;
  return new URL(`${base.pathname.replace(/\/+$/, "")}/sharing/rest/generateToken`, base);
}
