// The portal client put together: one address, one session, one sender, and the operations over them.
import { ok, type Result } from "../../core/result.ts";
import { agentsWithDeadline } from "./agents.ts";
import { attachments } from "./attachments.ts";
import { readAll, decoded } from "./body.ts";
import { cleaner } from "./clean.ts";
import { connecting } from "./connecting.ts";
import { contents } from "./contents.ts";
import { judgeJson } from "./errors.ts";
import { exportJobs } from "./exports.ts";
import { groups } from "./groups.ts";
import { mayReach } from "./hosts.ts";
import { federation } from "./federation.ts";
import { items } from "./items.ts";
import { listings } from "./listings.ts";
import { organisation } from "./organisation.ts";
import { DEFAULT_LIMITS, type PortalOptions } from "./options.ts";
import type { Portal } from "./portal.ts";
import { findPortal, type Home, type Look } from "./probe.ts";
import { follow } from "./redirects.ts";
import { relations } from "./related.ts";
import { repeat } from "./repeat.ts";
import { replicas } from "./replicas.ts";
import { shown } from "./request.ts";
import { rows } from "./rows.ts";
import { createSender, type Wiring } from "./send.ts";
import { serviceFile } from "./service-file.ts";
import { services } from "./services.ts";
import { createSession } from "./sign-in.ts";
import { tileSwitch } from "./tile-switch.ts";
import { tiles } from "./tiles.ts";
import { createTransport, type Transport } from "./transport.ts";
import { answerOf, WireError } from "./wire-error.ts";

/** Bound into every token: each request carries it, or the token is not taken. */
const REFERER = "https://arcgis-backup-for-azure.invalid/";

/** A portal by its typed address and a built-in account. Every method finds the portal and signs in when needed. */
export function createPortal(options: PortalOptions): Portal {
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const clock = { now: options.now, wait: options.wait, random: options.random ?? Math.random };
  const exchange = createTransport(options.agent ?? agentsWithDeadline(limits.connectMs), limits);
  const transport: Transport = (request) => {
    options.onRequest?.();
    return exchange(request);
  };
  const fixed = { "User-Agent": options.userAgent, Referer: REFERER };
  const base = { transport, fixed, limits, clock };
  const look = lookWith(base);
  const home = onceFound(() => repeat(() => findPortal(options.url, look), { repeat: "safe" }, clock));
  const baseUrl = async (): Promise<Result<URL>> => {
    const found = await home();
    return found.ok ? ok(found.value.base) : found;
  };
  const wire = { transport, fixed, referer: REFERER, totalMs: limits.totalMs };
  const session = createSession(options, baseUrl, wire, clock);
  const sender = createSender({ ...base, home, session, look });
  let username = options.auth.username;
  const connect = connecting(sender, home, options.auth.username);
  return {
    ...listings(sender),
    ...items(sender),
    ...groups(sender),
    ...contents(sender),
    ...services(sender),
    ...relations(sender),
    ...federation(sender),
    ...exportJobs(sender, session.clean),
    ...replicas(sender, session.clean),
    ...tiles(sender, session.clean),
    ...tileSwitch(sender, async () => {
      const self = await connect();
      return self.ok ? ok(self.value.kind) : self;
    }),
    ...rows(sender),
    ...attachments(sender),
    ...serviceFile(sender),
    organisation: organisation(sender),
    connect: async () => {
      const self = await connect();
      if (self.ok) username = self.value.username;
      return self;
    },
    get username() {
      return username;
    },
  };
}

/** Shares one search for the portal among all who wait for it; a failure is not kept. */
function onceFound(find: () => Promise<Result<Home>>): () => Promise<Result<Home>> {
  let found: Promise<Result<Home>> | undefined;
  return async () => {
    const looking = (found ??= find());
    const home = await looking;
    if (!home.ok && found === looking) found = undefined;
    return home;
  };
}

/** Asks anonymously, without repeats: the whole pass over the candidates is repeated. */
function lookWith(wiring: Pick<Wiring, "transport" | "fixed" | "limits" | "clock">): Look {
  return async (asked) => {
    const action = "find the portal";
    const target = `GET ${shown(asked)}`;
    try {
      const rules = {
        token: undefined,
        mayGetToken: () => false,
        mayReach: (url: URL) => mayReach(asked, url),
        fixed: wiring.fixed,
        totalMs: wiring.limits.totalMs,
      };
      const request = { method: "GET", url: asked, params: { f: "json" }, accept: "json" } as const;
      const reply = await follow(wiring.transport, request, rules);
      const bytes = await readAll(decoded(reply), wiring.limits.jsonBytes);
      const about = { action, target, jobStatus: false, repeat500: 2, clean: cleaner(() => []) };
      const seen = { status: reply.status, header: reply.header, bytes, nowMs: wiring.clock.now() };
      return { answer: judgeJson(seen, about), url: reply.url };
    } catch (error) {
      if (error instanceof WireError) return { answer: answerOf(error, action, target), url: asked };
      throw error;
    }
  };
}
