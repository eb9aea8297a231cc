// Ctrl-C: the first asks for an orderly end, the second ends at once. Signals of other programs ask for a quick end.
import { EXIT } from "./exit-code.ts";

/** Ctrl-C, and Ctrl-Break of a Windows console. */
const BY_PERSON = ["SIGINT", "SIGBREAK"] as const;
/** Whoever sends these kills the process soon; SIGHUP also tells of a closed terminal. */
const BY_PROGRAM = ["SIGTERM", "SIGHUP"] as const;
/** npm passes on a Ctrl-C that the terminal has sent to us already: that pair is one. */
const SAME_WITHIN_MS = 1_000;

export interface Interrupts {
  /** The person wants no more of it. */
  readonly byPerson: AbortSignal;
  /** The process is to end soon; what is open may go on with the next start. */
  readonly byProgram: AbortSignal;
  /** Either. */
  readonly any: AbortSignal;
}

/** Listens for the rest of the process's life; `told` is called with the first interruption. */
export function listenForInterrupt(told: (by: "person" | "program") => void): Interrupts {
  const person = new AbortController();
  const program = new AbortController();
  let firstAt: number | undefined;
  const interrupted = (by: "person" | "program", controller: AbortController): void => {
    if (firstAt === undefined) {
      firstAt = performance.now();
      told(by);
      controller.abort();
    } else if (performance.now() - firstAt > SAME_WITHIN_MS) {
      process.exit(EXIT.interrupted);
    }
  };
  for (const signal of BY_PERSON) process.on(signal, () => interrupted("person", person));
  for (const signal of BY_PROGRAM) process.on(signal, () => interrupted("program", program));
  const any = AbortSignal.any([person.signal, program.signal]);
  return { byPerson: person.signal, byProgram: program.signal, any };
}
