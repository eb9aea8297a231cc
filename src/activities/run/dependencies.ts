// Reads what the items refer to back from the run's records and makes the graph of it, when the run is sealed.
import { type DependencyGraph, type ItemReferences, startGraph } from "../../core/dependency-graph.ts";
import type { Run } from "./context.ts";
import { listedItems } from "./listing.ts";
import { listRecords, readRecord } from "./records.ts";

/** Records that are read at a time: one takes some milliseconds, and there may be 25,000. */
const AT_A_TIME = 16;

/** undefined where the profile does not ask for dependencies, or the run has no listing. */
export async function readGraph(run: Run, hasListing: boolean): Promise<DependencyGraph | undefined> {
  if (!run.profile.dependencies || !hasListing) return undefined;
  const graph = startGraph(await listedItems(run));
  let paths: string[] = [];
  const read = async () => {
    const records = await Promise.all(paths.map((path) => readRecord<ItemReferences>(run.work, path)));
    paths = [];
    for (const record of records) if (record !== undefined) graph.add(record);
  };
  for await (const { path } of listRecords(run.work, run.paths.references)) {
    paths.push(path);
    if (paths.length === AT_A_TIME) await read();
  }
  await read();
  return graph.done();
}
