// A run over the sample portal as far as its plan: the listing's activities in the orchestrator's order, over a store in memory.
import { crossCheckListing } from "../../src/activities/crossCheckListing.ts";
import { listContent } from "../../src/activities/listContent.ts";
import { listGroups } from "../../src/activities/listGroups.ts";
import { listMembers } from "../../src/activities/listMembers.ts";
import { planItemsOf } from "../../src/activities/planRound.ts";
import { readRun } from "../../src/activities/run/context.ts";
import { readRecord, writeRecord } from "../../src/activities/run/records.ts";
import { searchItems } from "../../src/activities/searchItems.ts";
import type { Store } from "../../src/clients/store/store.ts";
import type { PlannedItem } from "../../src/core/item.ts";
import { parseProfile } from "../../src/core/profile.ts";
import { type Failure, ok } from "../../src/core/result.ts";
import type { Books, PortalSummary, RunRecord } from "../../src/core/run.ts";
import { runPaths } from "../../src/core/work-paths.ts";
import type { Deps } from "../../src/deps.ts";
import { portalAt } from "../clients/portal/server.ts";
import { memoryStore } from "../memory-store.ts";
import type { SamplePortal } from "../portal/portal.ts";

export interface ListedRun {
  readonly runId: string;
  readonly deps: Deps;
  readonly work: Store;
  /** Lists as `backup` does; the failure that ends it early. */
  list(): Promise<Failure | undefined>;
  books(): Promise<Books | undefined>;
  planned(): Promise<readonly PlannedItem[]>;
  /** The reason of each planned item by its title. */
  reasons(): Promise<Readonly<Record<string, string>>>;
}

const RUN_ID = "listed-20260514T020000Z";

/** `options` are fields of the profile; `startedAt` in epoch milliseconds. */
export async function listedRun(
  sample: SamplePortal,
  options: Readonly<Record<string, unknown>> = {},
  { username = sample.username, startedAt = Date.UTC(2026, 4, 14, 2) } = {},
): Promise<ListedRun> {
  const auth = { kind: "password", username, secret: "PORTAL" } as const;
  const parsed = parseProfile({ name: "listed", portal: { url: sample.url, auth }, ...options });
  if (!parsed.ok) throw new Error(parsed.problems.map(({ text }) => text).join());
  const { profile } = parsed;
  const password = async () => ok(sample.password);
  const { portal } = portalAt(sample.url, {
    auth: { kind: "password", username, password },
    now: sample.now,
  });
  const self = await portal.connect();
  if (!self.ok) throw new Error(self.failure.text);
  const work = memoryStore();
  const unused = () => {
    throw new Error("A listing needs none of this");
  };
  const deps = {
    appVersion: "0",
    work,
    backups: async () => ok(memoryStore()),
    portal: () => portal,
    now: () => Date.now(),
    wait: unused,
  } as unknown as Deps;
  const paths = runPaths(RUN_ID);
  const record: RunRecord = {
    ...{ runId: RUN_ID, profile: profile.name, folder: RUN_ID, container: "backups" },
    ...{ portalUrl: sample.url, startedAt, openedAt: startedAt, startedBy: "http", appVersion: "0" },
    ...(profile.select && { select: profile.select }),
    ...(profile.exclude && { exclude: profile.exclude }),
    ...(profile.changedWithinDays && { changedWithinDays: profile.changedWithinDays }),
  };
  await writeRecord(work, paths.run, record);
  await writeRecord(work, paths.profile, profile);
  await writeRecord(work, paths.portal, self.value satisfies PortalSummary);
  const planned = async () => planItemsOf(await readRun(deps, RUN_ID));
  return {
    runId: RUN_ID,
    deps,
    work,
    list: () => list(RUN_ID, deps),
    books: () => readRecord<Books>(work, paths.books),
    planned,
    reasons: async () => Object.fromEntries((await planned()).map(({ item, why }) => [item.title, why])),
  };
}

async function list(runId: string, deps: Deps): Promise<Failure | undefined> {
  const found = await listMembers({ runId }, deps);
  if (found.failure !== undefined) return found.failure;
  for (let group = 0, groups = found.namesGroups ? 1 : 0; group < groups;) {
    const read = await listGroups({ runId, group }, deps);
    if (read.failure !== undefined) return read.failure;
    ({ nextGroup: group, groups } = read);
  }
  for (let member = 0; member < found.members;) {
    const walked = await listContent({ runId, member }, deps);
    if (walked.failure !== undefined) return walked.failure;
    member = walked.nextMember;
  }
  for (let slice = 0, done = false; !done; slice += 1) {
    const searched = await searchItems({ runId, slice }, deps);
    if (searched.failure !== undefined) return searched.failure;
    ({ done } = searched);
  }
  return (await crossCheckListing({ runId }, deps)).failure;
}
