// Profiles: one named backup configuration each. Reading one names every problem at once and echoes no secret, wherever it
// was pasted.
import * as z from "zod";
import { jsonFault } from "./json-fault.ts";
import type { Layout } from "./names.ts";
import type { PlanOptions, Search } from "./options.ts";
import { type ProfileProblem, problem, problemsOf, valueAt } from "./profile-problems.ts";
import { PROFILE_SCHEMA, type SELECT_SCHEMA } from "./profile-schema.ts";
import type { Verdict } from "./run.ts";
import type { Schedule } from "./schedule.ts";
import type { Selection } from "./select.ts";

export type { ProfileProblem } from "./profile-problems.ts";

/** A checked profile with its defaults filled in. It names secrets and contains none. */
export interface Profile extends PlanOptions {
  readonly name: string;
  readonly organisation?: string;
  readonly portal: {
    readonly url: string;
    readonly auth: {
      readonly kind: "password";
      readonly username: string;
      /** Name of the secret that holds the password. */
      readonly secret: string;
    };
  };
  readonly exports: {
    readonly timeoutMinutes: number;
    readonly hardLimitHours: number;
    /** Exports at a time. */
    readonly lanes: number;
  };
  /** Direct lanes: items without an export at a time. */
  readonly lanes: number;
  readonly layout: Layout;
  readonly folderPrefix: string;
  /** Absent = runs only when it is started. */
  readonly schedule?: Schedule;
  /** Absent = everything. */
  readonly select?: Selection;
  /** Absent = nothing is left out. */
  readonly exclude?: Selection;
  readonly search: Search;
  /** The run writes which items use which. */
  readonly dependencies: boolean;
  /** Absent = no mail. */
  readonly mail?: {
    readonly to: readonly string[];
    readonly on: readonly Verdict[];
  };
  readonly destination: Destination;
}

export interface Destination {
  /** Name of the container; for a folder `backups`, which is only its name in messages. */
  readonly container: string;
  /** Name of the secret that holds a connection string; absent = the app's own storage. */
  readonly connectionSecret?: string;
  /** Absolute path of a folder that takes the backups instead of a container. */
  readonly folder?: string;
}

export type ParsedProfile =
  | { readonly ok: true; readonly profile: Profile }
  | { readonly ok: false; readonly problems: readonly ProfileProblem[] };

/** Checks a parsed JSON value; `json` stays as it is. `takesFolders` false: the program has no disk to keep backups on. */
export function parseProfile(json: unknown, takesFolders = true): ParsedProfile {
  const parsed = PROFILE_SCHEMA.safeParse(json);
  const problems = [
    ...(parsed.success ? [] : problemsOf(json, parsed.error.issues)),
    ...limitProblems(json),
    ...placeProblems(json, takesFolders),
  ];
  if (!parsed.success || problems.length > 0) return { ok: false, problems };
  const {
    $schema: _,
    organisation,
    folderPrefix,
    destination,
    schedule,
    select,
    exclude,
    changedWithinDays,
    mail,
    ...rest
  } = parsed.data;
  const { container = "backups", connectionSecret, folder } = destination;
  return {
    ok: true,
    profile: {
      ...rest,
      ...(organisation === undefined ? {} : { organisation }),
      ...(schedule === undefined ? {} : { schedule }),
      ...(select === undefined ? {} : { select: given(select) }),
      ...(exclude === undefined ? {} : { exclude: given(exclude) }),
      ...(changedWithinDays === undefined ? {} : { changedWithinDays }),
      ...(mail === undefined ? {} : { mail }),
      folderPrefix: folderPrefix ?? rest.name,
      destination: {
        container,
        ...(connectionSecret === undefined ? {} : { connectionSecret }),
        ...(folder === undefined ? {} : { folder }),
      },
    },
  };
}

/** A selection without the lists that were left out. */
export function given(select: z.infer<typeof SELECT_SCHEMA>): Selection {
  return Object.fromEntries(Object.entries(select).filter(([, list]) => list !== undefined));
}

/** Checks a profile's JSON text; what is no JSON is told with its line and column. */
export function parseProfileText(text: string, takesFolders = true): ParsedProfile {
  // Editors on Windows put a byte order mark in front.
  const json = text.replace(/^\uFEFF/, "");
  const fault = jsonFault(json);
  if (fault === undefined) return parseProfile(JSON.parse(json), takesFolders);
  const place = `line ${fault.line}, column ${fault.column}`;
  const told = `The profile is not JSON at ${place}: ${fault.what}`;
  return { ok: false, problems: [{ path: "", found: fault.what, expected: "JSON", text: told }] };
}

/** The published JSON Schema (draft 2020-12) of a profile as people write it. */
export function profileJsonSchema(): Readonly<Record<string, unknown>> {
  return z.toJSONSchema(PROFILE_SCHEMA, { io: "input" });
}

/** The limits are checked by hand: zod looks at two fields together only when everything else is right. */
function limitProblems(json: unknown): readonly ProfileProblem[] {
  const { exports } = PROFILE_SCHEMA.shape;
  const given = valueAt(json, ["exports"]);
  const { timeoutMinutes, hardLimitHours } = exports.unwrap().shape;
  const timeout = timeoutMinutes.safeParse(valueAt(given, ["timeoutMinutes"]));
  const limit = hardLimitHours.safeParse(valueAt(given, ["hardLimitHours"]));
  if (!timeout.success || !limit.success || limit.data * 60 >= timeout.data) return [];
  return [
    problem(
      "exports.hardLimitHours",
      String(limit.data),
      `at least the ${timeout.data} minutes of timeoutMinutes`,
    ),
  ];
}

/** A folder has neither a container nor a connection, and needs a machine. */
function placeProblems(json: unknown, takesFolders: boolean): readonly ProfileProblem[] {
  const given = valueAt(json, ["destination"]);
  if (valueAt(given, ["folder"]) === undefined) return [];
  const beside = ["container", "connectionSecret"]
    .filter((field) => valueAt(given, [field]) !== undefined)
    .map((field) =>
      problem(`destination.${field}`, "it beside destination.folder", "one of them: a folder or a container"),
    );
  return takesFolders ? beside : [...beside, problem("destination.folder", "a folder", CONTAINER_HERE)];
}

const CONTAINER_HERE =
  "destination.container: this app keeps no files on a disk, as on Azure; a folder is for npm run backup and npm start on one machine";
