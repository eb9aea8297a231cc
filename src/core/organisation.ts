// The organisation itself: which parts of it are kept in a restore point, in which files, what is left out as a secret,
// and which trouble makes the run partial (rest-api.md sections 2.2, 5.2, 5.4).
import type { ManifestFile } from "./manifest.ts";
import type { Failure } from "./result.ts";
import { formatOf } from "./units.ts";

export const ORGANISATION_PARTS = ["portal", "users", "roles", "categories", "groups"] as const;
export type OrganisationPart = (typeof ORGANISATION_PARTS)[number];

/** File of each part below `organisation/`. */
export const ORGANISATION_FILES = {
  portal: "portal.json",
  users: "users.json",
  roles: "roles.json",
  categories: "categories.json",
  groups: "groups.jsonl",
  folders: "folders.json",
} as const;

/** Where the capture stands: one page or a few groups at a time. */
export interface OrganisationStep {
  readonly part: OrganisationPart;
  /** Number of the step, which names its record. */
  readonly seq: number;
  /** First entry of the page (1-based), and how many of the page are done. */
  readonly start: number;
  readonly offset: number;
  /** Names the page before, so that one that is repeated is noticed; empty for the first. */
  readonly before: string;
}

export const FIRST_STEP: OrganisationStep = {
  part: "portal",
  seq: 0,
  start: 1,
  offset: 0,
  before: "",
};

/** What was not kept, in words; `serious`: the restore point must not look whole. */
export interface Told {
  readonly text: string;
  readonly serious: boolean;
}

/** `work/runs/{id}/organisation/{seq}.json`: what one step brought. */
export interface OrganisationRecord {
  readonly part: OrganisationPart;
  /** As the portal sent them, without secrets. */
  readonly entries: readonly unknown[];
  readonly told: readonly Told[];
  /** null: this was the last step. */
  readonly next: OrganisationStep | null;
}

/** What the run keeps of the organisation. */
export interface OrganisationKept {
  readonly files: readonly ManifestFile[];
  readonly users: number;
  readonly roles: number;
  readonly groups: number;
  readonly folders: number;
  /** What the account may not see, or this portal does not have. */
  readonly notes: readonly string[];
  /** What failed: the run is partial then. */
  readonly problems: readonly string[];
}

/** The first step of the part behind; null after the last one. */
export function nextPart({ part, seq }: OrganisationStep): OrganisationStep | null {
  const next = ORGANISATION_PARTS[ORGANISATION_PARTS.indexOf(part) + 1];
  return next === undefined ? null : { ...FIRST_STEP, part: next, seq: seq + 1 };
}

/** Tells two pages apart by their first entry. */
export function markOf(entry: unknown): string {
  return entry === undefined ? "" : JSON.stringify(entry).slice(0, 200);
}

/** Said of a list whose pages come again and again. */
export function repeats({ part, start }: OrganisationStep): Told {
  return { text: `${part}: the portal repeats its pages before entry ${String(start)}`, serious: true };
}

/** Said of a list that names a next page and shows nothing on this one: what is behind it is not known. */
export function breaksOff({ part, start }: OrganisationStep): Told {
  return { text: `${part}: the portal shows an empty page from entry ${String(start)} on`, serious: true };
}

/** Parts that an older portal does not have. */
const OPTIONAL: readonly (OrganisationPart | "group categories")[] = [
  "roles",
  "categories",
  "group categories",
];

/** A failure as it is told: what the account may not see is a note, what failed otherwise is serious. */
export function toldFailure(
  part: OrganisationPart | "group categories",
  what: string,
  { reason, text }: Failure,
): Told {
  const lacks = OPTIONAL.includes(part) && (reason === "portal-error" || reason === "not-found");
  return { text: `${what}: ${text}`, serious: reason !== "no-access" && !lacks };
}

const SECRET_KEY = /(?:key|token|secret|password|passphrase|credentials?)s?$/i;
/** Short name of the organisation in its address: no secret, whatever it is called. */
const NO_SECRET = new Set(["urlkey"]);
const SECRET_PARAMETER = /([?&](?:token|key|apikey|api_key|password|secret|sig|code)=)[^&#\s"']*/gi;
const DEEPEST = 60;

/**
 * A copy without what may be a secret: members whose name ends in key, token, secret, password or credential (urlKey stays),
 * and values of such parameters inside addresses. What lies deeper than 60 levels becomes null.
 */
export function withoutSecrets(value: unknown, depth = 0): unknown {
  if (typeof value === "string") return value.replaceAll(SECRET_PARAMETER, "$1removed");
  if (typeof value !== "object" || value === null) return value;
  if (depth === DEEPEST) return null;
  if (Array.isArray(value)) return value.map((entry) => withoutSecrets(entry, depth + 1));
  const kept = Object.entries(value).filter(
    ([key, inner]) => NO_SECRET.has(key.toLowerCase()) || !isSecret(key, inner),
  );
  return Object.fromEntries(kept.map(([key, inner]) => [key, withoutSecrets(inner, depth + 1)]));
}

/** Flags such as `requiresToken: false` tell no secret. */
function isSecret(key: string, value: unknown): boolean {
  return SECRET_KEY.test(key) && typeof value !== "boolean" && value !== null;
}

/** What sealing tells where the steps were lost and no record says what is kept. */
export const NOTHING_KEPT: OrganisationKept = {
  files: [],
  users: 0,
  roles: 0,
  groups: 0,
  folders: 0,
  notes: [],
  problems: ["Members, groups and roles were not saved: the run lost this step"],
};

/** `7 members, 3 groups, 2 roles, 5 folders` */
export function organisationWords({ users, groups, roles, folders }: OrganisationKept): string {
  return [
    formatOf(users, "member"),
    formatOf(groups, "group"),
    formatOf(roles, "role"),
    formatOf(folders, "folder"),
  ].join(", ");
}
