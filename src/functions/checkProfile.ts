// POST /api/profiles/{name}/check: the connection check, for whoever has just deployed.
import { type HttpResponseInit, app } from "@azure/functions";
import { checkProfile as check } from "../activities/run/check-profile.ts";
import { findProfile } from "../activities/run/profiles.ts";
import { type Call, operation } from "./http/operation.ts";
import { noSuchProfile } from "./http/profile-replies.ts";
import { detailsOf, errorReply } from "./http/replies.ts";

app.http("checkProfile", operation("checkProfile", checkProfile));

async function checkProfile({ request, deps }: Call): Promise<HttpResponseInit> {
  const name = request.params["name"] ?? "";
  const found = await findProfile(deps, name);
  if (found === undefined) return noSuchProfile(name);
  if (!found.parsed.ok) {
    const details = detailsOf("profile", found.parsed.problems);
    return errorReply("bad-profile", `The profile "${name}" has mistakes`, details);
  }
  const checks = await check(deps, found.parsed.profile);
  return { status: 200, jsonBody: { ok: checks.every(({ state }) => state !== "failed"), checks } };
}
