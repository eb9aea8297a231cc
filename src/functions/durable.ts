// Registers every orchestration and every activity: the one table of the durable half of the app.
import type { InvocationContext } from "@azure/functions";
import * as df from "durable-functions";
import { activities } from "../activities/table.ts";
import { orchestrators } from "../orchestrators/table.ts";
import { requireDeps } from "./app-deps.ts";

for (const [name, orchestrator] of Object.entries(orchestrators)) {
  df.app.orchestration(name, orchestrator);
}

for (const [name, activity] of Object.entries(activities)) {
  df.app.activity(name, {
    handler: (input: unknown, context: InvocationContext) =>
      // The table holds each activity with its own input type; the orchestrators' typed calls keep them apart.
      (activity as (input: unknown, deps: unknown) => Promise<object>)(input, requireDeps(context)),
  });
}
