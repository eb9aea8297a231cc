// Captures one direct item, or one large file of a heavy lane, and keeps its outcome.
import type { Outcome } from "../core/outcome.ts";
import type { PlannedItem } from "../core/item.ts";
import { type Failure, failed } from "../core/result.ts";
import type { Deps } from "../deps.ts";
import { capture } from "./capture/capture.ts";
import { tellAtWork } from "./run/at-work.ts";
import { cancelRequest } from "./run/cancel.ts";
import { unlessDeleted } from "./capture/deleted.ts";
import { readRunAtWork } from "./run/context.ts";
import {
  type ItemKey,
  type ItemStep,
  keepOutcome,
  keptOutcome,
  outcomeOf,
  plannedItem,
} from "./run/items.ts";

/** Safe to run twice: an outcome that is kept already is the answer. */
export async function saveItem(key: ItemKey, deps: Deps): Promise<ItemStep> {
  const kept = await keptOutcome(deps, key);
  if (kept !== undefined) return kept;
  if ((await cancelRequest(deps.work, key.runId)) !== undefined) return { next: "stop" };
  const startedAt = deps.now();
  const planned = await plannedItem(deps, key);
  await tellAtWork(deps, key, planned.item);
  return keepOutcome(deps, key, await outcomeFor(key, deps, planned, startedAt));
}

async function outcomeFor(
  key: ItemKey,
  deps: Deps,
  planned: PlannedItem,
  startedAt: number,
): Promise<Outcome> {
  const base = () => ({ planned, tookMs: deps.now() - startedAt });
  const run = await readRunAtWork(deps, key.runId);
  if (!run.ok) return outcomeOf({ ...base(), failure: run.failure });
  const captured = await capture(run.value, planned);
  if (!captured.ok) {
    const ended = await unlessDeleted(run.value, planned.item, captured.failure);
    return outcomeOf({ ...base(), ...ended });
  }

  const { artifacts, loss, notes, sources } = captured.value;
  const done = { ...base(), artifacts, loss, notes };
  switch (planned.strategy) {
    case "json+resources":
    case "download-file":
    case "skip-no-value":
      return outcomeOf(done);
    case "skip-reference":
      return planned.cause === undefined
        ? outcomeOf({ ...done, failure: uncovered(planned) })
        : outcomeOf({
            ...done,
            skipped: { cause: planned.cause, coveredBy: planned.coveredBy ?? sources },
          });
    case "export-fgdb":
    case "export-tiles":
    case "export-vector-tiles":
    case "export-scene-package":
      throw new Error(`The export of ${planned.item.id} does not go through saveItem`);
  }
}

/** Its data lie in items that this run did not save, and it has no export of its own: it must not look backed up. */
function uncovered({ item, why }: PlannedItem): Failure {
  return failed(
    "export-failed",
    `Cannot back up the data of "${item.title}" (${item.type}): ${why}; only its JSON and definition were kept`,
    "See in this report why the item that holds its data was not saved; once that one is saved, this one is too",
  ).failure;
}
