// GET /api/backups/{id}/log: Full_log.log of a sealed run, whole or by ranges, of which no answer is larger than memory takes;
// of an open run, and where the destination cannot be read, what the records tell so far.
import { type HttpResponseInit, app } from "@azure/functions";
import { type LogFile, logSoFar, sealedLog } from "../activities/run/log-text.ts";
import { readRecord } from "../activities/run/records.ts";
import { findRun } from "../activities/run/status.ts";
import { destinationWords } from "../core/destination.ts";
import type { RunSummary } from "../core/run.ts";
import { runPaths } from "../core/work-paths.ts";
import { byteRange } from "./http/byte-range.ts";
import { type Call, operation } from "./http/operation.ts";
import { TEXT_TYPE, errorReply, failureReply, textReply } from "./http/replies.ts";
import { noSuchRun } from "./http/run-text.ts";

app.http("getBackupLog", operation("getBackupLog", getBackupLog));

/** Some 150,000 lines. */
const MOST_BYTES = 32 * 1024 * 1024;

async function getBackupLog({ request, deps }: Call): Promise<HttpResponseInit> {
  const id = request.params["id"] ?? "";
  if ((await findRun(deps, id)) === undefined) return noSuchRun(id);
  const sealed = await readRecord<RunSummary>(deps.work, runPaths(id).sealed);
  const file = sealed === undefined ? undefined : await sealedLog(deps, sealed.run);
  if (file !== undefined) return serve(file, request.headers.get("range"));
  const text = await logSoFar(deps, id);
  if (sealed === undefined || text !== "") return textReply(text);
  return errorReply("not-found", `The log of run ${id} cannot be read, and its records are no longer kept`, [
    `Look for Full_log.log in "${sealed.run.folder}" of ${destinationWords(sealed.run.container)}`,
  ]);
}

async function serve(file: LogFile, header: string | null): Promise<HttpResponseInit> {
  const { sizeBytes } = file;
  const range = byteRange(header, sizeBytes);
  if (range === "beyond") {
    const beyond = errorReply("range-not-satisfiable", `The log has ${sizeBytes} bytes`);
    return { ...beyond, headers: { "content-range": `bytes */${sizeBytes}` } };
  }
  const { from, to } = range ?? { from: 0, to: sizeBytes };
  if (range === undefined && sizeBytes > MOST_BYTES) {
    return errorReply("too-large", `The log has ${sizeBytes} bytes, and an answer at most ${MOST_BYTES}`, [
      "Ask for ranges of it, such as curl --range 0-33554431",
      `Or take "${file.path}" from ${destinationWords(file.store.name)}`,
    ]);
  }
  // A part may be smaller than was asked for: it says itself which it is.
  const end = Math.min(to, from + MOST_BYTES);
  const bytes = await file.store.range(file.path, from, end - from);
  if (!bytes.ok) return failureReply(bytes.failure);
  const headers = { "content-type": TEXT_TYPE, "accept-ranges": "bytes" };
  if (range === undefined) return { status: 200, headers, body: bytes.value };
  const which = { "content-range": `bytes ${from}-${end - 1}/${sizeBytes}` };
  return { status: 206, headers: { ...headers, ...which }, body: bytes.value };
}
