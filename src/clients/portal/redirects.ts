// Follows redirects by hand: every hop is judged anew whether it may be reached and whether it may have the token.
// Files lie on storage hosts whose signed addresses refuse a request with credentials, and must never see one.
import { toWire, type PortalRequest } from "./request.ts";
import type { Transport, WireReply } from "./transport.ts";
import { readAll } from "./body.ts";
import { WireError } from "./wire-error.ts";

const MOST_HOPS = 10;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

export interface HopRules {
  readonly token: string | undefined;
  readonly mayGetToken: (url: URL) => boolean;
  readonly mayReach: (url: URL) => boolean;
  /** Headers of every request. */
  readonly fixed: Readonly<Record<string, string>>;
  readonly totalMs: number;
}

type Hop = Pick<PortalRequest, "method" | "url" | "params" | "accept">;

/** Sends the request along its redirects and returns the reply that is none. Throws `WireError`. */
export async function follow(transport: Transport, request: Hop, rules: HopRules): Promise<WireReply> {
  const seen = new Set<string>();
  if (!rules.mayReach(request.url)) throw new WireError("address", "an address without https is not asked");
  let hop = request;
  for (let hops = 0; hops <= MOST_HOPS; hops += 1) {
    const wire = toWire(hop, rules.mayGetToken(hop.url) ? rules.token : undefined, rules.fixed);
    const place = `${wire.method} ${wire.url.href}`;
    if (seen.has(place)) throw new WireError("address", "its redirects go round in a circle");
    seen.add(place);
    const reply = await transport({ ...wire, totalMs: rules.totalMs });
    const location = REDIRECTS.has(reply.status) ? reply.header("location") : null;
    if (location === null) return reply;
    await drop(reply);
    hop = nextHop(hop, wire.method, reply, location, rules);
  }
  throw new WireError("address", `it redirects more than ${MOST_HOPS} times`);
}

function nextHop(hop: Hop, method: "GET" | "POST", reply: WireReply, location: string, rules: HopRules): Hop {
  if (!URL.canParse(location, hop.url.href))
    throw new WireError("address", "it redirects to something that is no address");
  const url = new URL(location, hop.url);
  url.hash = "";
  if (!rules.mayReach(url)) {
    const what =
      url.username === "" && url.password === ""
        ? url.protocol.replace(":", "")
        : "an address with a user name";
    throw new WireError("address", `it redirects to ${what} at ${url.hostname}, which is not followed`);
  }
  if (method === "GET" || reply.status === 303) return { ...hop, method: "GET", url, params: {} };
  if (!rules.mayGetToken(url)) {
    throw new WireError("address", `it redirects what was posted to ${url.hostname}, which is not followed`);
  }
  return { ...hop, method: "POST", url };
}

/** Reads a redirect's small body to its end, so that the connection can be used again. */
async function drop(reply: WireReply): Promise<void> {
  try {
    await readAll(reply.body, 65_536);
  } catch (error) {
    reply.discard();
    if (!(error instanceof WireError)) throw error;
  }
}
