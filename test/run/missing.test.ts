// What the listing before had and this one has not, asked item by item of a portal that answers as it is told.
import { beforeEach, expect, test } from "vitest";
import type { RunAtWork } from "../../src/activities/run/context.ts";
import { findMissing } from "../../src/activities/run/missing.ts";
import { readRecord, writeRecord } from "../../src/activities/run/records.ts";
import type { Portal } from "../../src/clients/portal/portal.ts";
import type { Store } from "../../src/clients/store/store.ts";
import type { ListedItem } from "../../src/core/item.ts";
import { failed, ok } from "../../src/core/result.ts";
import type { PortalSummary } from "../../src/core/run.ts";
import { portalKey } from "../../src/core/standing.ts";
import type { Missing } from "../../src/core/standing-missing.ts";
import { nextStanding } from "../../src/core/standing-next.ts";
import { runPaths, standingPath } from "../../src/core/work-paths.ts";
import { anItem, aSummary, id, PORTAL } from "../core/report-samples.ts";
import { memoryStore } from "../memory-store.ts";

const BEFORE = { runId: "nightly-20260513T020000Z", at: 1000 };
let work: Store;
let asked: string[];

beforeEach(() => {
  work = memoryStore("work");
  asked = [];
});

/** The run before listed these. */
async function listedBefore(
  items: readonly ListedItem[],
  searched: readonly ListedItem[] = [],
): Promise<void> {
  const sealed = {
    run: BEFORE,
    verdict: "succeeded",
    portal: portalKey(PORTAL),
    listed: items.length,
    whole: true,
  } as const;
  await writeRecord(work, standingPath("nightly"), nextStanding(undefined, sealed, []));
  const paths = runPaths(BEFORE.runId);
  await writeRecord(work, paths.members, { usernames: ["jdoe"], startedAt: 0 });
  await writeRecord(work, paths.walkShard(0), { username: "jdoe", items, rejected: [] });
  await writeRecord(work, paths.searchShard, searched);
}

interface Answers {
  readonly item?: (id: string) => ReturnType<Portal["item"]>;
  readonly bin?: readonly string[];
  readonly self?: Partial<PortalSummary>;
}

async function missingNow(
  listed: readonly string[],
  answers: Answers = {},
  dryRun?: true,
): Promise<Missing | undefined> {
  const { run } = aSummary([]);
  const portal = {
    item: async (one: string) => {
      asked.push(one);
      return (answers.item ?? (async () => failed("not-found", "gone", "")))(one);
    },
    recycled: async (owner: string) => {
      asked.push(owner);
      const entries = (answers.bin ?? []).map((one) => ({ id: one, owner, title: "", type: "" }));
      return ok({ total: entries.length, nextStart: -1, entries });
    },
  };
  const paths = runPaths(run.runId);
  const atWork = {
    record: { ...run, ...(dryRun && { dryRun }) },
    paths,
    work,
    portal: portal as unknown as Portal,
    self: { ...PORTAL, ...answers.self },
  };
  await findMissing(atWork as unknown as RunAtWork, new Set(listed));
  return readRecord<Missing>(work, paths.missing);
}

test("findMissing() tells apart what is deleted, binned, hidden, overlooked and not told", async () => {
  await listedBefore(
    [1, 2, 3, 4, 5].map((n) => anItem(n)),
    [anItem(6, { owner: "msmith" })],
  );
  const missing = await missingNow([id(1)], {
    bin: [id(3).toUpperCase()],
    item: async (one) => {
      if (one === id(4)) return ok({ value: {}, raw: new Uint8Array() });
      if (one === id(5)) return failed("no-access", "no permission", "");
      return one === id(6) ? failed("transient", "503", "") : failed("not-found", "gone", "");
    },
  });
  expect(missing).toMatchObject({ since: BEFORE, total: 5 });
  expect(missing?.items.map((item) => [item.id, item.label])).toEqual([
    [id(2), "deleted"],
    [id(3), "in recycle bin"],
    [id(4), "not listed"],
    [id(5), "not visible"],
    [id(6), "not told"],
  ]);
});

test("findMissing() asks for 50 items and the bins of 10 owners at most, and counts the rest", async () => {
  await listedBefore(Array.from({ length: 300 }, (_, n) => anItem(n, { owner: `user${String(n)}` })));
  const missing = await missingNow([]);
  expect([missing?.total, missing?.items.length]).toEqual([300, 200]);
  expect([asked.filter((one) => one.startsWith("user")).length, asked.length]).toEqual([10, 60]);
  expect(missing?.items.filter(({ label }) => label === "not told")).toHaveLength(150);
});

test("findMissing() asks no bin of a portal that has none, and calls nothing deleted that may be hidden", async () => {
  const enterprise = { kind: "enterprise", id: PORTAL.id, seesAllItems: false } as const;
  await listedBefore([anItem(1)]);
  const key = portalKey({ ...PORTAL, ...enterprise });
  await writeRecord(work, standingPath("nightly"), {
    ...(await readRecord<object>(work, standingPath("nightly"))),
    portal: key,
  });
  const missing = await missingNow([], { self: enterprise });
  expect([asked, missing?.items[0]?.label]).toEqual([[id(1)], "not visible"]);
});

test("findMissing() says nothing of a first run, a dry run, another portal, or a listing whose records are gone", async () => {
  expect(await missingNow([])).toBeUndefined();
  await listedBefore([anItem(1)]);
  expect(await missingNow([], {}, true)).toBeUndefined();
  expect(await missingNow([], { self: { id: "another" } })).toBeUndefined();
  await work.delete(runPaths(BEFORE.runId).members);
  await work.delete(runPaths(BEFORE.runId).searchShard);
  expect(await missingNow([])).toMatchObject({ total: 0, items: [] });
  expect(asked).toEqual([]);
});
