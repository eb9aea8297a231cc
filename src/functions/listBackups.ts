// GET /api/backups: the runs, the newest first.
import { type HttpRequest, type HttpResponseInit, app } from "@azure/functions";
import { type RunMark, listRuns } from "../activities/run/run-list.ts";
import { problemsOf } from "../core/profile-problems.ts";
import { type Call, operation } from "./http/operation.ts";
import { detailsOf, errorReply } from "./http/replies.ts";
import { LIST_QUERY, LIST_WORDS } from "./http/requests.ts";

app.http("listBackups", operation("listBackups", listBackups));

async function listBackups({ request, deps }: Call): Promise<HttpResponseInit> {
  const query = queryOf(request);
  const parsed = LIST_QUERY.safeParse(query);
  if (!parsed.success) {
    const details = detailsOf("query", problemsOf(query, parsed.error.issues, LIST_WORDS));
    return errorReply("bad-request", "The request has mistakes", details);
  }
  const { profile, top, continuation } = parsed.data;
  const page = await listRuns(deps, { profile, top, after: markOf(continuation) });
  const next = page.next;
  return {
    status: 200,
    jsonBody: { runs: page.runs, continuation: next === undefined ? null : `${next.startedAt}_${next.id}` },
  };
}

/** Without the members by which Azure itself knows the caller. */
function queryOf(request: HttpRequest): Record<string, unknown> {
  const { code: _code, clientId: _clientId, ...query } = Object.fromEntries(request.query);
  const { top } = query;
  return top !== undefined && /^\d{1,6}$/.test(top) ? { ...query, top: Number(top) } : query;
}

function markOf(continuation: string | undefined): RunMark | undefined {
  if (continuation === undefined) return undefined;
  const cut = continuation.indexOf("_");
  return { startedAt: Number(continuation.slice(0, cut)), id: continuation.slice(cut + 1) };
}
