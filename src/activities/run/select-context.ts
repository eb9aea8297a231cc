// What the plan needs to know of a run's selection: its lists and options, and what the groups in them hold.
import type { SelectContext } from "../../core/selecting.ts";
import type { Run } from "./context.ts";
import { groupItems } from "./named-groups.ts";

export async function selectContext(run: Run): Promise<SelectContext> {
  const { select, exclude } = run.record;
  return {
    ...(select !== undefined && { select }),
    ...(exclude !== undefined && { exclude }),
    groups: await groupItems(run),
    serviceDefinitions: run.profile.serviceDefinitions,
  };
}
