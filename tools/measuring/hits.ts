// What many processes ran of one script, added up per character.
import type { Profiler } from "node:inspector";

/** Adds how often each character of a script ran to `total`, an array as long as its text. */
export function addHits(total: Float64Array, functions: readonly Profiler.FunctionCoverage[]): void {
  const hits = new Uint32Array(total.length);
  const ranges = functions.flatMap((each) => each.ranges);
  // Of ranges within one another the innermost counts.
  ranges.sort((a, b) => b.endOffset - b.startOffset - (a.endOffset - a.startOffset));
  for (const { startOffset, endOffset, count } of ranges) hits.fill(count, startOffset, endOffset);
  for (let at = 0; at < hits.length; at += 1) total[at] = (total[at] ?? 0) + (hits[at] ?? 0);
}

/** The same as V8 tells it: one function of ranges side by side. */
export function asFunctions(total: Float64Array): Profiler.FunctionCoverage[] {
  const ranges: Profiler.CoverageRange[] = [];
  let start = 0;
  for (let at = 1; at <= total.length; at += 1) {
    if (at < total.length && total[at] === total[start]) continue;
    ranges.push({ startOffset: start, endOffset: at, count: total[start] ?? 0 });
    start = at;
  }
  return [{ functionName: "", isBlockCoverage: true, ranges }];
}
