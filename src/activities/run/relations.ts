// What the portal tells of relations: all pages of one question, and what was found out before the plan.
import type { RawItem } from "../../clients/portal/portal.ts";
import type { RelationDirection } from "../../core/relation-types.ts";
import { type RelationFacts, type RelationSlice, relationFacts } from "../../core/relation-questions.ts";
import { type Result, failed, ok } from "../../core/result.ts";
import type { Run, RunAtWork } from "./context.ts";
import { listRecords, readRecord } from "./records.ts";

/** Items that are followed for one type of relation; an item with more is not known to exist. */
const MOST = 10_000;

/** Every item that is related by one type, each once. */
export async function allRelated(
  run: Pick<RunAtWork, "portal">,
  id: string,
  type: string,
  direction: RelationDirection,
): Promise<Result<readonly RawItem[]>> {
  const found = new Map<string, RawItem>();
  for (let start = 1; start > 0;) {
    const page = await run.portal.related(id, [type], direction, start);
    if (!page.ok) return page;
    const before = found.size;
    for (const item of page.value.entries) found.set(item.id, item);
    start = page.value.nextStart;
    if (start > 0 && (found.size === before || found.size >= MOST)) {
      return failed(
        "portal-error",
        `Cannot list what is related to item "${id}" by ${type}: the list does not end after ${found.size} items`,
        "Look at the item's page on the portal's web site",
      );
    }
  }
  return ok([...found.values()]);
}

/** What the slices before the plan found; nothing where they were not read. */
export async function readRelationFacts(run: Pick<Run, "work" | "paths">): Promise<RelationFacts> {
  const slices: RelationSlice[] = [];
  for await (const { path } of listRecords(run.work, run.paths.relations)) {
    const slice = await readRecord<RelationSlice>(run.work, path);
    if (slice !== undefined) slices.push(slice);
  }
  return relationFacts(slices);
}
