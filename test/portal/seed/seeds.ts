// The seeds that the sample portal can be started with, by name.
import type { FaultScript } from "../faults.ts";
import type { Ground, Seed } from "./build.ts";
import { defaultSeed } from "./default.ts";
import { strangers } from "./rarities.ts";
import { smallSeed } from "./small.ts";

/** What a run with failures looks like: an export that fails, a page for a file, half a file, an item without access. */
const TROUBLE: FaultScript = [
  {
    match: { path: "/export$", itemTitle: "Road Works 2024/25" },
    export: { fails: "Error exporting data to filegdb format" },
  },
  { match: { path: "/data$", itemTitle: "Zoning plan", times: "always" }, answer: { html: true } },
  { match: { server: "storage", itemTitle: "Lakes", times: "always" }, answer: { truncate: { bytes: 200 } } },
  {
    match: { path: "/content/items/[0-9a-f]+$", itemTitle: "Budget 2024", times: "always" },
    answer: {
      error: {
        code: 403,
        messageCode: "GWM_0003",
        message: "You do not have permissions to access this resource or perform this operation.",
      },
    },
  },
];

/** The default seed with what a strict reader of the portal's JSON stumbles over; a correct client backs it up too. */
export function strangeSeed(ground: Ground): void {
  defaultSeed(ground);
  strangers(ground);
}

export const SEEDS: Readonly<Record<string, { readonly seed: Seed; readonly faults: FaultScript }>> = {
  default: { seed: defaultSeed, faults: [] },
  small: { seed: smallSeed, faults: [] },
  strange: { seed: strangeSeed, faults: [] },
  trouble: { seed: defaultSeed, faults: TROUBLE },
};
