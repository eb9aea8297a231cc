// Holds what a slow source answered, for a short time: activities of one minute do not each ask the vault. Failures are
// not held. A value is in memory alone, and of few secrets only.
import type { Result } from "../../core/result.ts";
import type { ReadSecret } from "./secrets.ts";

/** A rotated secret is used after this at the latest; at once where the old value is refused, as that is read afresh. */
export const HELD_MS = 60_000;
/** A portal, a destination and a mail service for each of a handful of profiles. */
const MOST_HELD = 20;

interface Held {
  readonly value: string;
  readonly readAt: number;
}

/** `now`: epoch milliseconds. Reads of one secret at the same time ask the source once, unless they are to be fresh. */
export function holding(read: ReadSecret, now: () => number, heldMs: number = HELD_MS): ReadSecret {
  const held = new Map<string, Held>();
  const pending = new Map<string, Promise<Result<string>>>();

  const ask = async (name: string, afresh: boolean): Promise<Result<string>> => {
    const readAt = now();
    const result = await read(name, { afresh });
    // A slow older answer does not replace a newer one.
    if ((held.get(name)?.readAt ?? -Infinity) > readAt) return result;
    held.delete(name);
    if (!result.ok) return result;
    held.set(name, { value: result.value, readAt });
    for (const oldest of held.keys()) {
      if (held.size <= MOST_HELD) break;
      held.delete(oldest);
    }
    return result;
  };

  return async (name, { afresh = false } = {}) => {
    if (afresh) return ask(name, true);
    const known = held.get(name);
    const age = known === undefined ? Infinity : now() - known.readAt;
    // A clock that was set back does not keep a value for ever.
    if (known !== undefined && age >= 0 && age < heldMs) return { ok: true, value: known.value };
    const running = pending.get(name);
    if (running !== undefined) return running;
    const asked = ask(name, false).finally(() => pending.delete(name));
    pending.set(name, asked);
    return asked;
  };
}
