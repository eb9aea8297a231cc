// Turns arguments and environment into an order that can be carried out, or into everything that is wrong with them.
import path from "node:path";
import { parseProfileText, type Profile, type ProfileProblem } from "../../core/profile.ts";
import type { Args } from "./args.ts";

/** What the order is read from; the real world in backup.ts. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Absolute path that typed paths start from. */
  readonly folder: string;
  readonly projectRoot: string;
  /** Throws as readFileSync does. */
  readonly readFile: (file: string) => string;
}

export interface Order {
  /** undefined = the sample, whose profile needs the address of the sample portal. */
  readonly profile: GivenProfile | undefined;
  /** Absolute. */
  readonly stateFolder: string;
}

export interface GivenProfile {
  /** As the file has it. */
  readonly text: string;
  readonly parsed: Profile;
}

export type OrderResult =
  { readonly ok: true; readonly order: Order } | { readonly ok: false; readonly problems: readonly string[] };

/** Checks all there is to check before anything is started. Problems name things and never the value of a secret. */
export function readOrder(args: Args, around: Surroundings): OrderResult {
  const { profile, problems } =
    args.profile === undefined ? { profile: undefined, problems: [] } : readProfile(args.profile, around);
  const all = [...args.problems, ...problems];
  if (all.length > 0) return { ok: false, problems: all };
  // A folder of its own for each profile: an interrupted run of one is not touched by the next run of another.
  const usual = profile === undefined ? [] : ["profiles", profile.parsed.name];
  const stateFolder =
    args.state === undefined
      ? path.join(around.projectRoot, ".local", ...usual)
      : path.resolve(around.folder, args.state);
  return { ok: true, order: { profile, stateFolder } };
}

interface ReadProfile {
  readonly profile: GivenProfile | undefined;
  readonly problems: readonly string[];
}

function readProfile(typed: string, around: Surroundings): ReadProfile {
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
  const secrets = secretsIn(parsed.ok ? parsed.profile : jsonOf(text, wrong));
  const unset = secrets.filter((secret) => !isSet(around.env[secret]));
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
    SECRET_PATHS.some((path) => path.at(-1) === key && paths.has(path.join("."))) ? undefined : value;
  return JSON.parse(text.replace(/^\uFEFF/, ""), reviver);
}

/** Where a profile names secrets. */
const SECRET_PATHS = [
  ["portal", "auth", "secret"],
  ["destination", "connectionSecret"],
] as const;

function secretsIn(profile: unknown): string[] {
  return SECRET_PATHS.flatMap((path) => {
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
