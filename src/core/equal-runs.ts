// Whether two runs over the same portal hold the same: item, outcome, strategy, path, content of direct artifacts.
// Times, attempts, and the bytes of exports (which the portal makes anew each time) may differ.
import type { Artifact, Outcome } from "./outcome.ts";
import { printable } from "./printable.ts";
import type { Counts, ItemLine, Verdict } from "./run.ts";

/** What is compared of a sealed run; a parsed manifest fits. */
export interface SealedRun {
  readonly manifest: { readonly verdict: Verdict; readonly counts: Counts };
  readonly items: readonly ItemLine[];
}

/** Every difference in words, `a` first; none = equal. An item that occurs twice in one run is a difference too. */
export function equalRuns(a: SealedRun, b: SealedRun): readonly string[] {
  const [inA, inB] = [byId(a.items), byId(b.items)];
  return [
    ...differ("verdict", a.manifest.verdict, b.manifest.verdict),
    ...differ("counts", a.manifest.counts, b.manifest.counts),
    ...twice("first", a.items),
    ...twice("second", b.items),
    ...[...inA].flatMap(([id, line]) => {
      const other = inB.get(id);
      return other === undefined ? [`${nameOf(line)}: only in the first run`] : differences(line, other);
    }),
    ...[...inB].filter(([id]) => !inA.has(id)).map(([, line]) => `${nameOf(line)}: only in the second run`),
  ];
}

function differences(a: ItemLine, b: ItemLine): string[] {
  return differ("", comparable(a), comparable(b)).map((text) => `${nameOf(a)}${text}`);
}

/** The line without what may differ: `size` is a hint that the portal refreshes late, `found` depends on its index. */
function comparable({ item, outcome }: ItemLine): Record<string, unknown> {
  return {
    item: Object.fromEntries(Object.entries(item).filter(([key]) => key !== "size" && key !== "found")),
    state: outcome.state,
    strategy: outcome.strategy,
    unknownType: outcome.unknownType ?? false,
    ...finalWords(outcome),
    artifacts: Object.fromEntries(outcome.artifacts.map((artifact) => [artifact.path, content(artifact)])),
  };
}

function finalWords(outcome: Outcome): Record<string, unknown> {
  switch (outcome.state) {
    case "saved":
      return { loss: outcome.loss.map(({ kind, text }) => `${kind}: ${text}`).sort() };
    case "unchanged":
      return { since: outcome.since };
    case "skipped":
      return { cause: outcome.cause, coveredBy: [...outcome.coveredBy].sort() };
    case "failed":
      return { reason: outcome.failure.reason };
  }
}

function content({ kind, sizeBytes, hash, entries, tables, name }: Artifact): Record<string, unknown> {
  if (kind === "export") {
    return {
      kind,
      tables: (tables ?? []).map((table) => `${table.name}: ${String(table.rows)} rows`).sort(),
    };
  }
  const inside = (entries ?? []).map((entry) => [
    entry.name,
    `${String(entry.sizeBytes)} bytes ${entry.hash}`,
  ]);
  return { kind, sizeBytes, hash, name: name ?? "", entries: Object.fromEntries(inside) as unknown };
}

/** Every place where two JSON values differ, as ` path: x against y`. */
function differ(path: string, a: unknown, b: unknown): string[] {
  if (isRecord(a) && isRecord(b)) {
    return [...new Set([...Object.keys(a), ...Object.keys(b)])].flatMap((key) =>
      differ(path === "" ? ` ${key}` : `${path} ${key}`, own(a, key), own(b, key)),
    );
  }
  const [left, right] = [JSON.stringify(a) ?? "nothing", JSON.stringify(b) ?? "nothing"];
  return left === right ? [] : [`${path}: ${printable(left, 200)} against ${printable(right, 200)}`];
}

function own(record: Readonly<Record<string, unknown>>, key: string): unknown {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function byId(lines: readonly ItemLine[]): ReadonlyMap<string, ItemLine> {
  return new Map(lines.map((line) => [line.item.id, line]));
}

function twice(which: string, lines: readonly ItemLine[]): string[] {
  const seen = new Set<string>();
  return lines
    .filter(({ item }) => seen.has(item.id) || !seen.add(item.id))
    .map((line) => `${nameOf(line)}: more than once in the ${which} run`);
}

function nameOf({ item }: ItemLine): string {
  return `${item.id} "${printable(item.title, 60)}"`;
}
