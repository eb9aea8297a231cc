// Every campaign, in the order in which they run.
import type { Campaign } from "./campaign.ts";
import { churn } from "./churn.ts";
import { hostile } from "./hostile.ts";

export const CAMPAIGNS: readonly Campaign[] = [hostile, churn];
