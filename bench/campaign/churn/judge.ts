// Holds what a run saved against every version that its items had while it went on.
import { readGdbZip } from "../../../test/portal/fgdb/read.ts";
import { bundleEntries, type RestorePoint } from "../../../test/run/restore-point.ts";
import type { ItemLine } from "../../../src/core/run.ts";
import { count } from "../campaign.ts";
import type { WholeCase } from "../whole-case.ts";
import { hashOf, type Version, type World } from "./world.ts";

/** What is wrong with the restore point. `lockedOut`: the account could not go on, so that nothing need be saved. */
export async function judge(
  { portal, status }: WholeCase,
  point: RestorePoint,
  world: World,
  lockedOut: boolean,
  figures: Map<string, number>,
): Promise<readonly string[]> {
  const lines = new Map(point.items.map((line) => [line.item.id, line]));
  const told = new Set(point.manifest.books?.differences.map(({ id }) => id));
  const searched = portal.state.requests.findIndex(({ path }) => path.endsWith("/search"));
  const wrong: string[] = [];
  for (const [id, versions] of world.versions) {
    const line = lines.get(id);
    const title = versions[0]?.title ?? id;
    const say = (text: string) => wrong.push(`${title}: ${text}`);
    if (line === undefined) {
      const made = world.created.get(id);
      const isTooLate = made !== undefined && (searched < 0 || made >= searched);
      if (isTooLate || told.has(id) || (lockedOut && status.verdict !== "succeeded")) continue;
      if (!world.deleted.has(id)) say("it was there all the time and has no outcome");
      continue;
    }
    const { outcome } = line;
    count(figures, `items ${outcome.state}`);
    const isQuiet = versions.length === 1 && !world.deleted.has(id) && !world.created.has(id);
    switch (outcome.state) {
      case "saved":
        (await heldAgainst(line, point, versions, world, figures)).forEach(say);
        if (isQuiet && outcome.loss.length > 0) say(`saved with a loss: ${JSON.stringify(outcome.loss)}`);
        break;
      case "failed":
        if (outcome.failure.text === "" || outcome.failure.next === "") say("failed without a word");
        if (isQuiet && !lockedOut) say(`nobody touched it, and it failed: ${outcome.failure.text}`);
        break;
      case "skipped":
        if (outcome.cause !== "deleted-meanwhile") say(`skipped: ${outcome.cause}`);
        else if (!world.deleted.has(id)) say("it is called deleted and is there");
        break;
      case "unchanged":
        say("called unchanged by a run that takes everything");
    }
  }
  const lacking = point.items.filter(({ outcome }) => outcome.state === "saved" && outcome.loss.length > 0);
  if (status.verdict === "succeeded" && lacking.length > 0)
    wrong.push(
      `${lacking.length} items lack something for the first time, and the run calls itself succeeded`,
    );
  return wrong;
}

async function heldAgainst(
  { item, outcome }: ItemLine,
  point: RestorePoint,
  versions: readonly Version[],
  world: World,
  figures: Map<string, number>,
): Promise<readonly string[]> {
  const wrong: string[] = [];
  const entries = await bundleEntries(point, outcome.artifacts);
  const about = JSON.parse(entries.get("item.json")?.toString("utf8") ?? "{}") as {
    title?: string;
    id?: string;
  };
  if (about.id !== item.id) return ["its item.json is that of another item, or none"];
  const file = outcome.artifacts.find(({ kind }) => kind === "data");
  const data = file === undefined ? entries.get("data") : await point.read(file.path);
  const thumbnail = [...entries].find(([name]) => name.startsWith("info/") && !name.endsWith(".xml"))?.[1];
  const index = JSON.parse(entries.get("resources.json")?.toString("utf8") ?? "[]") as {
    resource: string;
    path: string;
  }[];
  const resources = index.flatMap(({ resource, path }) => {
    const bytes = entries.get(path);
    return bytes === undefined ? [] : [[resource, hashOf(bytes)] as const];
  });
  const hash = data === undefined ? null : hashOf(data);
  const image = thumbnail === undefined ? null : hashOf(thumbnail);
  const export_ = outcome.artifacts.find(({ kind }) => kind === "export");
  const isOf = (version: Version): boolean =>
    version.title === about.title &&
    (version.data === hash || export_ !== undefined) &&
    version.thumbnail === image &&
    resources.every(([name, content]) => version.resources.get(name) === content) &&
    index.length === version.resources.size;
  const parts = [
    ...(versions.some(({ title }) => title === about.title) ? [] : ["its title is one that it never had"]),
    ...(export_ !== undefined || versions.some((version) => version.data === hash)
      ? []
      : ["its data are none that it ever had"]),
    ...(versions.some((version) => version.thumbnail === image)
      ? []
      : ["its thumbnail is none that it ever had"]),
    ...resources
      .filter(([name, content]) => !versions.some((version) => version.resources.get(name) === content))
      .map(([name]) => `its resource ${name} is none that it ever had`),
  ];
  wrong.push(...parts);
  if (parts.length === 0 && !versions.some(isOf)) {
    const isTold = "loss" in outcome && outcome.loss.length > 0;
    count(figures, isTold ? "of two versions and told" : "of two versions and not told");
    if (!isTold) wrong.push("it is saved of parts of two versions, and nothing tells so");
  }
  if (export_ !== undefined) {
    const tables = readGdbZip(await point.read(export_.path));
    const rows = tables
      .filter(({ table }) => table.startsWith("Points"))
      .reduce((sum, table) => sum + table.rows, 0);
    const { least, most } = world.rows.get(item.id) ?? { least: 0, most: 0 };
    if (rows < least || rows > most)
      wrong.push(`its export has ${rows} rows, and it had ${least} to ${most}`);
  }
  return wrong;
}
