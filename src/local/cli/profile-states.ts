// What the app remembers of its profiles, read from its records in `work`: which run is open, which was the last.
import { z } from "zod";
import type { Store } from "../../clients/store/store.ts";
import { ok, type Result } from "../../core/result.ts";
import { STATES_PREFIX } from "../../core/work-paths.ts";

const state = z.object({
  openRun: z.object({ runId: z.string() }).nullable(),
  lastRun: z.string().nullable(),
});

export interface ProfileRuns {
  readonly profile: string;
  /** Id of the run that goes on; null = none. */
  readonly openRun: string | null;
  /** Id of the run that ended last; null = none yet. */
  readonly lastRun: string | null;
}

/** All profiles that ever ran, or the one of this name. */
export async function readProfileStates(work: Store, only?: string): Promise<Result<readonly ProfileRuns[]>> {
  const found: ProfileRuns[] = [];
  for (let next: string | undefined, first = true; first || next !== undefined; first = false) {
    const page = await work.list(only === undefined ? STATES_PREFIX : `${STATES_PREFIX}${only}.json`, next);
    if (!page.ok) return page;
    for (const { path } of page.value.blobs) {
      // Beside it lie records of other kinds: state/{name}.{kind}.json.
      const profile = /^state\/([a-z0-9-]+)\.json$/.exec(path)?.[1];
      const blob = profile === undefined ? undefined : await work.get(path);
      if (profile === undefined || blob?.ok !== true || blob.value === undefined) continue;
      const read = state.safeParse(JSON.parse(new TextDecoder().decode(blob.value.bytes)));
      if (!read.success) continue;
      found.push({ profile, openRun: read.data.openRun?.runId ?? null, lastRun: read.data.lastRun });
    }
    next = page.value.next;
  }
  return ok(found);
}
