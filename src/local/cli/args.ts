// What was asked for on the command line. Every mistake is told at once.
import { parseArgs } from "node:util";

export interface Args {
  readonly help: boolean;
  /** Path of a profile file as typed; undefined = the sample. */
  readonly profile: string | undefined;
  /** State folder as typed; undefined = the usual one. */
  readonly state: string | undefined;
  /** One sentence each; empty = all is well. */
  readonly problems: readonly string[];
}

const VALUES = { profile: "FILE", state: "DIR" } as const;
const KNOWN = "--profile FILE, --state DIR and --help";

/** Reads the arguments that follow the program's name. */
export function readArgs(argv: readonly string[]): Args {
  const { tokens } = parseArgs({
    args: [...argv],
    options: {
      profile: { type: "string" },
      state: { type: "string" },
      help: { type: "boolean", short: "h" },
    },
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const found: Partial<Record<keyof typeof VALUES, string>> = {};
  const problems: string[] = [];
  let help = false;
  for (const token of tokens) {
    if (token.kind === "option-terminator") continue;
    if (token.kind === "positional") {
      problems.push(`"${token.value}" is not expected here; accepted: ${KNOWN}`);
      continue;
    }
    const { name, rawName, value } = token;
    if (name === "help") help = true;
    else if (!isOption(name)) problems.push(`"${rawName}" is no option; accepted: ${KNOWN}`);
    else if (value === undefined || value === "" || (value.startsWith("-") && token.inlineValue !== true)) {
      problems.push(`"--${name}" lacks its ${VALUES[name]}`);
    } else if (found[name] !== undefined) problems.push(`"--${name}" is given twice`);
    else found[name] = value;
  }
  return { help, profile: found.profile, state: found.state, problems };
}

function isOption(name: string): name is keyof typeof VALUES {
  return Object.hasOwn(VALUES, name);
}
