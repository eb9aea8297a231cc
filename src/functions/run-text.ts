// Serves a text that sealing left in `work`.
import type { HttpRequest, HttpResponseInit } from "@azure/functions";
import { parseRunId } from "../core/run-id.ts";
import { appDeps } from "./app-deps.ts";
import { errorReply, failureReply, settingsReply } from "./replies.ts";

/** 404 while the run is not sealed, or for an id that is none. */
export async function serveRunText(
  request: HttpRequest,
  path: (runId: string) => string,
): Promise<HttpResponseInit> {
  const found = appDeps();
  if (!found.ok) return settingsReply(found.problems);
  const id = request.params["id"] ?? "";
  // The id becomes part of a blob's name.
  if (parseRunId(id) === undefined) return errorReply(404, "not-found", "No run has this id", [id]);
  const blob = await found.deps.work.get(path(id));
  if (!blob.ok) return failureReply(blob.failure);
  if (blob.value === undefined) return errorReply(404, "not-found", "This run is not sealed", [id]);
  return {
    status: 200,
    headers: { "content-type": "text/plain; charset=utf-8" },
    body: blob.value.bytes,
  };
}
