// Events for the alerts, as lines of an invocation's log: the host sends those to Application Insights with the app's
// identity. It has no custom events for Node, and an SDK of its own would need a second way out and a second sign-in.
import type { InvocationContext } from "@azure/functions";
import { eventLevel, eventLine } from "../core/telemetry.ts";
import type { Deps } from "../deps.ts";

/** Tells events by the log of one invocation. */
export function tellBy(log: Pick<InvocationContext, "info" | "warn" | "error">): Deps["tell"] {
  return (event) => log[eventLevel(event)](eventLine(event));
}
