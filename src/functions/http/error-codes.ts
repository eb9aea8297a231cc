// Every error that the HTTP functions answer with: a closed list, of which clients may rely on the codes.

export interface ErrorMeaning {
  readonly status: number;
  readonly means: string;
}

export const ERROR_CODES = {
  "bad-request": {
    status: 400,
    means: "The request has mistakes; details hold every one of them, and those of the profile",
  },
  "not-found": { status: 404, means: "There is no such run, profile or text; the message says which" },
  "not-yet": { status: 404, means: "The run does not have this yet; the message says when it will" },
  "run-in-progress": { status: 409, means: "The profile has an open run; details hold its id as runId" },
  "run-closing": {
    status: 409,
    means: "The profile's last run died and is being closed; details hold its id as runId",
  },
  "run-ended": { status: 409, means: "The run has ended already" },
  "profile-in-settings": {
    status: 409,
    means: "The profile is the default one of the app settings and is deleted there",
  },
  "profile-changed": { status: 412, means: "Somebody else changed the profile meanwhile: read it again" },
  "too-large": { status: 413, means: "The text is too large for one answer: ask for ranges of it" },
  "range-not-satisfiable": { status: 416, means: "The text ends before the range that was asked for" },
  "bad-profile": { status: 422, means: "The profile has mistakes; details hold every one of them" },
  "app-settings": { status: 500, means: "The app settings are wrong; details hold every mistake" },
  "program-error": { status: 500, means: "The app itself failed; its log tells more" },
  "storage-refused": { status: 502, means: "A storage account refused or did not answer" },
} as const satisfies Record<string, ErrorMeaning>;

export type ErrorCode = keyof typeof ERROR_CODES;

/** What any function may answer. */
export const COMMON_ERRORS = [
  "app-settings",
  "program-error",
  "storage-refused",
] as const satisfies readonly ErrorCode[];
