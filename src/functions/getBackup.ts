// GET /api/backups/{id}: how a run stands. Composed from the run's records, never from the Durable status URLs.
import { type HttpResponseInit, app } from "@azure/functions";
import * as df from "durable-functions";
import { readStatus } from "../activities/run/status.ts";
import { parseRunId } from "../core/run-id.ts";
import { PHASES, type Phase } from "../core/run.ts";
import { type Call, operation } from "./http/operation.ts";
import { noSuchRun } from "./http/run-text.ts";

app.http("getBackup", {
  ...operation("getBackup", getBackup),
  extraInputs: [df.input.durableClient()],
});

async function getBackup({ request, deps, context }: Call): Promise<HttpResponseInit> {
  const id = request.params["id"] ?? "";
  // Ids are not encoded on the way to the Durable extension: nothing else than one goes there.
  if (parseRunId(id) === undefined) return noSuchRun(id);
  const status = await readStatus(deps, id, await phaseOf(df.getClient(context), id));
  return status === undefined ? noSuchRun(id) : { status: 200, jsonBody: status };
}

/** The phase that the orchestration told last; undefined where there is no instance to ask. */
async function phaseOf(client: df.DurableClient, id: string): Promise<Phase | undefined> {
  try {
    const { customStatus } = await client.getStatus(id, { showInput: false });
    const phase: unknown =
      typeof customStatus === "object" && customStatus !== null && "phase" in customStatus
        ? customStatus.phase
        : undefined;
    return PHASES.find((known) => known === phase);
  } catch (error) {
    // The client answers an unknown id by throwing; a run whose history is purged has its records still.
    if (error instanceof Error && error.message.includes("404")) return undefined;
    throw error;
  }
}
