// A run in this process: its activities in the orchestrator's order at the sample portal, over stores in memory, with a fault
// wherever a test wants one. What was listed and planned once is the ground of any number of runs.
import { captureOrganisation } from "../../src/activities/captureOrganisation.ts";
import { crossCheckListing } from "../../src/activities/crossCheckListing.ts";
import { endExport } from "../../src/activities/endExport.ts";
import type { ExportStep } from "../../src/activities/export/export-record.ts";
import { listContent } from "../../src/activities/listContent.ts";
import { listMembers } from "../../src/activities/listMembers.ts";
import { openRun } from "../../src/activities/openRun.ts";
import { type RoundPlan, planRound } from "../../src/activities/planRound.ts";
import { pollExport } from "../../src/activities/pollExport.ts";
import { readRelations } from "../../src/activities/readRelations.ts";
import { type ItemKey, type KeptOutcome, plannedItem } from "../../src/activities/run/items.ts";
import { RecordError, requireRecord } from "../../src/activities/run/records.ts";
import { saveExport } from "../../src/activities/saveExport.ts";
import { saveItem } from "../../src/activities/saveItem.ts";
import { searchItems } from "../../src/activities/searchItems.ts";
import { startExport } from "../../src/activities/startExport.ts";
import { inspectGdb, inspectZip } from "../../src/clients/archive.ts";
import { makeBundle } from "../../src/clients/bundle.ts";
import { inspectShapefiles } from "../../src/clients/shapefile.ts";
import { zipStream } from "../../src/clients/zip-stream.ts";
import { zipTexts } from "../../src/clients/zip-texts.ts";
import type { OrganisationStep } from "../../src/core/organisation.ts";
import type { Outcome } from "../../src/core/outcome.ts";
import { parseProfile } from "../../src/core/profile.ts";
import { type Failure, ok } from "../../src/core/result.ts";
import { runPaths } from "../../src/core/work-paths.ts";
import type { Deps } from "../../src/deps.ts";
import { portalAt } from "../clients/portal/server.ts";
import { type PortalCall, faultyPortal } from "../faulty-portal.ts";
import { type Fault, type StoreCall, faultyStore } from "../faulty-store.ts";
import { memoryStore } from "../memory-store.ts";
import { startPortal } from "../portal/portal.ts";
import type { Seed } from "../portal/seed/build.ts";

export const RUN = {
  runId: "wired-20260514T020000Z",
  profile: "wired",
  startedAt: Date.UTC(2026, 4, 14, 2),
  startedBy: "timer",
} as const;
const { runId } = RUN;
/** No export takes more looks, whatever fails. */
const MOST_LOOKS = 600;

type Blobs = NonNullable<Parameters<typeof memoryStore>[1]>;

/** What fails on the way. */
export interface Faults {
  readonly portal?: (call: PortalCall) => Failure | undefined;
  /** The destination. */
  readonly backups?: (call: StoreCall) => Fault;
  /** The app's own storage: what fails there is thrown, and the step is repeated. */
  readonly work?: (call: StoreCall) => Fault;
  /** No destination is to be had. */
  readonly nowhere?: Failure;
  /** Milliseconds that pass with each look at the clock, so that slices of time are over at once. */
  readonly hurryMs?: number;
}

/** A run that may be worked on, with a memory of its own. */
export interface WiredRun {
  readonly deps: Deps;
  readonly portalCalls: readonly PortalCall[];
  readonly storeCalls: readonly StoreCall[];
  readonly workCalls: readonly StoreCall[];
  /** Lists as `backup` does; the failure that ended it early. */
  list(): Promise<Failure | undefined>;
  plan(): Promise<RoundPlan>;
  /** Saves one item of round 1 by its title, as a lane does. */
  save(title: string): Promise<Outcome>;
}

export interface Ground {
  /** A run that is opened; `planned`: and listed and planned. */
  opened(faults?: Faults): WiredRun;
  planned(faults?: Faults): WiredRun;
  stop(): Promise<void>;
}

/** `options` are fields of the profile. */
export async function ground(seed: Seed, options: Readonly<Record<string, unknown>> = {}): Promise<Ground> {
  let time: number = RUN.startedAt;
  const sample = await startPortal({ seed, clock: () => time });
  const auth = { kind: "password", username: sample.username, secret: "PORTAL" } as const;
  const parsed = parseProfile({ name: RUN.profile, portal: { url: sample.url, auth }, ...options });
  if (!parsed.ok) throw new Error(parsed.problems.map(({ text }) => text).join());
  const { profile } = parsed;
  const signIn = { ...auth, password: async () => ok(sample.password) };
  const { portal } = portalAt(sample.url, { auth: signIn, now: () => time });
  const pass = (seconds: number): void => void (time += seconds * 1000);

  const runOn = (known: Blobs, faults: Faults = {}): { readonly run: WiredRun; readonly blobs: Blobs } => {
    const blobs: Blobs = new Map(known);
    const asked = faultyPortal(portal, faults.portal ?? (() => undefined));
    const stored = faultyStore(memoryStore(), faults.backups ?? (() => undefined));
    const work = faultyStore(memoryStore("work", blobs), faults.work ?? (() => undefined));
    const { nowhere, hurryMs = 0 } = faults;
    const deps: Deps = {
      appVersion: "0",
      work: work.store,
      profile: () => ok(profile),
      defaultProfile: profile,
      takesFolders: false,
      backups: async () => (nowhere === undefined ? ok(stored.store) : { ok: false, failure: nowhere }),
      portal: () => asked.portal,
      portalRequests: () => asked.calls.length,
      workerId: "here",
      mail: undefined,
      tell: () => undefined,
      ...{ makeBundle, inspectGdb, inspectShapefiles, inspectZip, zipStream, zipTexts },
      now: () => (time += hurryMs),
      wait: async (ms) => pass(ms / 1000),
    };
    const run: WiredRun = {
      deps,
      portalCalls: asked.calls,
      storeCalls: stored.calls,
      workCalls: work.calls,
      list: () => list(deps),
      plan: () => planRound({ runId, round: 1 }, deps),
      save: (title) => save(deps, title, pass),
    };
    return { run, blobs };
  };
  const first = runOn(new Map());
  const opened = await openRun(RUN, first.run.deps);
  if (opened.failure !== undefined) throw new Error(opened.failure.text);
  const afterOpening = new Map(first.blobs);
  await first.run.list();
  await first.run.plan();
  return {
    opened: (faults) => runOn(afterOpening, faults).run,
    planned: (faults) => runOn(first.blobs, faults).run,
    stop: () => sample.stop(),
  };
}

async function list(deps: Deps): Promise<Failure | undefined> {
  const found = await listMembers({ runId }, deps);
  if (found.failure !== undefined) return found.failure;
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
  const checked = await crossCheckListing({ runId }, deps);
  if (checked.failure !== undefined) return checked.failure;
  for (let done = false, cursor = { next: 0, misses: 0 }; !done;) {
    const related = await readRelations({ runId, ...cursor }, deps);
    if (related.failure !== undefined) return related.failure;
    ({ done, ...cursor } = related);
  }
  for (let at: OrganisationStep | undefined, more = true; more; more = at !== undefined) {
    ({ next: at } = await captureOrganisation({ runId, ...(at !== undefined && { at }) }, deps));
  }
  return undefined;
}

async function save(deps: Deps, title: string, pass: (seconds: number) => void): Promise<Outcome> {
  const key = await keyOf(deps, title);
  const { item } = await plannedItem(deps, key);
  if (key.part.startsWith("d")) await repeated(() => saveItem(key, deps));
  else await saveHeavy(deps, key, pass);
  const kept = await requireRecord<KeptOutcome>(deps.work, runPaths(runId).outcome(key.round, item.id));
  return kept.outcome;
}

async function keyOf(deps: Deps, title: string): Promise<ItemKey> {
  const prefix = runPaths(runId).part(1, "");
  const listed = await deps.work.list(prefix.slice(0, prefix.lastIndexOf("/") + 1));
  for (const { path } of listed.ok ? listed.value.blobs : []) {
    const part = /([dh]\d{6})\.json$/.exec(path)?.[1];
    if (part === undefined) continue;
    const items = await requireRecord<readonly { readonly item: { readonly title: string } }[]>(
      deps.work,
      path,
    );
    const index = items.findIndex(({ item }) => item.title === title);
    if (index >= 0) return { runId, round: 1, part, index };
  }
  throw new Error(`No lane takes "${title}"`);
}

async function saveHeavy(deps: Deps, key: ItemKey, pass: (seconds: number) => void): Promise<void> {
  const at = (): ItemKey & { readonly at: number } => ({ ...key, at: deps.now() });
  let answer: ExportStep = await repeated(() => startExport(at(), deps));
  for (let looks = 0; answer.next === "wait" || answer.next === "save"; looks += 1) {
    if (looks === MOST_LOOKS) throw new Error("The export has no end");
    if (answer.next === "wait") pass(answer.seconds);
    const step = answer.next === "wait" ? pollExport : saveExport;
    answer = await repeated(() => step(at(), deps));
  }
  await repeated(() => endExport(key, deps));
}

/** As the orchestrators repeat a step that a worker lost. */
async function repeated<T>(step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    if (!(error instanceof RecordError)) throw error;
    return step();
  }
}
