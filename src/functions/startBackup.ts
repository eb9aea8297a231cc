// POST /api/backups: starts a run of a profile; one run per profile at a time.
import { type HttpResponseInit, app } from "@azure/functions";
import * as df from "durable-functions";
import { type FoundProfile, findProfile } from "../activities/run/profiles.ts";
import { findRun } from "../activities/run/status.ts";
import { problemsOf, valueAt } from "../core/profile-problems.ts";
import { given } from "../core/profile.ts";
import { runId } from "../core/run-id.ts";
import type { Deps } from "../deps.ts";
import { readJson } from "./http/body.ts";
import { type Call, operation } from "./http/operation.ts";
import { detailsOf, errorReply } from "./http/replies.ts";
import { START_BODY, START_WORDS } from "./http/requests.ts";
import { statusUrl } from "./http/run-text.ts";
import { orchestrationsOf } from "./orchestrations.ts";
import { type Ask, startRun } from "./starting.ts";

app.http("startBackup", {
  ...operation("startBackup", startBackup),
  extraInputs: [df.input.durableClient()],
});

async function startBackup({ request, deps, context }: Call): Promise<HttpResponseInit> {
  const { json, details: unread } = await readJson(request);
  const parsed = json === undefined ? undefined : START_BODY.safeParse(json);
  const issues = parsed?.error?.issues ?? [];
  const wrong = [...unread, ...detailsOf("body", problemsOf(json, issues, START_WORDS))];
  // Also with a wrong request: its mistakes and those of its profile are told together.
  const named = valueAt(json, ["profile"]);
  const profile = typeof named === "string" ? await findProfile(deps, named) : undefined;
  const mistakes = mistakesOf(profile);
  if (parsed?.success !== true || wrong.length > 0) {
    return errorReply("bad-request", "The request has mistakes", [...wrong, ...mistakes]);
  }
  const { data } = parsed;
  if (profile === undefined) {
    return errorReply("not-found", `No profile has the name "${data.profile}"`, [
      "GET /api/profiles lists them, PUT /api/profiles/{name} makes one",
    ]);
  }
  if (mistakes.length > 0) {
    return errorReply("bad-profile", `The profile "${data.profile}" has mistakes`, mistakes);
  }
  const { select, exclude, changedWithinDays, dryRun, startedBy } = data;
  const ask: Ask = {
    ...{ profile: data.profile, startedBy, startedAt: await freeMoment(deps, data.profile) },
    ...(dryRun && { dryRun }),
    ...(select !== undefined && { select: given(select) }),
    ...(exclude !== undefined && { exclude: given(exclude) }),
    ...(changedWithinDays !== undefined && { changedWithinDays }),
  };
  return replyOf(await startRun(deps, orchestrationsOf(context), ask));
}

function mistakesOf(profile: FoundProfile | undefined) {
  return profile === undefined || profile.parsed.ok ? [] : detailsOf("profile", profile.parsed.problems);
}

/** Now, or the first second after it that no run of the profile has taken: a run may end in less than a second. */
async function freeMoment(deps: Deps, profile: string): Promise<number> {
  let at = deps.now();
  for (let n = 0; n < 10 && (await findRun(deps, runId(profile, at)))?.opened === true; n += 1) at += 1000;
  return at;
}

function replyOf(started: Awaited<ReturnType<typeof startRun>>): HttpResponseInit {
  if (started.ok) {
    const url = statusUrl(started.id);
    return { status: 202, headers: { location: url }, jsonBody: { id: started.id, statusUrl: url } };
  }
  if ("open" in started) {
    const { open } = started;
    const text = `GET ${statusUrl(open)} tells how it stands`;
    return errorReply("run-in-progress", `Run ${open} of this profile is not finished`, [
      { text, runId: open },
    ]);
  }
  if ("closing" in started) {
    const text = "Start again in a few minutes";
    return errorReply("run-closing", `Run ${started.closing} of this profile has died and is being closed`, [
      { text, runId: started.closing },
    ]);
  }
  // It was there and right a moment ago.
  return errorReply("bad-profile", started.failure.text, [started.failure.next]);
}
