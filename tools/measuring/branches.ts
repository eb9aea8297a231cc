// The branches of a source file and how often each way was taken, whoever ran it: vitest, which transforms the source, a
// host, which runs the bundle, or a command, which runs the source itself. All are brought onto the branches of the source.
import { readFile } from "node:fs/promises";
import { SourceMap, stripTypeScriptTypes } from "node:module";
import type { Profiler } from "node:inspector";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { convert } from "ast-v8-to-istanbul";
import { parseAstAsync } from "vitest/node";

interface Place {
  readonly line: number;
  readonly column: number;
}

/** Of Istanbul's form of coverage: what is needed here. */
export interface FileCoverage {
  readonly path: string;
  readonly branchMap: Readonly<Record<string, { readonly type: string; readonly loc: { start: Place } }>>;
  readonly b: Readonly<Record<string, readonly number[]>>;
}

export interface Branch {
  readonly type: string;
  /** Of the whole branch in the source; lines from 1, columns from 0. */
  readonly start: Place;
  /** How often each way was taken, in the order of the source. */
  readonly taken: number[];
}

/** The branches of a source file, none of them taken. */
export async function branchesOf(file: string): Promise<Branch[]> {
  const coverage = await convertSource(file, []);
  return entries(coverage).map((each) => ({ ...each, taken: each.taken.map(() => 0) }));
}

/** Adds one measurement of a file; returns how many of its taken branches are none of the source's. */
export function addTaken(branches: readonly Branch[], coverage: FileCoverage): number {
  const byKey = new Map(branches.map((branch) => [keyOf(branch), branch]));
  const elsewhere: Branch[] = [];
  for (const found of entries(coverage)) {
    const branch = byKey.get(keyOf(found));
    if (branch === undefined) elsewhere.push(found);
    else add(branch, found);
    byKey.delete(keyOf(found));
  }
  // A source map knows tokens: what begins after a parenthesis or an `else` is found a little beside its place.
  let strange = 0;
  for (const found of elsewhere) {
    const key = [...byKey].find(([, branch]) => isNear(branch, found))?.[0];
    const branch = key === undefined ? undefined : byKey.get(key);
    if (key === undefined || branch === undefined) strange += found.taken.some((count) => count > 0) ? 1 : 0;
    else {
      add(branch, found);
      byKey.delete(key);
    }
  }
  return strange;
}

function add(branch: Branch, found: Branch): void {
  found.taken.forEach((count, way) => (branch.taken[way] = (branch.taken[way] ?? 0) + count));
}

function isNear(a: Branch, b: Branch): boolean {
  const isSame = a.type === b.type && a.taken.length === b.taken.length;
  return isSame && Math.abs(a.start.line - b.start.line) <= 1;
}

/** Coverage of a file that ran as it lies there: Node blanks its types, so that every offset is the source's. */
export async function convertSource(
  file: string,
  functions: Profiler.FunctionCoverage[],
): Promise<FileCoverage> {
  const code = stripTypeScriptTypes(await readFile(file, "utf8"));
  const url = pathToFileURL(file).href;
  const map = await convert({ code, coverage: { url, functions }, ast: parseAstAsync(code) });
  return (map as Record<string, FileCoverage>)[file] ?? { path: file, branchMap: {}, b: {} };
}

/** Coverage of the sources within a bundle; `isWanted` takes a source's absolute path. */
export async function convertBundle(
  bundle: string,
  map: string,
  functions: Profiler.FunctionCoverage[],
  isWanted: (source: string) => boolean,
): Promise<readonly FileCoverage[]> {
  const code = await readFile(bundle, "utf8");
  const payload = JSON.parse(map) as ConstructorParameters<typeof SourceMap>[0];
  const sources = new SourceMap(payload);
  const url = pathToFileURL(bundle).href;
  const ast = await parseAstAsync(code);
  // Most of a bundle is packages. A statement of its outermost level comes from one source.
  const lineOf = lines(code);
  ast.body = ast.body.filter(({ start }) => {
    const entry: { originalSource?: string } = sources.findEntry(...lineOf(start));
    const source = entry.originalSource;
    return source !== undefined && isWanted(path.resolve(path.dirname(bundle), source));
  });
  const converted = await convert({
    code,
    sourceMap: payload,
    coverage: { url, functions },
    ast,
  });
  return Object.values(converted as Record<string, FileCoverage>).filter((file) => isWanted(file.path));
}

/** Line and column, both from 0, of an offset. */
function lines(code: string): (offset: number) => [number, number] {
  const starts = [0];
  for (let at = code.indexOf("\n"); at >= 0; at = code.indexOf("\n", at + 1)) starts.push(at + 1);
  return (offset) => {
    let [low, high] = [0, starts.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return [low, offset - (starts[low] ?? 0)];
  };
}

function entries({ branchMap, b }: FileCoverage): readonly Branch[] {
  return Object.entries(branchMap).map(([id, { type, loc }]) => ({
    type,
    start: loc.start,
    taken: [...(b[id] ?? [])],
  }));
}

function keyOf({ type, start, taken }: Branch): string {
  return `${type} ${start.line}:${start.column} ${taken.length}`;
}
