// The text of a dry run: the plan as it would be carried out, with its reasons and an estimate.
import { planText } from "../core/plan-text.ts";
import type { PortalSummary } from "../core/run.ts";
import type { Deps } from "../deps.ts";
import { exportDurations, planItemsOf } from "./planRound.ts";
import { readRun } from "./run/context.ts";
import { must, requireRecord } from "./run/records.ts";

export async function tellPlan(
  input: { readonly runId: string },
  deps: Deps,
): Promise<{ readonly items: number }> {
  const run = await readRun(deps, input.runId);
  const portal = await requireRecord<PortalSummary>(run.work, run.paths.portal);
  const planned = await planItemsOf(run);
  const text = planText({
    organisation: run.profile.organisation ?? portal.name,
    portal,
    planned,
    exportMs: await exportDurations(run),
    lanes: { direct: run.profile.lanes, exports: run.profile.exports.lanes },
  });
  must(await run.work.put(run.paths.planText, text, { contentType: "text/plain; charset=utf-8" }));
  return { items: planned.length };
}
