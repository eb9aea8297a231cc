// Ctrl-C: the first asks for an orderly end, the second ends at once.
import { EXIT } from "./exit-code.ts";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
/** npm passes on a Ctrl-C that the terminal has sent to us already: that pair is one. */
const SAME_WITHIN_MS = 1_000;

/** Listens for the rest of the process's life; `told` is called with the first interruption. */
export function listenForInterrupt(told: () => void): AbortSignal {
  const controller = new AbortController();
  let firstAt: number | undefined;
  const interrupted = (): void => {
    if (firstAt === undefined) {
      firstAt = performance.now();
      told();
      controller.abort();
    } else if (performance.now() - firstAt > SAME_WITHIN_MS) {
      process.exit(EXIT.interrupted);
    }
  };
  for (const signal of SIGNALS) process.on(signal, interrupted);
  return controller.signal;
}
