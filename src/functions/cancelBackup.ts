// POST /api/backups/{id}/cancel: asks an open run to end as canceled.
import { type HttpResponseInit, app } from "@azure/functions";
import { requestCancel } from "../activities/run/cancel.ts";
import { readRecord } from "../activities/run/records.ts";
import type { Sealing } from "../activities/sealRun.ts";
import { findRun } from "../activities/run/status.ts";
import { problemsOf } from "../core/profile-problems.ts";
import type { RunSummary } from "../core/run.ts";
import { runPaths } from "../core/work-paths.ts";
import { readJson } from "./http/body.ts";
import { type Call, operation } from "./http/operation.ts";
import { detailsOf, errorReply } from "./http/replies.ts";
import { CANCEL_BODY, CANCEL_WORDS } from "./http/requests.ts";
import { noSuchRun, statusUrl } from "./http/run-text.ts";

app.http("cancelBackup", operation("cancelBackup", cancelBackup));

async function cancelBackup({ request, deps }: Call): Promise<HttpResponseInit> {
  const id = request.params["id"] ?? "";
  if ((await findRun(deps, id)) === undefined) return noSuchRun(id);
  const { json, details } = await readJson(request, { optional: true });
  const parsed = CANCEL_BODY.safeParse(json);
  const problems = problemsOf(json, json === undefined ? [] : (parsed.error?.issues ?? []), CANCEL_WORDS);
  if (!parsed.success || details.length > 0) {
    return errorReply("bad-request", "The request has mistakes", [
      ...details,
      ...detailsOf("body", problems),
    ]);
  }
  const sealed = await readRecord<RunSummary>(deps.work, runPaths(id).sealed);
  if (sealed !== undefined) {
    return errorReply("run-ended", `Run ${id} has ended already: ${sealed.verdict}`, [
      `GET ${statusUrl(id)}/results is its report`,
    ]);
  }
  await requestCancel(deps.work, id, { at: deps.now(), by: parsed.data.by });
  const sealing = await readRecord<Sealing>(deps.work, runPaths(id).sealing);
  if (sealing !== undefined && !sealing.canceled) {
    return errorReply("run-ended", `Run ${id} is being sealed: it is too late to cancel it`, [
      `GET ${statusUrl(id)} tells its verdict in a moment`,
    ]);
  }
  const url = statusUrl(id);
  return { status: 202, headers: { location: url }, jsonBody: { id, statusUrl: url } };
}
