// The files of the run folder itself, in the order that makes a manifest a promise: it names what lies there already.
import type { DependencyGraph } from "../../core/dependency-graph.ts";
import { graphDot, graphJson, graphMermaid, usesCells } from "../../core/dependency-text.ts";
import { inventoryHeader, inventoryRow } from "../../core/inventory.ts";
import type { InventoryFacts } from "../../core/inventory-columns.ts";
import { itemLineText } from "../../core/item-line.ts";
import { type LogEvent, logLine } from "../../core/log-line.ts";
import { type ManifestFile, manifestText } from "../../core/manifest.ts";
import { type Result, ok } from "../../core/result.ts";
import { resultsText } from "../../core/results.ts";
import type { ItemLine, RunSummary } from "../../core/run.ts";
import type { Tally } from "../../core/tally.ts";
import { keepStream } from "./artifacts.ts";
import type { Run } from "./context.ts";
import { finalOutcomes } from "./done.ts";
import { workbookParts } from "./inventory-workbook.ts";
import { itemEvent, itemLine } from "./items.ts";
import { listRecords, requireRecord } from "./records.ts";

/**
 * items.jsonl, Inventory.csv, Inventory.xlsx, Full_log.log, the dependencies where there are some, Results.txt, then
 * manifest.json where the run has a listing. The manifest names the organisation's files too, which lie there already.
 */
export async function writeRunFiles(
  run: Run,
  summary: RunSummary,
  tally: Tally,
  graph: DependencyGraph | undefined,
): Promise<Result<void>> {
  const backups = await run.deps.backups(run.profile);
  if (!backups.ok) return backups;
  const target = { ...run, backups: backups.value };
  const files: ManifestFile[] = [...(summary.organisationKept?.files ?? [])];
  const facts: InventoryFacts = {
    portalBase: summary.portal?.base ?? null,
    ...(graph !== undefined && { uses: (id: string) => usesCells(graph, id) }),
  };
  const parts: readonly (readonly [string, () => AsyncGenerator<Uint8Array>])[] = [
    ["items.jsonl", () => encoded(itemsText(run))],
    ["Inventory.csv", () => encoded(inventory(run, facts))],
    ["Inventory.xlsx", () => run.deps.zipStream(workbookParts(itemLines(run), summary.counts.listed, facts))],
    ["Full_log.log", () => encoded(fullLog(run, summary.finishedAt))],
    ...(graph === undefined ? [] : dependencies(graph)),
    ["Results.txt", () => encoded(once(resultsText(summary, tally)))],
  ];
  for (const [name, bytes] of parts) {
    const kept = await keepStream(target, name, bytes(), { kind: "data", proof: "transit" }, () =>
      ok(undefined),
    );
    if (!kept.ok) return kept;
    files.push({ name, sizeBytes: kept.value.sizeBytes, hash: kept.value.hash });
  }
  // A run that never had a listing accounts for nothing: it is a report, not a restore point.
  if (summary.books === null) return ok(undefined);
  const manifest = await keepStream(
    target,
    "manifest.json",
    encoded(once(manifestText(summary, files))),
    { kind: "data", proof: "transit" },
    () => ok(undefined),
  );
  return manifest.ok ? ok(undefined) : manifest;
}

async function* itemLines(run: Run): AsyncGenerator<ItemLine> {
  for await (const kept of finalOutcomes(run)) yield itemLine(kept);
}

async function* itemsText(run: Run): AsyncGenerator<string> {
  for await (const line of itemLines(run)) yield itemLineText(line);
}

async function* inventory(run: Run, facts: InventoryFacts): AsyncGenerator<string> {
  yield inventoryHeader();
  for await (const line of itemLines(run)) yield inventoryRow(line, facts);
}

function dependencies(
  graph: DependencyGraph,
): readonly (readonly [string, () => AsyncGenerator<Uint8Array>])[] {
  return [
    ["dependencies.json", () => encoded(each(graphJson(graph)))],
    ["dependencies.dot", () => encoded(each(graphDot(graph)))],
    ["dependencies.mmd", () => encoded(each(graphMermaid(graph)))],
  ];
}

async function* each(parts: Iterable<string>): AsyncGenerator<string> {
  yield* parts;
}

/** Events of the steps and of the items by time; a line is short, so that even 100,000 of them sort in memory. */
async function* fullLog(run: Run, sealedAt: number): AsyncGenerator<string> {
  const lines: { readonly at: number; readonly text: string }[] = [];
  const add = (event: LogEvent) => lines.push({ at: event.at, text: logLine(event) });
  for await (const blob of listRecords(run.work, run.paths.log)) {
    for (const event of await requireRecord<readonly LogEvent[]>(run.work, blob.path)) add(event);
  }
  for await (const kept of finalOutcomes(run)) {
    // What was never reached has no time of its own.
    const event = itemEvent(kept);
    add(event.at === 0 ? { ...event, at: sealedAt } : event);
  }
  lines.sort((a, b) => a.at - b.at);
  for (const line of lines) yield `${line.text}\n`;
}

async function* once(text: string): AsyncGenerator<string> {
  yield text;
}

/** Text in blocks of some 64 KiB, so that a line is not a write of its own. */
export async function* encoded(text: AsyncGenerator<string>): AsyncGenerator<Uint8Array> {
  let pending = "";
  for await (const part of text) {
    pending += part;
    if (pending.length < 65_536) continue;
    yield Buffer.from(pending, "utf8");
    pending = "";
  }
  if (pending !== "") yield Buffer.from(pending, "utf8");
}
