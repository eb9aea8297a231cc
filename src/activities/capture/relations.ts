// What an item is related to, beside its own JSON: the portal forgets relations with the item, and a restore makes them anew.
import type { ListedItem } from "../../core/item.ts";
import {
  RELATION_DIRECTIONS,
  type Relation,
  type RelationDirection,
  relationTypesOf,
  sortedRelations,
} from "../../core/relation-types.ts";
import { type Failure, type Result, ok } from "../../core/result.ts";
import { looksExported } from "../../core/skip-rules.ts";
import type { RunAtWork } from "../run/context.ts";
import { allRelated } from "../run/relations.ts";
import type { BundleWriter } from "./bundle-writer.ts";

type Read = Result<{ readonly relations: readonly Relation[]; readonly notes: readonly string[] }>;

/** Adds related.json where anything is related. A relation that cannot be read is a note, unless the trouble may pass. */
export async function captureRelations(
  run: RunAtWork,
  item: ListedItem,
  bundles: BundleWriter,
): Promise<Result<readonly string[]>> {
  const relations: Relation[] = [];
  const notes: string[] = [];
  for (const direction of RELATION_DIRECTIONS) {
    const types = relationTypesOf(item.type, direction);
    const read = await relatedBy(run, item.id, types, direction);
    if (!read.ok) return read;
    relations.push(...read.value.relations);
    notes.push(...read.value.notes);
  }
  if (relations.length > 0) {
    const text = JSON.stringify(sortedRelations(relations), null, 2);
    const added = await bundles.add("related.json", Buffer.from(text));
    if (!added.ok) return added;
  }
  return ok(notes);
}

/** One question for all types at once tells most items that there is nothing; only then does each type cost one of its own. */
async function relatedBy(
  run: RunAtWork,
  id: string,
  types: readonly string[],
  direction: RelationDirection,
): Promise<Read> {
  if (types.length > 1) {
    const any = await run.portal.related(id, types, direction, 1);
    if (any.ok && any.value.total === 0) return ok({ relations: [], notes: [] });
    if (!any.ok && mayPass(any.failure)) return any;
  }
  const relations: Relation[] = [];
  const notes: string[] = [];
  for (const relationshipType of types) {
    const related = await allRelated(run, id, relationshipType, direction);
    if (!related.ok) {
      if (mayPass(related.failure)) return related;
      // What the portal does not know by name cannot relate anything there.
      if (related.failure.reason !== "not-supported") {
        notes.push(`Relations of type ${relationshipType} not saved: ${related.failure.text}`);
      }
      continue;
    }
    for (const { id: other, title, type, owner } of related.value) {
      // An export that runs at this moment is gone before anybody restores.
      if (looksExported({ title, type })) continue;
      relations.push({ relationshipType, direction, id: other, title, type, owner });
    }
  }
  return ok({ relations, notes });
}

function mayPass({ reason }: Failure): boolean {
  return reason === "transient" || reason === "sign-in-refused";
}
