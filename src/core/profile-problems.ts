// Turns what a schema finds wrong into sentences: where, what was found, what is accepted. A value is shown only where no
// secret can be; a password pasted into the wrong field must not end in a log.
import type * as z from "zod";
import { nearMiss } from "./near-miss.ts";
import { EXPECTED } from "./profile-schema.ts";

export interface ProfileProblem {
  /** `exports.lanes`; empty = the profile as a whole. */
  readonly path: string;
  readonly found: string;
  readonly expected: string;
  /** The whole sentence. */
  readonly text: string;
}

/** What the sentences about one kind of JSON are made of. */
export interface Vocabulary {
  /** What the whole is called at the beginning of a sentence. */
  readonly whole: string;
  /** What each field takes, by its path; "" is the whole. */
  readonly expected: Readonly<Record<string, string>>;
  /** Fields whose text is shown when it is wrong, as long as it looks like words: a secret mixes letters and digits. */
  readonly shown: ReadonlySet<string>;
}

const PROFILE: Vocabulary = {
  whole: "The profile",
  expected: EXPECTED,
  shown: new Set(["name", "layout", "portal.auth.kind", "destination.container"]),
};

/** One problem; `found` must hold no secret. */
export function problem(
  path: string,
  found: string,
  expected: string,
  whole = PROFILE.whole,
): ProfileProblem {
  const where = path === "" ? whole : path;
  return { path, found, expected, text: `${where}: found ${found}, expected ${expected}` };
}

/** A problem for each issue and each unknown key. */
export function problemsOf(
  json: unknown,
  issues: readonly z.core.$ZodIssue[],
  words = PROFILE,
): readonly ProfileProblem[] {
  return issues.flatMap((issue) => {
    const path = issue.path.map(String).join(".");
    if (issue.code === "unrecognized_keys") return unknownKeys(path, issue.keys, words);
    // An entry of a list takes what the list says of its entries.
    const expected = words.expected[path] ?? words.expected[path.replace(/\.\d+$/, "")] ?? "another value";
    return [problem(path, found(path, valueAt(json, issue.path), words), expected, words.whole)];
  });
}

function isWords(text: string): boolean {
  return text.length <= 20 && text.split(/[ ._-]/).every((word) => /^(?:[A-Za-z]*|\d*)$/.test(word));
}

function found(path: string, value: unknown, { expected, shown }: Vocabulary): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "an object";
  const isCount = expected[path]?.startsWith("a whole number") === true;
  // A number where a text belongs may be a PIN or a password of digits.
  if (typeof value !== "string") return isCount ? JSON.stringify(value) : `a ${typeof value}`;
  if (value === "") return "an empty text";
  if (isCount) return "a text instead of a number";
  if (shown.has(path) && isWords(value)) return `"${value}"`;
  if (path.endsWith("ecret")) {
    return `a text of ${value.length} characters that is no name (not shown: it may be the secret itself)`;
  }
  return `a text of ${value.length} characters (not shown)`;
}

/** Beyond this many, a file is no profile, and its keys are only counted. */
const MOST_KEYS = 50;

function unknownKeys(parent: string, keys: readonly string[], words: Vocabulary): readonly ProfileProblem[] {
  const told = keys.slice(0, MOST_KEYS).map((key) => unknownKey(parent, key, words));
  const rest = keys.length - told.length;
  return rest === 0
    ? told
    : [...told, problem(parent, `${rest} further keys that are not known`, "none", words.whole)];
}

function unknownKey(parent: string, key: string, words: Vocabulary): ProfileProblem {
  const path = parent === "" ? shownKey(key) : `${parent}.${shownKey(key)}`;
  const allowed = Object.keys(words.expected).filter((known) => known !== "" && known !== "$schema");
  const siblings = allowed.filter((known) => parentOf(known) === parent);
  const meant = nearMiss(key, siblings.map(lastOf)) ?? nearMiss(key, allowed.map(lastOf));
  const place =
    allowed.find((known) => parentOf(known) === parent && lastOf(known) === meant) ??
    allowed.find((known) => lastOf(known) === meant);
  const accepted = siblings.map(lastOf).join(", ");
  const unknown = `${path}: this key is not known`;
  const expected = `one of ${accepted === "" ? "no further keys" : accepted}`;
  const unknownFound = "a key that is not known";
  if (/pass|pwd|token|credential|connectionstring|accountkey|apikey/i.test(key)) {
    return { path, found: unknownFound, expected, text: `${unknown}; ${NAMES_ONLY}` };
  }
  const hint = place === undefined ? "; accepted here" : `; did you mean ${place}? Accepted here`;
  return { path, found: unknownFound, expected, text: `${unknown}${hint}: ${accepted}` };
}

const NAMES_ONLY =
  "a profile names secrets and holds none: put the secret into the secret store, and its name into portal.auth.secret or destination.connectionSecret";

/** A key is shown only when it looks like one. */
function shownKey(key: string): string {
  return /^[A-Za-z$_][A-Za-z0-9_$-]{0,39}$/.test(key) ? key : "(unknown key)";
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf(".")));
}

function lastOf(path: string): string {
  return path.slice(path.lastIndexOf(".") + 1);
}

/** The value below `json` at a path; undefined when there is none. */
export function valueAt(json: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === "object" && value !== null ? (value as Record<PropertyKey, unknown>)[key] : undefined,
    json,
  );
}
