// Reads a secret from standard input: typed without being shown, or piped in. Never from an argument, which other users of
// the machine and the shell's history see.
const LONGEST_BYTES = 25_600;

export interface Input {
  readonly isTTY?: boolean | undefined;
  setRawMode?(raw: boolean): unknown;
  on(event: "data", hear: (data: Buffer) => void): unknown;
  on(event: "end", hear: () => void): unknown;
  off(event: "data", hear: (data: Buffer) => void): unknown;
  off(event: "end", hear: () => void): unknown;
  resume(): unknown;
  pause(): unknown;
}

export type Typed =
  | { readonly state: "value"; readonly value: string }
  | { readonly state: "interrupted" }
  | { readonly state: "too-long" };

const ENTER = /[\r\n]/;
const CTRL_C = "\u0003";
const CTRL_D = "\u0004";
const BACKSPACE = /[\u007F\b]/;

/** One line of a terminal, or all that is piped in without the line end behind it. `prompt` is called for a terminal. */
export async function hiddenInput(input: Input, prompt: () => void): Promise<Typed> {
  if (input.isTTY !== true) return piped(input);
  prompt();
  input.setRawMode?.(true);
  try {
    return await typed(input);
  } finally {
    input.setRawMode?.(false);
  }
}

function typed(input: Input): Promise<Typed> {
  return heard(input, (text) => {
    let value = "";
    for (const letter of text) {
      if (letter === CTRL_C) return { state: "interrupted" };
      if (ENTER.test(letter) || letter === CTRL_D) return { state: "value", value };
      value = BACKSPACE.test(letter) ? [...value].slice(0, -1).join("") : value + letter;
    }
    return undefined;
  });
}

async function piped(input: Input): Promise<Typed> {
  const whole = await heard(input, () => undefined);
  // PowerShell and echo end what they pipe with a line end.
  return whole.state === "value" ? { ...whole, value: whole.value.replace(/\r?\n$/, "") } : whole;
}

/** Listens until `done` finds an end in the text so far, or the input ends. */
function heard(input: Input, done: (text: string) => Typed | undefined): Promise<Typed> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const end = (result: Typed): void => {
      input.off("data", hear);
      input.off("end", over);
      input.pause();
      resolve(result);
    };
    const text = (): string => Buffer.concat(chunks).toString("utf8");
    const hear = (data: Buffer): void => {
      chunks.push(data);
      if (chunks.reduce((sum, { length }) => sum + length, 0) > LONGEST_BYTES)
        return end({ state: "too-long" });
      const found = done(text());
      if (found !== undefined) end(found);
    };
    const over = (): void => end({ state: "value", value: text() });
    input.on("data", hear);
    input.on("end", over);
    input.resume();
  });
}
