// The timer: every five minutes it looks which profiles are due. The hosting plan knows no time zones and catches up only
// once, so when a profile runs is decided from its own schedule and records, never from the moment of the tick.
import { type InvocationContext, type Timer, app } from "@azure/functions";
import * as df from "durable-functions";
import { appDeps } from "./app-deps.ts";
import { orchestrationsOf } from "./orchestrations.ts";
import { tick } from "./tick.ts";

app.timer("nightly", {
  schedule: "0 */5 * * * *",
  extraInputs: [df.input.durableClient()],
  handler: nightly,
});

async function nightly(_timer: Timer, context: InvocationContext): Promise<void> {
  const found = appDeps();
  if (!found.ok) {
    context.error(`The app settings are wrong: ${found.problems.join("; ")}`);
    return;
  }
  await tick(found.deps, orchestrationsOf(context), {
    info: (text) => context.log(text),
    warn: (text) => context.warn(text),
    error: (text) => context.error(text),
  });
}
