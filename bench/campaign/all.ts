// Every campaign, in the order in which they run.
import type { Campaign } from "./campaign.ts";
import { faults } from "./faults.ts";

export const CAMPAIGNS: readonly Campaign[] = [faults];
