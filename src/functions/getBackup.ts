// GET /api/backups/{id}: how a run stands. Composed from the run's records, never from the Durable status URLs.
import { type HttpRequest, type HttpResponseInit, type InvocationContext, app } from "@azure/functions";
import * as df from "durable-functions";
import { RecordError } from "../activities/run/records.ts";
import { readStatus } from "../activities/run/status.ts";
import { PHASES, type Phase } from "../core/run.ts";
import { appDeps } from "./app-deps.ts";
import { errorReply, settingsReply } from "./replies.ts";

app.http("getBackup", {
  route: "backups/{id}",
  methods: ["GET"],
  authLevel: "function",
  extraInputs: [df.input.durableClient()],
  handler: getBackup,
});

async function getBackup(request: HttpRequest, context: InvocationContext): Promise<HttpResponseInit> {
  const found = appDeps();
  if (!found.ok) return settingsReply(found.problems);
  const id = request.params["id"] ?? "";
  try {
    const status = await readStatus(found.deps, id, await phaseOf(df.getClient(context), id));
    if (status === undefined) return errorReply(404, "not-found", "No run has this id", [id]);
    return { status: 200, jsonBody: status };
  } catch (error) {
    if (!(error instanceof RecordError)) throw error;
    return errorReply(502, "storage-refused", error.message, [
      "Check the storage account of the function app",
    ]);
  }
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
