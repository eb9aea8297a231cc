// What the functions answer: the schemas that the OpenAPI document shows. They follow the types that the answers are made
// of, and the tests hold every answer against them.
import * as z from "zod";
import { CHECKS } from "../../core/profile-check.ts";
import { FAILURE_REASONS, type FailureReason } from "../../core/result.ts";
import { MAIL_ON, PHASES, type RunStatus } from "../../core/run.ts";
import type { ListedRun } from "../../activities/run/run-list.ts";
import { ERROR_CODES, type ErrorCode } from "./error-codes.ts";

const count = () => z.int().min(0);
const time = (what: string) => z.int().describe(`${what}, milliseconds since 1970 UTC`);
const runId = z.string().describe("{profile}-{yyyyMMddTHHmmssZ}");
const verdict = z.enum(MAIL_ON);
const startedBy = z.enum(["http", "timer", "command-line"]);

const counts = z
  .strictObject({
    listed: count(),
    saved: count(),
    unchanged: count(),
    skipped: count(),
    failed: count(),
  })
  .describe("When the run is sealed, listed = saved + unchanged + skipped + failed");

const failure = z.strictObject({
  reason: z.enum(Object.keys(FAILURE_REASONS) as FailureReason[]),
  text: z.string().describe("What happened"),
  next: z.string().describe("What to do"),
  traceId: z.exactOptional(z.string()).describe("The portal's own id of the request"),
});

const item = {
  itemId: z.string(),
  title: z.string().describe("As the portal has it: show it with care"),
  sinceMs: time("Since when"),
};

export const RUN_STATUS = z.strictObject({
  id: runId,
  profile: z.string(),
  phase: z.enum(PHASES).describe("Never goes back"),
  verdict: verdict.nullable().describe("null until the run is sealed"),
  startedAt: time("When it began"),
  finishedAt: time("When it was sealed").nullable(),
  counts: counts.describe(
    "Outcomes that no later round of the run changes: none of them sinks. listed is 0 until the plan is made",
  ),
  unsettled: count().describe(
    "Items that had their turn and may get another one: repeated failures, and views until their layers are saved",
  ),
  sizeBytes: count().describe("Of what is counted"),
  startedBy,
  dryRun: z.boolean(),
  cancelRequested: z.boolean(),
  itemsAtWork: z.array(z.strictObject(item)),
  exportsAtWork: z.array(
    z.strictObject({
      ...item,
      parked: z.boolean().describe("Overdue: it goes on at the portal while its lane does other work"),
    }),
  ),
  portalRequests: z.int().min(0).describe("Requests that ArcGIS was asked so far"),
  itemsPerMinute: z.number().min(0).nullable().describe("null while too little is known"),
  expectedEnd: time("An estimate; null while too little is known").nullable(),
  folder: z.string().describe("Of the run, in the container; empty until it is known"),
  container: z
    .string()
    .describe("Where the run folder lies: a container, or the path of a folder of the machine"),
  failure: failure.nullable().describe("Why the run as a whole failed"),
  mailTrouble: failure.nullable().describe("Why its mail could not be sent"),
}) satisfies z.ZodType<RunStatus>;

const LISTED_RUN = z.strictObject({
  id: runId,
  profile: z.string(),
  verdict: verdict.nullable().describe("null: the run is open; its own address tells more"),
  startedBy,
  dryRun: z.boolean(),
  startedAt: time("When it began"),
  finishedAt: time("When it was sealed").nullable(),
  counts: counts.nullable(),
  sizeBytes: count().nullable(),
  container: z.string().nullable(),
  folder: z.string().nullable(),
}) satisfies z.ZodType<ListedRun>;

export const RUN_LIST = z.strictObject({
  runs: z.array(LISTED_RUN).describe("The newest first; of each profile the last 100 that ended"),
  continuation: z.string().nullable().describe("For the next answer; null at the end"),
});

export const RUN_REFERENCE = z.strictObject({
  id: runId,
  statusUrl: z.string().describe("Address of the run below the app's own"),
});

const detail = z.strictObject({
  text: z.string().describe("The whole sentence"),
  in: z.enum(["body", "query", "header", "profile"]).optional().describe("Where a mistake is"),
  path: z.string().optional().describe("Of the wrong field; empty is the whole"),
  found: z.string().optional(),
  expected: z.string().optional(),
  runId: z.string().optional().describe("The run that stands in the way"),
});

export const ERROR = z.strictObject({
  error: z.strictObject({
    code: z.enum(Object.keys(ERROR_CODES) as ErrorCode[]),
    message: z.string(),
    details: z.array(detail),
  }),
});

export const PROFILE_LIST = z.strictObject({
  profiles: z.array(
    z.strictObject({
      name: z.string(),
      source: z.enum(["stored", "settings"]).describe("settings: the default profile of the app settings"),
      overridesSettings: z
        .boolean()
        .describe("Stored under the name of the default profile, which it replaces"),
      portalUrl: z.string().nullable().describe("null where the profile has mistakes"),
      schedule: z.strictObject({ cron: z.string(), zone: z.string() }).nullable(),
      nextRun: time("By its schedule").nullable(),
      openRun: runId.nullable(),
      lastRun: runId.nullable(),
      problems: z.array(detail).describe("Mistakes; with any, the profile does not run"),
    }),
  ),
});

export const PROFILE_CHECK = z.strictObject({
  ok: z.boolean().describe("No part failed"),
  checks: z.array(
    z.strictObject({
      check: z.enum(CHECKS),
      state: z.enum(["ok", "warning", "failed"]).describe("warning: a run works, with less"),
      text: z.string(),
      next: z.exactOptional(z.string()).describe("What to do"),
    }),
  ),
});
