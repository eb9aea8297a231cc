// What was asked for on the command line. Every mistake is told at once.
import { parseArgs } from "node:util";

/** Options of a command by name: what each takes (`FILE`), or null for one that takes nothing. */
export type Options = Readonly<Record<string, string | null>>;

export interface Args<O extends Options> {
  readonly help: boolean;
  /** As typed, in the order given; an option that is not there has none. An option without a value has one empty text. */
  readonly given: { readonly [name in keyof O]: readonly string[] };
  /** One sentence each; empty = all is well. */
  readonly problems: readonly string[];
}

/** Reads the arguments that follow the program's name; `many` may be given more than once. */
export function readArgs<O extends Options>(
  argv: readonly string[],
  options: O,
  many: readonly (keyof O & string)[] = [],
): Args<O> {
  const { tokens } = parseArgs({
    args: [...argv],
    options: {
      ...Object.fromEntries(
        Object.entries(options).map(([name, takes]) => [
          name,
          { type: takes === null ? ("boolean" as const) : ("string" as const) },
        ]),
      ),
      help: { type: "boolean", short: "h" },
    },
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const given = Object.fromEntries(Object.keys(options).map((name) => [name, [] as string[]]));
  const problems: string[] = [];
  let help = false;
  for (const token of tokens) {
    if (token.kind === "option-terminator") continue;
    if (token.kind === "positional") {
      problems.push(`"${token.value}" is not expected here; accepted: ${known(options)}`);
      continue;
    }
    const { name, rawName, value } = token;
    const takes = options[name];
    const before = given[name];
    if (name === "help") help = true;
    else if (before === undefined || takes === undefined) {
      problems.push(`"${rawName}" is no option; accepted: ${known(options)}`);
    } else if (takes === null) {
      if (value === undefined) before.push("");
      else problems.push(`"--${name}" takes no value`);
    } else if (value === undefined || value === "" || (value.startsWith("-") && !token.inlineValue)) {
      problems.push(`"--${name}" lacks its ${takes}`);
    } else if (before.length > 0 && !many.includes(name)) problems.push(`"--${name}" is given twice`);
    else before.push(value);
  }
  return { help, given: given as unknown as Args<O>["given"], problems };
}

function known(options: Options): string {
  const names = Object.entries(options).map(
    ([name, takes]) => `--${name}${takes === null ? "" : ` ${takes}`}`,
  );
  return `${names.join(", ")} and --help`;
}
