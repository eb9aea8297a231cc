// GET /api/backups/{id}/plan: what a dry run found that would be done.
import { type HttpResponseInit, app } from "@azure/functions";
import type { KnownRun } from "../activities/run/status.ts";
import { operation } from "./http/operation.ts";
import { errorReply } from "./http/replies.ts";
import { notSealed, runText } from "./http/run-text.ts";

app.http(
  "getBackupPlan",
  operation("getBackupPlan", (call) => runText(call, ({ planText }) => planText, withoutPlan)),
);

function withoutPlan(id: string, run: KnownRun): HttpResponseInit {
  const { dryRun } = run.opened ? run.record : run.asked;
  if (dryRun === true) return notSealed(id);
  return errorReply("not-found", `Run ${id} is no dry run: only those have a plan to read`, [
    "Inventory.csv in the run's folder tells what became of each item",
  ]);
}
