// DELETE /api/profiles/{name}: deletes a stored profile. What the app remembers of its runs stays.
import { type HttpResponseInit, app } from "@azure/functions";
import { findProfile, removeProfile } from "../activities/run/profiles.ts";
import { readRecord } from "../activities/run/records.ts";
import type { ProfileState } from "../activities/run/state.ts";
import { statePath } from "../core/work-paths.ts";
import { conditionsOf } from "./http/conditions.ts";
import { type Call, operation } from "./http/operation.ts";
import { changedMeanwhile, noSuchProfile } from "./http/profile-replies.ts";
import { detailsOf, errorReply } from "./http/replies.ts";
import { statusUrl } from "./http/run-text.ts";

app.http("deleteProfile", operation("deleteProfile", deleteProfile));

async function deleteProfile({ request, deps }: Call): Promise<HttpResponseInit> {
  const name = request.params["name"] ?? "";
  const found = await findProfile(deps, name);
  if (found === undefined) return noSuchProfile(name);
  if (found.source === "settings") {
    return errorReply("profile-in-settings", `The profile "${name}" is the default one of the app settings`, [
      "Remove the setting DEFAULT_PROFILE, or override it by PUT",
    ]);
  }
  const conditions = conditionsOf(request);
  if (!conditions.ok) {
    const details = detailsOf("header", conditions.problems);
    return errorReply("bad-request", "The request has mistakes", details);
  }
  const open = (await readRecord<ProfileState>(deps.work, statePath(name)))?.openRun;
  if (open !== undefined && open !== null) {
    const text = `Wait for its end, or cancel it: POST ${statusUrl(open.runId)}/cancel`;
    return errorReply("run-in-progress", `Run ${open.runId} of this profile is not finished`, [
      { text, runId: open.runId },
    ]);
  }
  const removed = await removeProfile(deps, name, conditions.expected);
  return removed === "changed" ? changedMeanwhile(name) : { status: 204 };
}
