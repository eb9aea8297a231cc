// POST /api/backups: starts a run of a profile; one run per profile at a time.
import { type HttpRequest, type HttpResponseInit, type InvocationContext, app } from "@azure/functions";
import * as df from "durable-functions";
import * as z from "zod";
import type { OpenRunInput } from "../activities/openRun.ts";
import { RecordError, changeRecord, must } from "../activities/run/records.ts";
import type { ProfileState } from "../activities/run/state.ts";
import { runId } from "../core/run-id.ts";
import { profilePath, statePath } from "../core/work-paths.ts";
import type { Deps } from "../deps.ts";
import { appDeps } from "./app-deps.ts";
import { errorReply, settingsReply } from "./replies.ts";

const body = z.strictObject({
  profile: z.string().min(1).max(40),
  startedBy: z.enum(["http", "command-line"]).default("http"),
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
    return await start(found.deps, df.getClient(context), asked.value);
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
  client: df.DurableClient,
  asked: z.infer<typeof body>,
): Promise<HttpResponseInit> {
  must(await deps.work.ready());
  const stored = must(await deps.work.get(profilePath(asked.profile)));
  const profile = deps.profile(asked.profile, stored?.bytes);
  if (!profile.ok)
    return errorReply(422, profile.failure.reason, profile.failure.text, [profile.failure.next]);

  const startedAt = deps.now();
  const input: OpenRunInput = {
    runId: runId(asked.profile, startedAt),
    profile: asked.profile,
    startedAt,
    startedBy: asked.startedBy,
  };
  const open = await claimProfile(deps, client, input);
  if (open !== undefined) {
    return errorReply(409, "run-in-progress", `Run ${open} of this profile is not finished`, [open]);
  }
  await startNew(client, input);
  return { status: 202, jsonBody: { id: input.runId, statusUrl: `/api/backups/${input.runId}` } };
}

/** Makes `input` the profile's open run, or answers with the id of the one that is open already. */
async function claimProfile(
  deps: Deps,
  client: df.DurableClient,
  input: OpenRunInput,
): Promise<string | undefined> {
  const path = statePath(input.profile);
  for (let attempt = 0; attempt < 10; attempt += 1) {
    let open: OpenRunInput | undefined;
    const changed = await changeRecord<ProfileState>(deps.work, path, (state) => {
      open = state?.openRun ?? undefined;
      return open === undefined ? { openRun: input, lastRun: state?.lastRun ?? null } : undefined;
    });
    if (changed !== undefined) return undefined;
    if (open === undefined) continue;
    const status = await statusOf(client, open.runId);
    // Claimed and not started: its starter died in between, or is about to. Starting it twice starts it once.
    if (status === undefined) await startNew(client, open);
    if (status === undefined || RUNNING.has(status)) return open.runId;
    // Its instance ended without sealing: the profile is free again.
    const { runId: dead } = open;
    await changeRecord<ProfileState>(deps.work, path, (state) =>
      state?.openRun?.runId === dead ? { openRun: null, lastRun: dead } : undefined,
    );
  }
  throw new RecordError(`Cannot claim the profile "${input.profile}": other starters came between 10 times`);
}

const RUNNING: ReadonlySet<string> = new Set(["Running", "Pending", "ContinuedAsNew", "Suspended"]);

/** Starts the run; an instance of this id that runs already is the same run, started by someone else. */
async function startNew(client: df.DurableClient, input: OpenRunInput): Promise<void> {
  try {
    await client.startNew("backup", { instanceId: input.runId, input });
  } catch (error) {
    if (!(error instanceof Error && error.message.includes("already exists"))) throw error;
  }
}

/** The instance's runtime status; undefined where there is none. */
async function statusOf(client: df.DurableClient, instanceId: string): Promise<string | undefined> {
  try {
    return (await client.getStatus(instanceId)).runtimeStatus;
  } catch (error) {
    if (error instanceof Error && error.message.includes("404")) return undefined;
    throw error;
  }
}
