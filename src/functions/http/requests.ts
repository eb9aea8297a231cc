// What clients send: the schemas by which requests are read and which the OpenAPI document shows, and the words about mistakes.
import * as z from "zod";
import type { Vocabulary } from "../../core/profile-problems.ts";
import { EXPECTED, SELECT_SCHEMA } from "../../core/profile-schema.ts";

const PROFILE_NAME = /^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/;
const CONTINUATION = /^\d{1,15}_[a-z0-9-]{1,40}-\d{8}T\d{6}Z$/;

/** Who asks; the command line says so, everybody else leaves it out. */
const asker = z.enum(["http", "command-line"]).default("http");

/** What a run may override of its profile stands under the profile's own names. */
export const START_BODY = z.strictObject({
  profile: z.string().regex(PROFILE_NAME).describe("Name of the profile to run"),
  select: SELECT_SCHEMA.optional().describe(
    "What this run takes, instead of the profile's selection: items that are in each of these lists; {} is everything",
  ),
  exclude: SELECT_SCHEMA.optional().describe(
    "What this run leaves out of that, instead of the profile's own: items that are in one of these lists; {} is nothing",
  ),
  changedWithinDays: z
    .int()
    .min(0)
    .max(3650)
    .optional()
    .describe(
      "Takes only what changed in so many days, and six hours, instead of the profile's own; 0 is everything",
    ),
  dryRun: z.boolean().default(false).describe("Only list and plan: nothing is saved"),
  startedBy: asker.describe("Who starts it, for the report"),
});

export const CANCEL_BODY = z.strictObject({
  by: asker.describe("Who asks for it, for the report"),
});

export const LIST_QUERY = z.strictObject({
  profile: z.string().regex(PROFILE_NAME).optional().describe("Only the runs of this profile"),
  top: z.int().min(1).max(100).default(20).describe("Runs in one answer"),
  continuation: z
    .string()
    .regex(CONTINUATION)
    .optional()
    .describe("Where the answer before ended, as it said itself"),
});

const selected = Object.fromEntries(
  Object.entries(EXPECTED).filter(([path]) => /^(?:select|exclude)\b/.test(path)),
);
const NAME = EXPECTED["name"] ?? "";
const ASKER = '"http" or "command-line"';

export const START_WORDS: Vocabulary = {
  whole: "The body",
  expected: {
    "": 'a JSON object such as {"profile": "acme"}',
    profile: `a profile's name: ${NAME}`,
    ...selected,
    changedWithinDays: "a whole number from 0 to 3650",
    dryRun: "true or false",
    startedBy: ASKER,
  },
  shown: new Set(["profile", "startedBy"]),
};

export const CANCEL_WORDS: Vocabulary = {
  whole: "The body",
  expected: { "": "nothing, or a JSON object", by: ASKER },
  shown: new Set(["by"]),
};

export const LIST_WORDS: Vocabulary = {
  whole: "The query",
  expected: {
    "": "profile, top, continuation",
    profile: `a profile's name: ${NAME}`,
    top: "a whole number from 1 to 100",
    continuation: "the continuation of the answer before, unchanged",
  },
  shown: new Set(["profile"]),
};
