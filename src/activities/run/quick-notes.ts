// What a quick listing tells of itself: what the search did not show, and what it cannot know.
import type { Books } from "../../core/run.ts";
import { foldersNamed } from "../../core/select.ts";
import type { RunAtWork } from "./context.ts";
import type { WalkShard } from "./walk.ts";

/** Who stands for what the search left out, among the members that were not listed in full. */
const SEARCH = "ArcGIS search";

export interface QuickNotes {
  /** Items that the members' content counts; 0 = not counted. */
  readonly counted: number;
  readonly unlisted: Books["unlisted"];
  readonly notes: readonly string[];
}

/** `found` is what the search counts and how many items it showed. */
export function quickNotes(
  { record, profile }: Pick<RunAtWork, "record" | "profile">,
  shards: readonly Omit<WalkShard, "items">[],
  found: { readonly total: number | null; readonly listed: number },
): QuickNotes {
  const counted = shards.reduce((sum, { total = 0 }) => sum + total, 0);
  const failures = shards.flatMap(({ username, failure }) =>
    failure === undefined ? [] : [{ username, text: failure.text }],
  );
  const needsFolders = foldersNamed(record).length > 0;
  const short = found.total !== null && found.listed < found.total;
  return {
    counted,
    unlisted: [
      ...(short
        ? [{ username: SEARCH, text: `It counts ${found.total} items and showed ${found.listed} of them` }]
        : []),
      ...(needsFolders ? failures : []),
    ],
    notes: [
      ...(counted > found.listed
        ? [`The members' content counts ${counted} items, the search found ${found.listed}`]
        : []),
      ...(shards.length === 0 ? ["The members' content was not counted: there are too many members"] : []),
      ...(needsFolders
        ? []
        : failures.map(({ username, text }) => `The content of ${username} was not counted: ${text}`)),
      ...(/folder/.test(profile.layout)
        ? ["The search tells no folders: items lie in the backup as if in the root folder of their owner"]
        : []),
    ],
  };
}
