// POST /api/backups: starts a run of a profile; one run per profile at a time.
import { type HttpRequest, type HttpResponseInit, type InvocationContext, app } from "@azure/functions";
import * as df from "durable-functions";
import * as z from "zod";
import { RecordError } from "../activities/run/records.ts";
import { given } from "../core/profile.ts";
import { SELECT_SCHEMA } from "../core/profile-schema.ts";
import type { Deps } from "../deps.ts";
import { appDeps } from "./app-deps.ts";
import { type Orchestrations, orchestrationsOf } from "./orchestrations.ts";
import { errorReply, settingsReply } from "./replies.ts";
import { startRun } from "./starting.ts";

const body = z.strictObject({
  profile: z.string().min(1).max(40),
  startedBy: z.enum(["http", "command-line"]).default("http"),
  dryRun: z.boolean().default(false),
  select: SELECT_SCHEMA.optional(),
});

app.http("startBackup", {
  route: "backups",
  methods: ["POST"],
  authLevel: "function",
  extraInputs: [df.input.durableClient()],
  handler: startBackup,
});

async function startBackup(request: HttpRequest, context: InvocationContext): Promise<HttpResponseInit> {
  const found = appDeps();
  if (!found.ok) return settingsReply(found.problems);
  const asked = await readBody(request);
  if (!asked.ok) return errorReply(400, "bad-request", "The request is not understood", asked.problems);
  try {
    return await start(found.deps, orchestrationsOf(context), asked.value);
  } catch (error) {
    if (!(error instanceof RecordError)) throw error;
    return errorReply(502, "storage-refused", error.message, [
      "Check the storage account of the function app",
    ]);
  }
}

async function readBody(
  request: HttpRequest,
): Promise<{ ok: true; value: z.infer<typeof body> } | { ok: false; problems: readonly string[] }> {
  let json: unknown;
  try {
    json = await request.json();
  } catch {
    return { ok: false, problems: ['The body is not JSON; expected: {"profile": "name"}'] };
  }
  const parsed = body.safeParse(json);
  if (parsed.success) return { ok: true, value: parsed.data };
  return {
    ok: false,
    problems: parsed.error.issues.map((issue) => `${issue.path.join(".") || "body"}: ${issue.message}`),
  };
}

async function start(
  deps: Deps,
  orchestrations: Orchestrations,
  { profile, startedBy, dryRun, select }: z.infer<typeof body>,
): Promise<HttpResponseInit> {
  const started = await startRun(deps, orchestrations, {
    profile,
    startedAt: deps.now(),
    startedBy,
    ...(dryRun && { dryRun }),
    ...(select !== undefined && { select: given(select) }),
  });
  if (started.ok) {
    return { status: 202, jsonBody: { id: started.id, statusUrl: `/api/backups/${started.id}` } };
  }
  if ("open" in started) {
    const { open } = started;
    return errorReply(409, "run-in-progress", `Run ${open} of this profile is not finished`, [open]);
  }
  if ("closing" in started) {
    const message = `Run ${started.closing} of this profile has died and is being closed`;
    return errorReply(409, "run-closing", message, [started.closing, "Start again in a few minutes"]);
  }
  const { reason, text, next } = started.failure;
  return errorReply(422, reason, text, [next]);
}
