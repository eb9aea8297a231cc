// Every HTTP function of the app: its address, what it takes and what it answers. The functions are registered by this table
// and the OpenAPI document is made of it.
import type * as z from "zod";
import { PROFILE_SCHEMA } from "../../core/profile-schema.ts";
import { PROFILE_CHECK, PROFILE_LIST, RUN_LIST, RUN_REFERENCE, RUN_STATUS } from "./answers.ts";
import type { ErrorCode } from "./error-codes.ts";
import { CANCEL_BODY, LIST_QUERY, START_BODY } from "./requests.ts";

export interface Answer {
  readonly means: string;
  /** Of the JSON in the body; `text`: a plain text; undefined: no body. */
  readonly body?: z.ZodType | "text" | "any";
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Operation {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** Below /api; `{id}` and `{name}` are explained in PARAMETERS. */
  readonly route: string;
  readonly summary: string;
  readonly query?: z.ZodObject;
  /** Headers that it reads. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: { readonly schema: z.ZodType; readonly required: boolean };
  readonly answers: Readonly<Record<number, Answer>>;
  /** Beside the common ones. */
  readonly errors: readonly ErrorCode[];
}

export const PARAMETERS: Readonly<Record<string, string>> = {
  id: "Id of a run: {profile}-{yyyyMMddTHHmmssZ}",
  name: "Name of a profile",
};

const ETAG = { etag: "Of the stored profile; missing on the default one of the app settings" };
const IF_MATCH = "ETag of the profile as it was read; * for any stored one. Otherwise 412";

function text(means: string): Operation["answers"] {
  return { 200: { means, body: "text" } };
}

export const OPERATIONS = {
  startBackup: {
    method: "POST",
    route: "backups",
    summary: "Starts a run of a profile",
    body: { schema: START_BODY, required: true },
    answers: {
      202: { means: "The run has started", body: RUN_REFERENCE, headers: { location: "Its status" } },
    },
    errors: ["bad-request", "not-found", "run-in-progress", "run-closing", "bad-profile"],
  },
  listBackups: {
    method: "GET",
    route: "backups",
    summary: "Lists the runs, the newest first",
    query: LIST_QUERY,
    answers: { 200: { means: "A page of runs", body: RUN_LIST } },
    errors: ["bad-request"],
  },
  getBackup: {
    method: "GET",
    route: "backups/{id}",
    summary: "Tells how a run stands",
    answers: { 200: { means: "The run as it is now", body: RUN_STATUS } },
    errors: ["not-found"],
  },
  getBackupResults: {
    method: "GET",
    route: "backups/{id}/results",
    summary: "Results.txt of a sealed run",
    answers: text("The whole report"),
    errors: ["not-found", "not-yet"],
  },
  getBackupSummary: {
    method: "GET",
    route: "backups/{id}/summary",
    summary: "The results of a sealed run on one screen",
    answers: text("The summary"),
    errors: ["not-found", "not-yet"],
  },
  getBackupLog: {
    method: "GET",
    route: "backups/{id}/log",
    summary: "Full_log.log of a sealed run; what is recorded so far of an open one",
    headers: { range: "One range of bytes, such as bytes=0-1048575; sealed runs only" },
    answers: {
      ...text("One line per event, by time"),
      206: {
        means: "A range of it",
        body: "text",
        headers: { "content-range": "Which bytes, and how many there are" },
      },
    },
    errors: ["not-found", "too-large", "range-not-satisfiable"],
  },
  getBackupPlan: {
    method: "GET",
    route: "backups/{id}/plan",
    summary: "The plan that a dry run made",
    answers: text("What would be done with each item, and why"),
    errors: ["not-found", "not-yet"],
  },
  cancelBackup: {
    method: "POST",
    route: "backups/{id}/cancel",
    summary:
      "Asks an open run to end as canceled: it is swept, reported and sealed; asking again changes nothing",
    body: { schema: CANCEL_BODY, required: false },
    answers: {
      202: { means: "It was asked to", body: RUN_REFERENCE, headers: { location: "Its status" } },
    },
    errors: ["bad-request", "not-found", "run-ended"],
  },
  listProfiles: {
    method: "GET",
    route: "profiles",
    summary: "Lists the profiles by name",
    answers: { 200: { means: "All of them, those with mistakes too", body: PROFILE_LIST } },
    errors: [],
  },
  getProfile: {
    method: "GET",
    route: "profiles/{name}",
    summary: "A profile with its defaults filled in; it names secrets and holds none",
    answers: {
      200: {
        means: "The profile, as PUT takes it",
        body: PROFILE_SCHEMA,
        headers: { ...ETAG, "x-profile-source": "stored, or settings: the default one of the app settings" },
      },
    },
    errors: ["not-found", "bad-profile"],
  },
  putProfile: {
    method: "PUT",
    route: "profiles/{name}",
    summary: "Creates or replaces a profile; an open run goes on with the profile that it began with",
    headers: { "if-match": IF_MATCH, "if-none-match": "* = only create. Otherwise 412" },
    body: { schema: PROFILE_SCHEMA, required: true },
    answers: {
      200: { means: "Replaced", body: PROFILE_SCHEMA, headers: ETAG },
      201: { means: "Created", body: PROFILE_SCHEMA, headers: { ...ETAG, location: "Of the profile" } },
    },
    errors: ["bad-request", "profile-changed", "bad-profile"],
  },
  deleteProfile: {
    method: "DELETE",
    route: "profiles/{name}",
    summary: "Deletes a stored profile; its backups, and what the app remembers of its runs, stay",
    headers: { "if-match": IF_MATCH },
    answers: { 204: { means: "Deleted" } },
    errors: ["bad-request", "not-found", "run-in-progress", "profile-in-settings", "profile-changed"],
  },
  checkProfile: {
    method: "POST",
    route: "profiles/{name}/check",
    summary: "Tries what a run needs: sign-in, privileges, destination, mail, schedule; nothing is backed up",
    answers: { 200: { means: "What was found; ok is false when a part failed", body: PROFILE_CHECK } },
    errors: ["not-found", "bad-profile"],
  },
  getOpenApi: {
    method: "GET",
    route: "openapi.json",
    summary: "This document",
    answers: { 200: { means: "OpenAPI 3.1", body: "any" } },
    errors: [],
  },
} as const satisfies Record<string, Operation>;

export type OperationName = keyof typeof OPERATIONS;
