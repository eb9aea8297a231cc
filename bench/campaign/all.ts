// Every campaign, in the order in which they run.
import type { Campaign } from "./campaign.ts";
import { churn } from "./churn.ts";
import { faults } from "./faults.ts";
import { hostile } from "./hostile.ts";
import { kill } from "./kill.ts";
import { soak } from "./soak.ts";
import { twice } from "./twice.ts";

export const CAMPAIGNS: readonly Campaign[] = [kill, twice, faults, hostile, churn, soak];
