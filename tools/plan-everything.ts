// The plan of a profile that leaves every option as it is.
import type { PlanContext } from "../src/core/plan.ts";

export const PLAN_EVERYTHING: PlanContext = {
  layout: "owner-folder",
  offlinePackageIds: new Set(),
};
