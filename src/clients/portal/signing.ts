// Which token a request carries, if any: the portal's own where that may go, a federated server's at that server, and none
// anywhere else. One that is not taken is replaced once.
import type { Answer } from "./answer.ts";
import { mayGetToken } from "./hosts.ts";
import type { Home } from "./probe.ts";
import type { PortalRequest } from "./request.ts";
import { isBelow, serverRoot } from "./server-root.ts";
import type { ServerTokens } from "./server-tokens.ts";
import type { Session } from "./sign-in.ts";

/** A token and the addresses that it may go to. */
export interface Credential {
  readonly token: string;
  readonly mayGo: (url: URL) => boolean;
}

/** Who gives tokens. */
export interface Signing {
  readonly session: Session;
  readonly servers: ServerTokens;
}

/** One try of a request, without the signing. */
export type Exchange<T> = (
  request: PortalRequest,
  credential: Credential | undefined,
  home: Home,
) => Promise<Answer<T>>;

/** Adds the token where it may go; when it is not taken, gets another one once and tries once more. */
export async function signedIn<T>(
  request: PortalRequest,
  home: Home,
  { session, servers }: Signing,
  exchange: Exchange<T>,
): Promise<Answer<T>> {
  const root = home.federates ? serverRoot(request.url) : undefined;
  const held = root === undefined ? undefined : servers.held(root);
  if (root !== undefined && held !== undefined) return atServer(request, home, root, held, servers, exchange);

  const own = mayGetToken(home.base, request.url, home.others);
  if (root !== undefined && !own) {
    // Before the first request, not after a refusal: a public service answers anybody, with less than the account may see.
    const exchanged = await servers.token(root, home);
    if (!("foreign" in exchanged)) {
      if (exchanged.ok) return atServer(request, home, root, exchanged.value, servers, exchange);
      if (exchanged.failure.reason === "transient") return { state: "final", failure: exchanged.failure };
    }
  }
  const token = own ? await session.token() : undefined;
  if (token?.ok === false) return { state: "final", failure: token.failure };
  const answer = await exchange(request, token && ofPortal(home, token.value), home);
  if (answer.state !== "token") return answer;

  if (root !== undefined) {
    const exchanged = await servers.token(root, home);
    if (!("foreign" in exchanged)) {
      if (!exchanged.ok) return { state: "final", failure: exchanged.failure };
      return atServer(request, home, root, exchanged.value, servers, exchange);
    }
    if (token === undefined) return final(withoutToken(answer, exchanged.foreign));
  }
  if (token === undefined) return final(answer);
  const another = await session.renew(token.value, answer.code);
  if (another === undefined) return final(answer);
  if (!another.ok) return { state: "final", failure: another.failure };
  return final(await exchange(request, ofPortal(home, another.value), home));
}

/** With the token of a federated server, and once more with another one when that is not taken. */
async function atServer<T>(
  request: PortalRequest,
  home: Home,
  root: URL,
  token: string,
  servers: ServerTokens,
  exchange: Exchange<T>,
): Promise<Answer<T>> {
  const credential = (value: string): Credential => ({ token: value, mayGo: (url) => isBelow(root, url) });
  const answer = await exchange(request, credential(token), home);
  if (answer.state !== "token") return answer;
  const another = await servers.renew(root, token, answer.code);
  if (another === undefined) return final(answer);
  if (!another.ok) return { state: "final", failure: another.failure };
  return final(await exchange(request, credential(another.value), home));
}

function ofPortal(home: Home, token: string): Credential {
  return { token, mayGo: (url) => mayGetToken(home.base, url, home.others) };
}

/** What a server says that is none of the portal's and wants a token. */
function withoutToken(answer: Extract<Answer<never>, { state: "token" }>, foreign: string): typeof answer {
  const next = `No token is given to it: ${foreign}. Federate the server with the portal, or back it up by itself`;
  return { ...answer, failure: { ...answer.failure, reason: "no-access", next } };
}

function final<T>(answer: Answer<T>): Answer<T> {
  return answer.state === "token" ? { state: "final", failure: answer.failure } : answer;
}
