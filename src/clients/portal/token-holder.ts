// One token that is asked for when it is needed, shared by all who wait for it, and renewed at 80 % of its life.
import { ok, type Result } from "../../core/result.ts";
import type { Clock } from "./repeat.ts";
import type { IssuedToken } from "./sign-in-answer.ts";

/** Minutes that are asked for. */
export const LIFE_MINUTES = 60;
/** A token younger than this is not the reason why it was not taken. */
const YOUNG_MS = 60_000;

export interface TokenHolder {
  token(): Promise<Result<string>>;
  /** The token that is held and not yet due for renewal. */
  fresh(): string | undefined;
  /** Another token than `stale`; undefined when a new one would be refused just the same. */
  renew(stale: string, code: number): Promise<Result<string> | undefined>;
}

interface Held {
  readonly value: string;
  readonly issuedAt: number;
  readonly renewAt: number;
}

export function tokenHolder(
  issue: () => Promise<Result<IssuedToken>>,
  clock: Pick<Clock, "now">,
): TokenHolder {
  let held: Held | undefined;
  let pending: Promise<Result<string>> | undefined;

  const obtain = async (): Promise<Result<string>> => {
    const askedAt = clock.now();
    const issued = await issue();
    if (!issued.ok) return issued;
    held = holdUntil(issued.value, askedAt);
    return ok(held.value);
  };
  const fresh = (): string | undefined =>
    held !== undefined && clock.now() < held.renewAt ? held.value : undefined;
  const token = async (): Promise<Result<string>> => {
    const kept = fresh();
    if (kept !== undefined) return ok(kept);
    pending ??= obtain().finally(() => {
      pending = undefined;
    });
    return pending;
  };
  return {
    token,
    fresh,
    renew: async (stale, code) => {
      if (held?.value === stale) {
        if (code !== 498 && clock.now() - held.issuedAt < YOUNG_MS) return undefined;
        held = undefined;
      }
      return token();
    },
  };
}

/** A life that the two clocks make absurd counts as the life that was asked for. */
function holdUntil(token: IssuedToken, askedAt: number): Held {
  const asked = LIFE_MINUTES * 60_000;
  const life = token.expires === undefined ? asked : token.expires - askedAt;
  const sane = life > 0 && life <= asked * 24 ? life : asked;
  return { value: token.value, issuedAt: askedAt, renewAt: askedAt + sane * 0.8 };
}
