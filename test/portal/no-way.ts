// A hosted layer whose data are not to be had: every export of it fails, and its service answers no query and no extract.
import type { FaultScript } from "./faults.ts";

/** `says`: what the portal says of the exports, each of which fails at once. */
export function noWayTo(itemTitle: string, says: string): FaultScript {
  return [
    { match: { path: "/export$", itemTitle, times: "always" }, export: { fails: says, minutes: 0.2 } },
    {
      match: { path: "/FeatureServer/(?:createReplica|\\d+/query)$", itemTitle, times: "always" },
      answer: {
        error: { code: 400, message: "Unable to perform operation. Invalid parameters.", details: [] },
      },
    },
  ];
}
