// The time that the local host lives in: real, scaled or frozen. Every timestamp and timer of the host comes from here.

export interface Clock {
  /** The present, in epoch milliseconds. */
  now(): number;
  /**
   * Calls `wake` once when the clock reaches `atMs`; for a moment that is past, at the next turn of the event loop.
   * The returned function forgets the call.
   */
  at(atMs: number, wake: () => void): () => void;
}

export interface FrozenClock extends Clock {
  /** Moves the clock on and wakes, in order of time, whoever waits for a moment up to the new present. */
  advance(ms: number): void;
}

// setTimeout fires at once for longer delays, so a longer wait is cut into pieces.
const LONGEST_TIMEOUT_MS = 2_000_000_000;

/** The machine's own time. */
export function realClock(): Clock {
  return scaledClock(1, 0);
}

/**
 * A clock that runs `factor` times as fast as the machine's and agrees with it at `originMs` (default: now).
 * Two processes with equal factor and origin read the same time, also after one was restarted.
 */
export function scaledClock(factor: number, originMs: number = Date.now()): Clock {
  if (!(factor > 0)) throw new RangeError(`The clock's factor must be above 0: ${String(factor)}`);
  const now = (): number => (factor === 1 ? Date.now() : originMs + (Date.now() - originMs) * factor);
  const at = (atMs: number, wake: () => void): (() => void) => {
    let handle: NodeJS.Timeout;
    const arm = (): void => {
      const leftMs = Math.max(0, (atMs - now()) / factor);
      const pieceMs = Math.min(leftMs, LONGEST_TIMEOUT_MS);
      // Rounded up: a timeout that comes a fraction early would find nothing due and be armed again and again.
      handle = setTimeout(() => (now() >= atMs ? wake() : arm()), Math.ceil(pieceMs));
    };
    arm();
    return () => {
      clearTimeout(handle);
    };
  };
  return { now, at };
}

/** A clock that stands at `atMs` until it is advanced. */
export function frozenClock(atMs: number): FrozenClock {
  let present = atMs;
  let waiting: { readonly atMs: number; readonly wake: () => void }[] = [];
  const nextDue = (untilMs: number): (typeof waiting)[number] | undefined =>
    waiting.filter((one) => one.atMs <= untilMs).sort((a, b) => a.atMs - b.atMs)[0];
  return {
    now: () => present,
    at: (dueMs, wake) => {
      if (dueMs <= present) {
        const handle = setTimeout(wake, 0);
        return () => {
          clearTimeout(handle);
        };
      }
      const one = { atMs: dueMs, wake };
      waiting.push(one);
      return () => {
        waiting = waiting.filter((other) => other !== one);
      };
    },
    advance: (ms) => {
      const untilMs = present + ms;
      for (let due = nextDue(untilMs); due !== undefined; due = nextDue(untilMs)) {
        const one = due;
        waiting = waiting.filter((other) => other !== one);
        present = Math.max(present, one.atMs);
        one.wake();
      }
      present = untilMs;
    },
  };
}
