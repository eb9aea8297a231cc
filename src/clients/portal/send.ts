// A request on its way to the portal and back, as a list of policies from the outside in: repeat the transient, sign in
// and once anew, follow redirects, keep the deadlines. Operations see only `json` and `open`.
import { failed, type Result } from "../../core/result.ts";
import type { Answer, Reply } from "./answer.ts";
import { decoded, readAll } from "./body.ts";
import { openDownload } from "./download.ts";
import { judgeJson, type About } from "./errors.ts";
import { mayGetToken, mayReach } from "./hosts.ts";
import type { PortalLimits } from "./options.ts";
import type { Download, JsonReply } from "./portal.ts";
import type { Home, Look } from "./probe.ts";
import { follow } from "./redirects.ts";
import { repeat, type Clock } from "./repeat.ts";
import { below, shown, type PortalRequest } from "./request.ts";
import { serverTokens } from "./server-tokens.ts";
import type { Session } from "./sign-in.ts";
import { signedIn, type Exchange } from "./signing.ts";
import type { Transport, WireReply } from "./transport.ts";
import { answerOf, WireError } from "./wire-error.ts";

/** What an operation asks for. */
export interface Ask {
  /** Completes "Cannot …". */
  readonly action: string;
  /** Segments below `/sharing/rest`, or a service's address. */
  readonly at: readonly string[] | URL;
  readonly method?: "GET" | "POST";
  readonly params?: Readonly<Record<string, string>>;
  readonly repeat?: "safe" | "refused-only";
  readonly repeat500?: number;
  readonly jobStatus?: boolean;
  /** As `PortalRequest`. */
  readonly mostBytes?: number;
}

export interface Sender {
  /** An answer that must be a JSON object; `f=json` is added. */
  json(ask: Ask): Promise<Reply<JsonReply>>;
  /** An answer that is content. */
  open(ask: Ask, accept: "json" | "any"): Promise<Reply<Download>>;
}

export interface Wiring {
  readonly home: () => Promise<Result<Home>>;
  readonly session: Session;
  /** Asks anonymously, as `probe.ts` does. */
  readonly look: Look;
  readonly transport: Transport;
  readonly fixed: Readonly<Record<string, string>>;
  readonly limits: PortalLimits;
  readonly clock: Clock;
}

export function createSender(wiring: Wiring): Sender {
  const { session, clock, look } = wiring;
  const servers = serverTokens({ json: (ask) => sender.json(ask), look, session, clock });
  const send = async <T>(ask: Ask, accept: "json" | "any", exchange: Exchange<T>): Promise<Reply<T>> => {
    const home = await wiring.home();
    if (!home.ok) return home;
    const root = new URL(`${home.value.base.href.replace(/\/+$/, "")}/sharing/rest`);
    const url =
      ask.at instanceof URL ? { ok: true as const, value: ask.at } : below(root, ask.at, ask.action);
    if (!url.ok) return url;
    const request = {
      method: "GET",
      params: {},
      repeat: "safe",
      repeat500: 2,
      ...ask,
      accept,
      url: url.value,
    } as const;
    const signing = { session, servers };
    return repeat(() => signedIn(request, home.value, signing, exchange), request, clock);
  };
  const exchangeJson = exchangeOf<JsonReply>(wiring, "totalMs", notTaken, async (reply, about, request) => {
    const most = Math.min(wiring.limits.jsonBytes, request.mostBytes ?? Infinity);
    const bytes = await readAll(
      decoded(reply),
      most,
      request.mostBytes === undefined ? "too-big" : "too-much",
    );
    return judgeJson({ status: reply.status, header: reply.header, bytes, nowMs: wiring.clock.now() }, about);
  });
  const exchangeFile = exchangeOf<Download>(wiring, "downloadMs", fromStorage, (reply, about) =>
    openDownload(reply, about, wiring.clock.now()),
  );
  const sender: Sender = {
    json: (ask) => send({ ...ask, params: { ...ask.params, f: "json" } }, "json", exchangeJson),
    open: (ask, accept) => {
      const params = accept === "json" ? { ...ask.params, f: "json" } : { ...ask.params };
      return send({ ...ask, params }, accept === "json" ? "json" : "any", exchangeFile);
    },
  };
  return sender;
}

function exchangeOf<T>(
  wiring: Wiring,
  total: "totalMs" | "downloadMs",
  /** What an answer counts for that came, by redirects, from a host which may not have the token. */
  strayed: (answer: Answer<T>, told: { readonly action: string; readonly target: string }) => Answer<T>,
  judge: (reply: WireReply, about: About, request: PortalRequest) => Promise<Answer<T>>,
): Exchange<T> {
  return async (request, credential, home) => {
    const target = `${request.method} ${shown(request.url)}`;
    const own = (url: URL): boolean => mayGetToken(home.base, url, home.others);
    const rules = {
      token: credential?.token,
      mayGetToken: credential?.mayGo ?? own,
      mayReach: (url: URL) => mayReach(home.base, url),
      fixed: wiring.fixed,
      totalMs: wiring.limits[total],
    };
    const jobStatus = request.jobStatus ?? false;
    const about = {
      action: request.action,
      target,
      jobStatus,
      repeat500: request.repeat500,
      clean: wiring.session.clean,
    };
    try {
      const reply = await follow(wiring.transport, request, rules);
      const answer = await judge(reply, about, request);
      const { mayGetToken: mayGo } = rules;
      return mayGo(request.url) && !mayGo(reply.url)
        ? strayed(answer, { action: request.action, target })
        : answer;
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      const answer = answerOf(error, request.action, target);
      // An answer that is not whole is one that may come whole the next time; only of content it is told as it is.
      const isCut = total === "totalMs" && answer.state === "transient";
      return isCut ? { ...answer, failure: { ...answer.failure, reason: "transient" } } : answer;
    }
  };
}

/** Files may lie elsewhere; what the portal itself has to say is said by itself and not by a page that a proxy leads to. */
function notTaken<T>(
  _: Answer<T>,
  { action, target }: { readonly action: string; readonly target: string },
): Answer<T> {
  const { failure } = failed(
    "transient",
    `Cannot ${action}: it redirects to another host, whose answer is not taken (${target})`,
    "Look where a proxy or a sign-in page leads to between the app and the portal, then start the backup again",
  );
  return { state: "transient", failure, effect: "unknown", mostRepeats: 1 };
}

/** A storage host refuses a signed address that is too old: the portal is asked for another one. */
function fromStorage<T>(answer: Answer<T>): Answer<T> {
  if (answer.state === "good" || answer.state === "transient") return answer;
  return { state: "transient", failure: { ...answer.failure, reason: "transient" }, effect: "unknown" };
}
