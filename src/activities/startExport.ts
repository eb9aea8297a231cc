// Begins with an item's export: what its layers hold now, then the first rung of its ladder.
import type { PlannedItem } from "../core/item.ts";
import type { Deps } from "../deps.ts";
import { climb } from "./export/climb.ts";
import {
  type ExportKey,
  type ExportRecord,
  type ExportStep,
  readExport,
  writeExport,
} from "./export/export-record.ts";
import { countLayers } from "./export/layer-counts.ts";
import { secondsToLook } from "./export/limits.ts";
import { openExport } from "./export/open-export.ts";
import type { RunAtWork } from "./run/context.ts";

export async function startExport(key: ExportKey, deps: Deps): Promise<ExportStep> {
  const open = await openExport(key, deps);
  if (open.end !== undefined) return open.end;
  const { run, planned } = open;
  const record = (await readExport(deps, key, planned.item.id)) ?? (await intend(run, key, planned));
  const { now } = record;
  // An earlier delivery started it: its watch goes on.
  if (now?.job !== undefined) {
    const seconds = secondsToLook({ run, key, planned, record, attempt: now });
    return { next: "wait", seconds, overdue: false };
  }
  return climb({ run, key, planned }, record);
}

/** Writes down what the layers hold before anything is asked for. */
async function intend(run: RunAtWork, key: ExportKey, planned: PlannedItem): Promise<ExportRecord> {
  const { item } = planned;
  const isFeatures = planned.strategy === "export-fgdb" && item.url !== null;
  const { layers, counts } = isFeatures ? await countLayers(run, item.url) : { layers: [], counts: [] };
  const record: ExportRecord = {
    itemId: item.id,
    itemTitle: item.title,
    startedAt: key.at,
    askedAt: run.deps.now(),
    layers,
    before: counts,
    tried: [],
    temporary: [],
    parked: false,
    ended: false,
  };
  await writeExport(run, key.round, record);
  return record;
}
