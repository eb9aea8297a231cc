// A whole run over a hostile portal, into a container or a folder, laid out as files afterwards.
import { createHash } from "node:crypto";
import { readdir } from "node:fs/promises";
import path from "node:path";
import { LAYOUTS, PATH_LIMIT } from "../../../src/core/names.ts";
import { layOut } from "../../../src/local/restore-point/lay-out.ts";
import { openRestorePoint } from "../../../src/local/restore-point/restore-point.ts";
import { sha256Of } from "../../../test/portal/content.ts";
import { bundleEntries, type RestorePoint, value } from "../../../test/run/restore-point.ts";
import { type CampaignGround, count, random } from "../campaign.ts";
import { books, leaks, unproved } from "../sealed-run.ts";
import { type WholeCase, wholeCase } from "../whole-case.ts";
import { csvRows, isRun, wrongPath, wrongText, wrongTogether } from "./judges.ts";
import { hostileSeed } from "./seed.ts";
import { oneOf } from "./texts.ts";

/** What is wrong with the run that follows from the seed. */
export function hostileRun(
  ground: CampaignGround,
  seed: number,
  figures: Map<string, number>,
): Promise<readonly string[]> {
  const next = random(seed);
  const inFolder = next() < 0.6;
  const profile = { layout: oneOf(next, LAYOUTS), dependencies: true };
  const portal = {
    kind: oneOf(next, ["online", "enterprise"]),
    seed: hostileSeed(next),
  } as const;
  return wholeCase(ground, { portal, profile, inFolder }, async (ended) => {
    const { point, status } = ended;
    count(figures, "whole runs");
    count(figures, "items saved in them", status.counts.saved);
    if (point === undefined) return [`the run sealed nothing: ${status.failure?.text ?? "no reason"}`];
    return [
      ...books(ended),
      ...unlisted(ended, point),
      ...(await saved(ended, point)),
      ...(await unproved(point, (bytes) => createHash("sha256").update(bytes).digest("hex"))),
      ...point.blobs.flatMap((each) => wrongPath(each, PATH_LIMIT)),
      ...wrongTogether(point.blobs),
      ...(await readable(ended, point)),
      ...(await onDisk(ended, point)),
      ...(await laidOut(ended)),
      ...(await leaks(ended)),
    ];
  });
}

/** Items of the portal that neither have an outcome nor belong to a member whose content is told as not listed. */
function unlisted({ portal }: WholeCase, { items, manifest }: RestorePoint): readonly string[] {
  const listed = new Set(items.map(({ item }) => item.id));
  const told = new Set(manifest.books?.unlisted.map(({ username }) => username));
  return [...portal.state.items.values()]
    .filter(({ id, owner }) => !listed.has(id) && !told.has(owner))
    .map(({ fields }) => `nothing is told of ${JSON.stringify(fields.title.slice(0, 80))}`);
}

/** What is saved without a loss is what the portal has. */
async function saved({ portal }: WholeCase, point: RestorePoint): Promise<readonly string[]> {
  const wrong: string[] = [];
  for (const { item, outcome } of point.items) {
    const source = portal.state.items.get(item.id);
    const entries = await bundleEntries(point, outcome.artifacts);
    wrong.push(
      ...[...entries.keys()].flatMap((name) => wrongPath(name, PATH_LIMIT)),
      ...wrongTogether([...entries.keys()]),
    );
    if (outcome.state !== "saved" || outcome.loss.length > 0 || source === undefined) continue;
    const file = outcome.artifacts.find(({ kind }) => kind === "data");
    const stored = file === undefined ? entries.get("data") : await point.read(file.path);
    if (source.data.kind !== "none" && source.data.content.size > 0) {
      const hash = stored === undefined ? "none" : createHash("sha256").update(stored).digest("hex");
      if (hash !== sha256Of(source.data.content))
        wrong.push(`the data of ${item.id} are others than the portal's`);
    }
    const kept = [...entries.keys()].filter((name) => name.startsWith("resources/")).length;
    if (kept !== source.resources.length)
      wrong.push(`${item.id} has ${kept} of ${source.resources.length} resources`);
  }
  return wrong;
}

async function readable({ app, runId }: WholeCase, point: RestorePoint): Promise<readonly string[]> {
  const texts = ["Results.txt", "Full_log.log", "dependencies.dot", "dependencies.mmd"];
  const csv = (await point.read("Inventory.csv")).toString("utf8").replace(/^\uFEFF/, "");
  const rows = csvRows(csv);
  const run = rows.slice(1).flat().find(isRun);
  const wrong = [
    ...(rows.length === point.items.length + 1 ? [] : [`Inventory.csv has ${rows.length} rows`]),
    ...(run === undefined ? [] : [`a cell of the CSV is a formula: ${JSON.stringify(run.slice(0, 80))}`]),
    ...wrongText("the answer /summary", (await app.call("GET", `backups/${runId}/summary`)).text),
  ];
  for (const name of texts) wrong.push(...wrongText(name, (await point.read(name)).toString("utf8")));
  return wrong;
}

/** In the folder lie the run's own files and the store's records, and beside it nothing. */
async function onDisk({ folder, status }: WholeCase, { blobs }: RestorePoint): Promise<readonly string[]> {
  if (folder === undefined) return [];
  const beside = (await readdir(path.dirname(folder))).filter((name) => !["backups", "state"].includes(name));
  const above = (await readdir(folder)).filter((name) => name !== ".store" && name !== status.folder);
  const files = await filesIn(path.join(folder, status.folder));
  const partial = await readdir(path.join(folder, ".store", "partial"));
  return [
    ...[...beside, ...above].map((name) => `${JSON.stringify(name)} lies outside of the run's folder`),
    ...files
      .filter((name) => !blobs.includes(name))
      .map((name) => `no blob is the file ${JSON.stringify(name)}`),
    ...(files.length === blobs.length ? [] : [`${blobs.length} blobs are ${files.length} files`]),
    ...partial.map((name) => `${name} was not written to its end`),
  ];
}

async function laidOut({ backups, status, stateFolder }: WholeCase): Promise<readonly string[]> {
  const point = value(await openRestorePoint(backups, status.folder));
  if (point === undefined) return ["the restore point cannot be opened"];
  const out = path.join(path.dirname(stateFolder), "out");
  const wrong: string[] = [];
  const laid = await layOut(point, {
    ...{ out, only: undefined, progress: () => undefined },
    tell: ({ text }) => wrong.push(`laying out: ${text}`),
    interrupted: new AbortController().signal,
  });
  if (!laid.ok) return [...wrong, `laying out: ${laid.failure.text}`];
  const files = await filesIn(out);
  const beside = (await readdir(path.dirname(out))).filter(
    (name) => !["backups", "state", "out"].includes(name),
  );
  return [
    ...wrong,
    ...beside.map((name) => `${JSON.stringify(name)} lies outside of what is laid out`),
    ...files.flatMap((name) => wrongPath(name, Infinity)),
    ...wrongTogether(files),
  ];
}

async function filesIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).split(path.sep).join("/"));
}
