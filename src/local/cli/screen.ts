// What the person sees: lines, and below them one progress line that is redrawn where there is a terminal.
export interface Screen {
  /** A line (or several) that stays. */
  line(text: string): void;
  /** The newest state of things; replaces the one before. */
  progress(text: string): void;
  /** Columns of the terminal; undefined when there is none. */
  readonly columns: number | undefined;
}

export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

const PLAIN_EVERY_MS = 2_000;
const ERASE_LINE = "\r\u001b[2K";

/** A screen on this output; `now` (milliseconds, only differences count) paces the lines where there is no terminal. */
export function openScreen(output: Output, now: () => number): Screen {
  return output.isTTY === true ? terminalScreen(output) : plainScreen(output, now);
}

function terminalScreen(output: Output): Screen {
  let shown = "";
  return {
    line: (text) => {
      output.write(`${shown === "" ? "" : ERASE_LINE}${text}\n`);
      shown = "";
    },
    progress: (text) => {
      if (text !== shown) output.write(`${ERASE_LINE}${text}`);
      shown = text;
    },
    get columns() {
      // A pseudo-terminal that was never given a size says 0.
      return (output.columns ?? 0) > 0 ? output.columns : 80;
    },
  };
}

function plainScreen(output: Output, now: () => number): Screen {
  let last = "";
  let lastAt = -Infinity;
  return {
    line: (text) => void output.write(`${text}\n`),
    progress: (text) => {
      if (text === last || now() - lastAt < PLAIN_EVERY_MS) return;
      last = text;
      lastAt = now();
      output.write(`${text}\n`);
    },
    columns: undefined,
  };
}
