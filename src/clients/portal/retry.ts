// Decides whether and when the transient is tried again. Pure: the loop that waits is in send.ts.

const MOST_MS = 60_000;
const MOST_REPEATS = 6;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 16_000;

export interface Tried {
  /** Repeats so far. */
  readonly repeats: number;
  /** Since the first try began, by the clock or by the pauses made, whichever is more. */
  readonly spentMs: number;
  readonly effect: "none" | "unknown";
  readonly mostRepeats?: number;
  readonly afterMs?: number;
}

/** Milliseconds until the next try, or `stop`. Everything ends within a minute; `random` is in [0, 1). */
export function nextTry(
  tried: Tried,
  rule: { readonly repeat: "safe" | "refused-only"; readonly mostRepeats?: number },
  random: number,
): number | "stop" {
  if (rule.repeat === "refused-only" && tried.effect !== "none") return "stop";
  const most = Math.min(MOST_REPEATS, rule.mostRepeats ?? MOST_REPEATS, tried.mostRepeats ?? MOST_REPEATS);
  if (tried.repeats >= most) return "stop";
  const usual = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** tried.repeats) * (0.5 + random / 2);
  // Some servers ask to wait for 0 seconds.
  const delay =
    tried.afterMs === undefined ? usual : Math.max(usual, tried.afterMs + random * FIRST_PAUSE_MS);
  return tried.spentMs + delay > MOST_MS ? "stop" : Math.floor(delay);
}

/** Milliseconds that a Retry-After header asks for, in either of its forms (seconds, date); never negative. */
export function retryAfterMs(header: string | null, nowMs: number): number | undefined {
  if (header === null) return undefined;
  const text = header.trim();
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1_000;
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - nowMs);
}
