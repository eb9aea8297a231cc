// A run over stores in memory, at a portal that answers what a test says: for answers that the sample portal does not give and
// bodies that would take long to send. What the portal is asked beyond that fails the test.
import type { Attempt, ExportRecord } from "../../src/activities/export/export-record.ts";
import type { AtRung } from "../../src/activities/export/means.ts";
import type { RunAtWork } from "../../src/activities/run/context.ts";
import { makeBundle } from "../../src/clients/bundle.ts";
import { inspectGdb, inspectZip } from "../../src/clients/archive.ts";
import type { Download, JsonReply, Portal } from "../../src/clients/portal/portal.ts";
import { inspectShapefiles } from "../../src/clients/shapefile.ts";
import type { Store } from "../../src/clients/store/store.ts";
import { zipTexts } from "../../src/clients/zip-texts.ts";
import type { ListedItem, PlannedItem } from "../../src/core/item.ts";
import type { LadderLayer, Rung } from "../../src/core/ladder.ts";
import { parseProfile } from "../../src/core/profile.ts";
import { type Failure, failed } from "../../src/core/result.ts";
import { runPaths } from "../../src/core/work-paths.ts";
import { depsWithout } from "../deps-without.ts";
import { type Fault, type StoreCall, faultyStore } from "../faulty-store.ts";
import { memoryStore } from "../memory-store.ts";

export const RUN_ID = "acme-20260514T020000Z";
export const SERVICE = "https://gis.acme.org/rest/services/Wells/FeatureServer";

export interface Script {
  readonly portal?: Partial<Portal>;
  /** What fails at the destination. */
  readonly backups?: (call: StoreCall) => Fault;
  readonly deps?: Partial<RunAtWork["deps"]>;
  /** Fields of the profile. */
  readonly profile?: Readonly<Record<string, unknown>>;
  readonly self?: Partial<RunAtWork["self"]>;
  /** The app's own storage, when two runs share one. */
  readonly work?: Store;
}

export interface ScriptedRun {
  readonly run: RunAtWork;
  /** The portal's methods in the order in which they were asked. */
  readonly asked: readonly string[];
  readonly backups: Store;
}

export function scriptedRun(script: Script = {}): ScriptedRun {
  const auth = { kind: "password", username: "backup_admin", secret: "PORTAL" };
  const portalUrl = "https://gis.acme.org/portal";
  const parsed = parseProfile({ name: "acme", portal: { url: portalUrl, auth }, ...script.profile });
  if (!parsed.ok) throw new Error(parsed.problems.map(({ text }) => text).join());
  const asked: string[] = [];
  const portal = new Proxy(script.portal ?? {}, {
    get: (answers, name: string) => {
      const answer = Reflect.get(answers, name) as ((...args: unknown[]) => unknown) | undefined;
      return (...args: unknown[]) => {
        if (answer === undefined) throw new Error(`The test does not say what the portal answers to ${name}`);
        asked.push(name);
        return answer(...args);
      };
    },
  }) as Portal;
  const work = script.work ?? memoryStore("work");
  const backups = memoryStore("backups");
  const run: RunAtWork = {
    record: {
      ...{ runId: RUN_ID, profile: "acme", folder: "acme_20260514", container: "backups", portalUrl },
      ...{ startedAt: 0, openedAt: 0, startedBy: "http", appVersion: "0" },
    },
    profile: parsed.profile,
    paths: runPaths(RUN_ID),
    work,
    deps: {
      ...depsWithout("Not for one step"),
      ...{ work, profile: () => ({ ok: true, value: parsed.profile }), now: () => 0, makeBundle },
      ...{ inspectGdb, inspectShapefiles, inspectZip, zipTexts },
      ...script.deps,
    },
    portal,
    backups: faultyStore(backups, script.backups ?? (() => undefined)).store,
    self: {
      ...{ id: "acme", name: "Acme", base: portalUrl, kind: "enterprise", version: "11.5" },
      ...{ username: "backup_admin", seesAllItems: true },
      ...script.self,
    },
  };
  return { run, asked, backups };
}

export function plannedItem(
  item: Partial<ListedItem> = {},
  strategy: PlannedItem["strategy"] = "export-fgdb",
): PlannedItem {
  return {
    item: {
      ...{ id: "0".repeat(32), owner: "jdoe", folder: null, title: "Wells", type: "Feature Service" },
      ...{ typeKeywords: [], name: null, url: SERVICE, size: -1, access: "private", tags: [] },
      ...{ created: 0, modified: 0, found: "walk" },
      ...item,
    },
    ...{ strategy, why: "It is tested", lane: "heavy", path: "items/Wells", knownType: true },
  };
}

export interface OnRung {
  readonly layers?: readonly (Partial<LadderLayer> & { readonly id: number })[];
  readonly item?: Partial<ListedItem>;
  readonly record?: Partial<ExportRecord>;
  readonly attempt?: Partial<Attempt>;
  /** Minutes since the attempt was begun. */
  readonly minutes?: number;
}

/** The item on a rung that is about to begin, asked for all of its layers. */
export function onRung(run: RunAtWork, rung: Rung, on: OnRung = {}): AtRung {
  const planned = plannedItem(on.item);
  const layers = (on.layers ?? []).map((layer) => ({
    ...{ name: `Layer ${layer.id}`, hasAttachments: false, isMultipatch: false, hasRelations: false },
    ...layer,
  }));
  const attempt: Attempt = {
    ...{ rung, layers: layers.map(({ id }) => id), startedAt: 0, looks: 0, previous: null },
    ...{ saidCompleted: false, tries: 0, tried: null },
    ...on.attempt,
  };
  const record: ExportRecord = {
    ...{ itemId: planned.item.id, itemTitle: planned.item.title, startedAt: 0, askedAt: 0, layers },
    ...{ before: [], tried: [], temporary: [], parked: false, ended: false, now: attempt },
    ...on.record,
  };
  const at = (on.minutes ?? 0) * 60_000;
  return { run, planned, record, attempt, key: { runId: RUN_ID, round: 1, part: "h000000", index: 0, at } };
}

/** The item as a step left it, for the next one. */
export function goingOn(at: AtRung, record: ExportRecord, minutes = 0): AtRung {
  return { ...at, record, attempt: record.now ?? at.attempt, key: { ...at.key, at: minutes * 60_000 } };
}

export function fault(reason: Failure["reason"], text = `scripted: ${reason}`) {
  return failed(reason, text, "Look at what the test scripted");
}

/** A body in one piece; `length` null = chunked. */
export function download(
  bytes: Uint8Array | string,
  length: number | null = Buffer.byteLength(bytes),
): Download {
  async function* body() {
    if (bytes.length > 0) yield Buffer.from(bytes as Uint8Array);
  }
  return { body: body(), length, contentType: "", fileName: null, discard: () => undefined };
}

export function reply(value: Readonly<Record<string, unknown>>): JsonReply {
  return { value, raw: Buffer.from(JSON.stringify(value)) };
}

/** Paths of what lies in the run's folder. */
export async function pathsIn(store: Store): Promise<readonly string[]> {
  const listed = await store.list("");
  if (!listed.ok) throw new Error(listed.failure.text);
  return listed.value.blobs.map(({ path }) => path.slice(path.indexOf("/") + 1));
}
