// The files of the run folder itself, in the order that makes a manifest a promise: it names what lies there already.
import type { DependencyGraph } from "../../core/dependency-graph.ts";
import { graphDot, graphJson, graphMermaid, usesCells } from "../../core/dependency-text.ts";
import { inventoryHeader, inventoryRow } from "../../core/inventory.ts";
import { itemLineText } from "../../core/item-line.ts";
import { type LogEvent, logLine } from "../../core/log-line.ts";
import { type ManifestFile, manifestText } from "../../core/manifest.ts";
import { type Result, ok } from "../../core/result.ts";
import { resultsText } from "../../core/results.ts";
import type { RunSummary } from "../../core/run.ts";
import type { Tally } from "../../core/tally.ts";
import { keepStream } from "./artifacts.ts";
import type { Run } from "./context.ts";
import { finalOutcomes } from "./done.ts";
import { itemEvent, itemLine } from "./items.ts";
import { listRecords, requireRecord } from "./records.ts";

/**
 * items.jsonl, Inventory.csv, Full_log.log, the dependencies where there are some, Results.txt, then manifest.json where the
 * run has a listing. The manifest names the organisation's files too, which lie there already.
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
  const parts: readonly (readonly [string, () => AsyncGenerator<string>])[] = [
    ["items.jsonl", () => itemLines(run)],
    ["Inventory.csv", () => inventory(run, graph)],
    ["Full_log.log", () => fullLog(run, summary.finishedAt)],
    ...(graph === undefined ? [] : dependencies(graph)),
    ["Results.txt", () => once(resultsText(summary, tally))],
  ];
  for (const [name, text] of parts) {
    const kept = await keepStream(target, name, encoded(text()), { kind: "data", proof: "transit" }, () =>
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

async function* itemLines(run: Run): AsyncGenerator<string> {
  for await (const kept of finalOutcomes(run)) yield itemLineText(itemLine(kept));
}

async function* inventory(run: Run, graph: DependencyGraph | undefined): AsyncGenerator<string> {
  yield inventoryHeader(graph !== undefined);
  for await (const kept of finalOutcomes(run)) {
    yield inventoryRow(itemLine(kept), graph && usesCells(graph, kept.planned.item.id));
  }
}

function dependencies(graph: DependencyGraph): readonly (readonly [string, () => AsyncGenerator<string>])[] {
  return [
    ["dependencies.json", () => each(graphJson(graph))],
    ["dependencies.dot", () => each(graphDot(graph))],
    ["dependencies.mmd", () => each(graphMermaid(graph))],
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
