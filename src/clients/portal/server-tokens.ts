// Tokens of servers that are federated with an ArcGIS Enterprise portal, the hosting server included: many take no token
// of the portal and want one of their own, for which the portal's is exchanged. A server is believed to be federated
// only when it names our portal and, where the portal lists its servers, the portal names it too.
import { failed, ok, type Result } from "../../core/result.ts";
import type { Answer } from "./answer.ts";
import { isFields, listOf, numberOf, textOf } from "../../core/fields.ts";
import type { JsonReply } from "./portal.ts";
import type { Home, Look } from "./probe.ts";
import { repeat, type Clock } from "./repeat.ts";
import { shown } from "./request.ts";
import type { Sender } from "./send.ts";
import { isWrittenPlace, placeKey } from "./server-root.ts";
import type { IssuedToken } from "./sign-in-answer.ts";
import type { Session } from "./sign-in.ts";
import { LIFE_MINUTES, tokenHolder, type TokenHolder } from "./token-holder.ts";

/** A token, or why this server gets none: it is not the portal's. */
export type ServerToken = Result<string> | { readonly foreign: string };

export interface ServerTokens {
  /** The token that is held for the server already; undefined before its first exchange. */
  held(root: URL): string | undefined;
  /** Makes sure that the server is the portal's and exchanges the portal's token for one of its own. */
  token(root: URL, home: Home): Promise<ServerToken>;
  /** As `Session.renew`, for a server that has had a token. */
  renew(root: URL, stale: string, code: number): Promise<Result<string> | undefined>;
}

interface Means {
  readonly json: Sender["json"];
  readonly look: Look;
  readonly session: Session;
  readonly clock: Clock;
}

export function serverTokens(means: Means): ServerTokens {
  const holders = new Map<string, TokenHolder>();
  const judged = new Map<string, Promise<Result<string | undefined>>>();

  /** Why the server is not the portal's, undefined when it is; asked once, unless the asking itself failed. */
  const foreign = async (root: URL, home: Home): Promise<Result<string | undefined>> => {
    const key = placeKey(root);
    const judging = judged.get(key) ?? judge(means, root, home);
    judged.set(key, judging);
    const verdict = await judging;
    if (!verdict.ok) judged.delete(key);
    return verdict;
  };
  const holderOf = (root: URL): TokenHolder => {
    const known = holders.get(root.href);
    if (known !== undefined) return known;
    const holder = tokenHolder(() => exchange(means, root), means.clock);
    holders.set(root.href, holder);
    return holder;
  };
  return {
    held: (root) => holders.get(root.href)?.fresh(),
    token: async (root, home) => {
      const verdict = await foreign(root, home);
      if (!verdict.ok) return verdict;
      if (verdict.value !== undefined) return { foreign: verdict.value };
      return holderOf(root).token();
    },
    renew: (root, stale, code) => holderOf(root).renew(stale, code),
  };
}

async function judge(means: Means, root: URL, home: Home): Promise<Result<string | undefined>> {
  const info = new URL(`${root.href.replace(/\/+$/, "")}/rest/info`);
  const ask = async (): Promise<Answer<JsonReply>> => (await means.look(info)).answer;
  const reply = await repeat(ask, { repeat: "safe", mostRepeats: 2 }, means.clock);
  if (!reply.ok && reply.failure.reason === "transient") return reply;
  const owner = reply.ok ? textOf(reply.value.value, "owningSystemUrl") : undefined;
  if (owner === undefined) return ok(`${root.host} does not say that it belongs to a portal`);
  if (![home.base, ...home.others].some((own) => isWrittenPlace(own, owner))) {
    const named = URL.canParse(owner) ? new URL(owner).host : "something that is no address";
    return ok(`${root.host} belongs to another portal (${named})`);
  }
  const listed = await listedServers(means);
  if (!listed.ok) return listed;
  if (listed.value === undefined || listed.value.some((url) => isWrittenPlace(root, url)))
    return ok(undefined);
  return ok(`${root.host} names this portal, but the portal does not list it among its servers`);
}

/** Addresses of the servers that the portal lists; undefined where it lists none to this account. */
export async function listedServers({
  json,
}: Pick<Sender, "json">): Promise<Result<readonly string[] | undefined>> {
  const reply = await json({ action: "list the portal's servers", at: ["portals", "self", "servers"] });
  if (!reply.ok) return reply.failure.reason === "transient" ? reply : ok(undefined);
  const servers = listOf(reply.value.value, "servers")?.filter(isFields);
  return ok(
    servers?.flatMap((server) =>
      [textOf(server, "url"), textOf(server, "adminUrl")].filter((url) => url !== undefined),
    ),
  );
}

async function exchange({ json, session }: Means, root: URL): Promise<Result<IssuedToken>> {
  const action = `get a token for the server ${shown(root)}`;
  const serverUrl = root.href.replace(/\/+$/, "");
  const reply = await json({
    action,
    at: ["generateToken"],
    method: "POST",
    params: { serverUrl, expiration: String(LIFE_MINUTES) },
  });
  if (!reply.ok) return { ok: false, failure: reply.failure };
  const value = textOf(reply.value.value, "token");
  const own = await session.token();
  // The portal's own token given back would be one that every server of the portal takes.
  if (value === undefined || (own.ok && own.value === value)) {
    return failed(
      "no-access",
      `Cannot ${action}: the portal answered ${value === undefined ? "without a token" : "with its own token"}`,
      "Look on the portal's web site whether the server is federated and its services open there",
    );
  }
  session.remember(value);
  const expires = numberOf(reply.value.value, "expires");
  return ok({ value, ...(expires === undefined ? {} : { expires }) });
}
