// Every activity is delivered twice.
import type { Redeliver } from "../../src/local/host/durable/activity-pool.ts";
import { ladderSeed } from "../../test/portal/seed/ladder.ts";
import { smallSeed } from "../../test/portal/seed/small.ts";
import { type Campaign, count } from "./campaign.ts";
import { mixedSeed, openScene } from "./runs.ts";

const SEEDS = [
  ["tiles and exports", mixedSeed],
  ["small", smallSeed],
  ["ladder", ladderSeed],
] as const;
const KINDS = ["online", "enterprise"] as const;
const MODES: readonly Redeliver[] = ["after", "at-once", "shuffled"];

/** Every combination; case n takes the n-th from the seed on. */
const CASES = SEEDS.flatMap(([name, seed]) =>
  KINDS.flatMap((kind) => MODES.map((mode) => ({ name, seed, kind, mode }))),
);

export const twice: Campaign = {
  name: "twice",
  about:
    "every activity is delivered twice: at once, later, and in both orders of completion; nothing may differ",
  count: CASES.length,
  async *run(ground, { seed, count: cases }, figures) {
    const wanted = Array.from({ length: Math.min(cases, CASES.length) }, (_, n) => (seed + n) % CASES.length);
    // The cases of one portal come together: an undisturbed run is made for each portal.
    for (const [, group] of Map.groupBy(
      wanted.toSorted((a, b) => a - b),
      (n) => Math.floor(n / MODES.length),
    )) {
      const first = CASES[group[0] ?? 0];
      if (first === undefined) continue;
      const scene = await openScene(ground, first.kind, first.seed, {
        tiles: { switchExportOn: true },
        exports: { lanes: 6 },
      });
      try {
        for (const n of group) {
          const { name, kind, mode } = CASES[n] ?? first;
          const wrong: string[] = [];
          try {
            wrong.push(...scene.compare(await scene.run({ redeliver: mode })));
          } catch (error) {
            wrong.push(String(error).slice(0, 600));
          }
          count(figures, mode);
          yield { name: `${name} at ${kind}, ${mode}`, seed: n, wrong };
        }
      } finally {
        await scene.close();
      }
    }
  },
};
