// The host is killed (-9) twice in each run and started again.
import type { Phase } from "../../src/core/run.ts";
import { type Campaign, count, random } from "./campaign.ts";
import { mixedSeed, openScene } from "./runs.ts";

const KILLS = 2;
/** One case in so many is killed in a burst around the moment when it seals. */
const AT_THE_END = 5;

export const kill: Campaign = {
  name: "kill",
  about: `the host is killed (-9) ${KILLS} times at random instants of each run: an equal restore point, nothing left at the portal`,
  count: 25,
  async *run(ground, { seed, count: cases }, figures) {
    const scene = await openScene(ground, "online", mixedSeed, { tiles: { switchExportOn: true } });
    try {
      for (let n = 0; n < cases; n += 1) {
        const next = random(seed + n);
        const phases: (Phase | "before the start")[] = [];
        const wrong: string[] = [];
        try {
          const point = await scene.run({}, async ({ status, restart }) => {
            for (let kills = 0; kills < KILLS; kills += 1) {
              const isLate = (seed + n) % AT_THE_END === 0;
              if (isLate) await until(async () => LATE.has((await status()).phase), scene.tookMs * 3);
              await new Promise((resolve) =>
                setTimeout(resolve, isLate ? next() * 400 : (next() * scene.tookMs) / KILLS),
              );
              phases.push((await status()).phase);
              await restart();
            }
          });
          wrong.push(...scene.compare(point));
        } catch (error) {
          wrong.push(String(error).slice(0, 600));
        }
        for (const phase of phases) count(figures, `kills while ${phase}`);
        yield { name: `killed while ${phases.join(" and ")}`, seed: seed + n, wrong };
      }
    } finally {
      await scene.close();
    }
  },
};

const LATE: ReadonlySet<string> = new Set(["sweeping", "sealing", "sealed"] satisfies Phase[]);

async function until(is: () => Promise<boolean>, mostMs: number): Promise<void> {
  for (const end = performance.now() + mostMs; performance.now() < end;) {
    if (await is()) return;
    await new Promise((resolve) => setTimeout(resolve, 40));
  }
}
