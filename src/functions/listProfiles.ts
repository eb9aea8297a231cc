// GET /api/profiles: every profile, those with mistakes too.
import { app } from "@azure/functions";
import { type FoundProfile, allProfiles } from "../activities/run/profiles.ts";
import { readRecord } from "../activities/run/records.ts";
import type { ProfileState } from "../activities/run/state.ts";
import { nextOccurrence } from "../core/schedule.ts";
import { statePath } from "../core/work-paths.ts";
import type { Deps } from "../deps.ts";
import { operation } from "./http/operation.ts";
import { detailsOf } from "./http/replies.ts";

app.http(
  "listProfiles",
  operation("listProfiles", async ({ deps }) => {
    const profiles = [];
    for await (const found of allProfiles(deps)) profiles.push(await told(deps, found));
    return { status: 200, jsonBody: { profiles } };
  }),
);

async function told(deps: Deps, { name, source, overridesSettings, parsed }: FoundProfile) {
  const state = await readRecord<ProfileState>(deps.work, statePath(name));
  const profile = parsed.ok ? parsed.profile : undefined;
  const schedule = profile?.schedule;
  return {
    name,
    source,
    overridesSettings,
    portalUrl: profile?.portal.url ?? null,
    schedule: schedule ?? null,
    nextRun: (schedule && nextOccurrence(schedule, deps.now())) ?? null,
    openRun: state?.openRun?.runId ?? null,
    lastRun: state?.lastRun ?? null,
    problems: parsed.ok ? [] : detailsOf("profile", parsed.problems),
  };
}
