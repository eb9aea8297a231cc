// GET /api/profiles/{name}: a profile with its defaults filled in, as PUT takes it.
import { type HttpResponseInit, app } from "@azure/functions";
import { findProfile } from "../activities/run/profiles.ts";
import { etagHeader } from "./http/conditions.ts";
import { type Call, operation } from "./http/operation.ts";
import { noSuchProfile } from "./http/profile-replies.ts";
import { detailsOf, errorReply } from "./http/replies.ts";

app.http("getProfile", operation("getProfile", getProfile));

async function getProfile({ request, deps }: Call): Promise<HttpResponseInit> {
  const name = request.params["name"] ?? "";
  const found = await findProfile(deps, name);
  if (found === undefined) return noSuchProfile(name);
  const headers = { ...etagHeader(found.etag), "x-profile-source": found.source };
  if (found.parsed.ok) return { status: 200, headers, jsonBody: found.parsed.profile };
  // Not its text: where a key is wrong, a secret may stand beside it.
  const details = detailsOf("profile", found.parsed.problems);
  return { ...errorReply("bad-profile", `The profile "${name}" has mistakes`, details), headers };
}
