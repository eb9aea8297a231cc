// The seeds that the sample portal can be started with, by name.
import type { FaultScript } from "../faults.ts";
import type { Ground, Seed } from "./build.ts";
import { defaultSeed } from "./default.ts";
import { hugeSeed } from "./huge.ts";
import { ladderSeed } from "./ladder.ts";
import { ODD_FAULTS, oddSeed } from "./odd.ts";
import { strangers } from "./rarities.ts";
import { smallSeed } from "./small.ts";
import { tilesSeed } from "./tiles.ts";
import { TROUBLE, troubleSeed } from "./trouble.ts";
import { typesSeed } from "./types.ts";

/** The default seed with what a strict reader of the portal's JSON stumbles over; a correct client backs it up too. */
export function strangeSeed(ground: Ground): void {
  defaultSeed(ground);
  strangers(ground);
}

export const SEEDS: Readonly<Record<string, { readonly seed: Seed; readonly faults: FaultScript }>> = {
  default: { seed: defaultSeed, faults: [] },
  small: { seed: smallSeed, faults: [] },
  strange: { seed: strangeSeed, faults: [] },
  odd: { seed: oddSeed, faults: ODD_FAULTS },
  ladder: { seed: ladderSeed, faults: [] },
  tiles: { seed: tilesSeed, faults: [] },
  types: { seed: typesSeed, faults: [] },
  huge: { seed: hugeSeed, faults: [] },
  trouble: { seed: troubleSeed, faults: TROUBLE },
};
