// 25,000 items, among them more than a search shows in one owner and in one millisecond: the walk and the search find each.
import { afterAll, beforeAll, expect, test } from "vitest";
import { listedItems, searchSlices } from "../../src/activities/run/listing.ts";
import { runPaths } from "../../src/core/work-paths.ts";
import { startPortal, type SamplePortal } from "../portal/portal.ts";
import { hugeSeed } from "../portal/seed/huge.ts";
import { listedRun } from "./listed-run.ts";

let sample: SamplePortal;
beforeAll(async () => {
  sample = await startPortal({ seed: hugeSeed });
});
afterAll(() => sample.stop());

test("a listing walks 25,000 items, finds the same through windows of the search, and compares every one", async () => {
  const known = [...sample.state.items.keys()].sort();
  const run = await listedRun(sample);
  expect(await run.list()).toBeUndefined();
  const records = { work: run.work, paths: runPaths(run.runId) };
  expect((await listedItems(records)).map(({ id }) => id).sort()).toEqual(known);
  const searched: string[] = [];
  for await (const { items } of searchSlices(records)) {
    expect(items.length).toBeLessThan(5_100);
    searched.push(...items.map(({ id }) => id));
  }
  expect(searched.sort()).toEqual(known);
  expect(await run.books()).toEqual({
    ...{ walked: 25_000, searchTotal: 25_000, searchListed: 25_000 },
    ...{ differences: [], unlisted: [], notes: [] },
  });
  const pages = sample.state.requests.filter(({ path }) => path.endsWith("/search")).length;
  expect(pages).toBeLessThan(400);
});
