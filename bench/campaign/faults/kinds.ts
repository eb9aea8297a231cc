// What a portal, a proxy or a network does to an answer, and what kind of trouble that is to the product.
import type { FaultAnswer } from "../../../test/portal/faults.ts";

/**
 * `harmless`: nothing is lost. `token`: another token is got once. `passing`: it is asked again. The others are final, or are
 * seen by what the answer should be.
 */
export type Nature =
  | "harmless"
  | "token"
  | "passing"
  | "denied"
  | "missing"
  | "refused"
  | "page"
  | "empty"
  | "short"
  | "circle"
  | "elsewhere";

/** What a fault is made of, beside its name. */
export interface Spot {
  /** In [0, 1), the same for a case each time it is run. */
  readonly random: () => number;
  /** Address of a page at another host. */
  readonly elsewhere: string;
}

export interface Kind {
  readonly nature: Nature;
  readonly answer: (spot: Spot) => FaultAnswer;
  /** Deadlines of the client are met. */
  readonly hangs?: true;
}

/** As a bare HTTP status, or in the portal's own form inside HTTP 200. */
function code(code: number, message: string, messageCode?: string): Kind["answer"] {
  const error = { code, message, ...(messageCode !== undefined && { messageCode }) };
  return ({ random }) => (random() < 0.5 ? { status: code } : { error });
}

const share = ({ random }: Spot): number => 0.1 + 0.8 * random();
const PAGE =
  "<html><head><title>Sign in</title></head><body><form><input type='password'></form></body></html>";

export const KINDS = {
  "498": { nature: "token", answer: code(498, "Invalid token.") },
  "499": { nature: "token", answer: code(499, "Token Required", "GWM_0003") },
  "401": { nature: "token", answer: code(401, "Unauthorized") },
  "403": {
    nature: "denied",
    answer: code(403, "You do not have permissions to access this resource.", "GWM_0003"),
  },
  "404": { nature: "missing", answer: code(404, "Not found.") },
  "429 in seconds": { nature: "passing", answer: () => ({ status: 429, retryAfter: 5 }) },
  "429 with a date": { nature: "passing", answer: () => ({ status: 429, retryAfter: { dateInSeconds: 2 } }) },
  "500": { nature: "passing", answer: code(500, "Unable to process the request.") },
  "503": { nature: "passing", answer: code(503, "Service unavailable.") },
  html: { nature: "page", answer: () => ({ html: PAGE }) },
  "json error": {
    nature: "refused",
    answer: () => ({ error: { code: 400, message: "Unable to complete operation." } }),
  },
  empty: { nature: "empty", answer: () => ({ status: 200, body: "" }) },
  "reset before": { nature: "passing", answer: () => ({ reset: "before" }) },
  "reset after": { nature: "passing", answer: () => ({ reset: "after" }) },
  cut: { nature: "passing", answer: (spot) => ({ truncate: { share: share(spot) } }) },
  "short, cleanly": {
    nature: "short",
    answer: (spot) => ({ truncate: { share: share(spot), clean: true } }),
  },
  "length too long": {
    nature: "passing",
    answer: ({ random }) => ({ lengthExtra: 1 + Math.floor(random() * 50) }),
  },
  "length too short": {
    nature: "passing",
    answer: ({ random }) => ({ lengthExtra: -1 - Math.floor(random() * 9) }),
  },
  drip: { nature: "harmless", answer: () => ({ slow: { chunkBytes: 400, everyMs: 5 } }) },
  hang: {
    nature: "passing",
    hangs: true,
    answer: ({ random }) => ({
      hang: (["before", "after", "body"] as const)[Math.floor(random() * 3)] ?? "before",
    }),
  },
  "redirect in a circle": { nature: "circle", answer: () => ({ redirect: "loop" }) },
  "redirect elsewhere": { nature: "elsewhere", answer: ({ elsewhere }) => ({ redirect: elsewhere }) },
} as const satisfies Record<string, Kind>;

export type KindName = keyof typeof KINDS;
export const KIND_NAMES = Object.keys(KINDS) as readonly KindName[];
