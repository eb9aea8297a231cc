// Serves a text that the run left in `work`, and says which of run and text is missing.
import type { HttpResponseInit } from "@azure/functions";
import { must } from "../../activities/run/records.ts";
import { type KnownRun, findRun } from "../../activities/run/status.ts";
import { printable } from "../../core/printable.ts";
import { type RunPaths, runPaths } from "../../core/work-paths.ts";
import type { Call } from "./operation.ts";
import { errorReply, textReply } from "./replies.ts";

/** `missing`: what to answer of a run that has no such text. */
export async function runText(
  call: Call,
  path: (paths: RunPaths) => string,
  missing: (id: string, run: KnownRun) => HttpResponseInit,
): Promise<HttpResponseInit> {
  const id = call.request.params["id"] ?? "";
  const run = await findRun(call.deps, id);
  if (run === undefined) return noSuchRun(id);
  const blob = must(await call.deps.work.get(path(runPaths(id))));
  return blob === undefined ? missing(id, run) : textReply(blob.bytes);
}

/** An id may be anything that somebody typed. */
export function noSuchRun(id: string): HttpResponseInit {
  return errorReply("not-found", `No run has the id "${printable(id, 100)}"`, [
    "GET /api/backups lists the runs",
  ]);
}

export function notSealed(id: string): HttpResponseInit {
  return errorReply("not-yet", `Run ${id} is not sealed: this is written at its end`, [
    `GET /api/backups/${id} tells how it stands`,
  ]);
}

/** Where a run is looked at. */
export function statusUrl(id: string): string {
  return `/api/backups/${id}`;
}
