// PUT /api/profiles/{name}: creates or replaces a profile, once it has no mistakes.
import { type HttpResponseInit, app } from "@azure/functions";
import { isProfileName, storeProfile } from "../activities/run/profiles.ts";
import { problem, valueAt } from "../core/profile-problems.ts";
import { EXPECTED } from "../core/profile-schema.ts";
import { parseProfile } from "../core/profile.ts";
import { readJson } from "./http/body.ts";
import { conditionsOf, etagHeader } from "./http/conditions.ts";
import { type Call, operation } from "./http/operation.ts";
import { changedMeanwhile } from "./http/profile-replies.ts";
import { type Detail, detailsOf, errorReply } from "./http/replies.ts";

app.http("putProfile", operation("putProfile", putProfile));

async function putProfile({ request, deps }: Call): Promise<HttpResponseInit> {
  const name = request.params["name"] ?? "";
  const { json, details: unread } = await readJson(request);
  const parsed = json === undefined ? undefined : parseProfile(json, deps.takesFolders);
  const conditions = conditionsOf(request);
  const wrong = [...unread, ...(conditions.ok ? [] : detailsOf("header", conditions.problems))];
  const mistakes = [
    ...(parsed === undefined || parsed.ok ? [] : detailsOf("profile", parsed.problems)),
    ...nameMistakes(name, valueAt(json, ["name"])),
  ];
  if (parsed === undefined || !conditions.ok || wrong.length > 0) {
    return errorReply("bad-request", "The request has mistakes", [...wrong, ...mistakes]);
  }
  if (!parsed.ok || mistakes.length > 0) {
    return errorReply("bad-profile", "The profile has mistakes; nothing was changed", mistakes);
  }
  // What people wrote, without the defaults; a key that a text holds twice is in it once.
  const stored = await storeProfile(deps, name, json, conditions.expected);
  if (stored === "changed") return changedMeanwhile(name);
  const created = stored.done === "created";
  return {
    status: created ? 201 : 200,
    headers: { ...etagHeader(stored.etag), ...(created && { location: `/api/profiles/${name}` }) },
    jsonBody: parsed.profile,
  };
}

/** A wrong name in the body is told by the schema. */
function nameMistakes(name: string, written: unknown): readonly Detail[] {
  if (!isProfileName(name)) {
    const expected = EXPECTED["name"] ?? "";
    return detailsOf("profile", [problem("name", "another name in the address", expected)]);
  }
  if (written === name || typeof written !== "string" || !isProfileName(written)) return [];
  return detailsOf("profile", [problem("name", "another name", `"${name}", as in the address`)]);
}
