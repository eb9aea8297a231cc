// A profile as it was given on the command line: a file, with everything that is wrong with it and the variables it needs.
import path from "node:path";
import { parseProfileText, type Profile, type ProfileProblem } from "../../core/profile.ts";
import { secretsAreVariables } from "./secret-source.ts";

/** What an order is read from; the real world in surroundings.ts. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Absolute path that typed paths start from. */
  readonly folder: string;
  readonly projectRoot: string;
  /** Throws as readFileSync does. */
  readonly readFile: (file: string) => string;
}

export interface GivenProfile {
  /** As the file has it. */
  readonly text: string;
  readonly parsed: Profile;
}

export interface ReadProfile {
  readonly profile: GivenProfile | undefined;
  readonly problems: readonly string[];
}

/** Which of a profile's secrets a command needs; all for a backup. */
export type Needs = "every secret" | "the destination";

/** Reads the file; problems name things and never the value of a secret. */
export function readProfileFile(typed: string, around: Surroundings, needs: Needs): ReadProfile {
  const file = path.resolve(around.folder, typed);
  let text: string;
  try {
    text = around.readFile(file);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    const why = WHY_UNREADABLE[code] ?? `cannot be read (${code})`;
    return { profile: undefined, problems: [`Profile "${file}" ${why}`] };
  }
  const parsed = parseProfileText(text);
  const wrong = parsed.ok ? [] : parsed.problems;
  const secrets = secretsIn(parsed.ok ? parsed.profile : jsonOf(text, wrong), needs);
  const unset = secretsAreVariables(around.env) ? secrets.filter((secret) => !isSet(around.env[secret])) : [];
  return {
    profile: parsed.ok ? { text, parsed: parsed.profile } : undefined,
    problems: [...wrong.map((problem) => `Profile "${typed}": ${problem.text}`), ...unset.map(missingSecret)],
  };
}

/** Of a profile that is wrong, what can be used to tell of unset variables as well: all but the wrong places. */
function jsonOf(text: string, wrong: readonly ProfileProblem[]): unknown {
  if (wrong.some(({ path }) => path === "")) return undefined;
  const paths = new Set(wrong.map(({ path }) => path));
  const reviver = (key: string, value: unknown): unknown =>
    SECRET_PATHS["every secret"].some((path) => path.at(-1) === key && paths.has(path.join(".")))
      ? undefined
      : value;
  return JSON.parse(text.replace(/^\uFEFF/, ""), reviver);
}

/** Where a profile names secrets. */
const SECRET_PATHS: Readonly<Record<Needs, readonly (readonly string[])[]>> = {
  "every secret": [
    ["portal", "auth", "secret"],
    ["destination", "connectionSecret"],
  ],
  "the destination": [["destination", "connectionSecret"]],
};

function secretsIn(profile: unknown, needs: Needs): string[] {
  return SECRET_PATHS[needs].flatMap((path) => {
    const value = path.reduce<unknown>(
      (part, key) =>
        typeof part === "object" && part !== null ? (part as Record<string, unknown>)[key] : undefined,
      profile,
    );
    return typeof value === "string" ? [value] : [];
  });
}

const WHY_UNREADABLE: Readonly<Record<string, string>> = {
  ENOENT: "does not exist",
  EISDIR: "is a folder; a profile is a JSON file",
  EACCES: "may not be read by this user",
  EPERM: "may not be read by this user",
};

function isSet(value: string | undefined): boolean {
  return value !== undefined && value.trim() !== "";
}

function missingSecret(name: string): string {
  return `Environment variable ${name}, which the profile names for a secret, is not set or empty. Set it in this terminal and start again`;
}
