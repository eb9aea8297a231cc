// Full_log.log: one line per event, in columns that the eye and grep can follow.
import { printable } from "./printable.ts";
import { isoTime } from "./units.ts";

export interface LogEvent {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly level: "info" | "warn" | "error";
  /** One word: the phase or the part that speaks, such as `listing`, `export`, `store`. */
  readonly topic: string;
  readonly text: string;
  readonly itemId?: string;
}

const MOST_COLUMNS = 4000;

/** `2026-11-23T23:53:00.123Z  INFO   listing   text  [itemId]`, without a line end and never with one inside. */
export function logLine({ at, level, topic, text, itemId }: LogEvent): string {
  const item = itemId === undefined ? "" : `  [${printable(itemId, 40)}]`;
  return (
    `${isoTime(at).padEnd(24)}  ${level.toUpperCase().padEnd(5)}  ${printable(topic, 20).padEnd(8)}  ` +
    `${printable(text, MOST_COLUMNS)}${item}`
  );
}
