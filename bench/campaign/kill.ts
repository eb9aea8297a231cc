// The host is killed (-9) twice in each run and started again: at random instants, near the run's end, and in the very moment
// when the portal has done what it was asked for and nobody has written that down yet.
import type { SamplePortal } from "../../test/portal/portal.ts";
import { type Campaign, count, random } from "./campaign.ts";
import { type During, type Scene, mixedSeed, openScene } from "./runs.ts";

type Running = Parameters<During>[0];
type Aim = (scene: Scene, running: Running, next: () => number) => Promise<string>;

const LATE: ReadonlySet<string> = new Set(["sweeping", "sealing", "sealed"]);

const anytime: Aim = async (scene, { status }, next) => {
  await pause((next() * scene.tookMs) / 2);
  return (await status()).phase;
};

const nearItsEnd: Aim = async (scene, { status }, next) => {
  await until(async () => LATE.has((await status()).phase), scene.tookMs * 3);
  await pause(next() * 400);
  return (await status()).phase;
};

/** An act of the portal: it is done, and its answer never comes. */
const after =
  (path: string): Aim =>
  async ({ portal, tookMs }) => {
    portal.faults.add({ match: { path, nth: 1 }, answer: { hang: "after" } });
    await until(async () => hasFired(portal), tookMs * 2);
    const words = hasFired(portal) ? `an answer to ${path} is on its way` : "no answer is on its way";
    portal.faults.clear();
    return words;
  };

/** Case n takes the n-th pair. */
const AIMS: readonly (readonly Aim[])[] = [
  [anytime, anytime],
  [after("/export$"), anytime],
  [anytime, nearItsEnd],
  [after("/exportTiles$"), after("/edit$")],
  [anytime, anytime],
  [after("/edit$"), after("/delete$")],
  [after("/export$"), after("/exportTiles$")],
  [after("/delete$"), nearItsEnd],
];

export const kill: Campaign = {
  name: "kill",
  about:
    "the host is killed (-9) twice in each run, at random and in the worst moments: an equal restore point, nothing left at the portal",
  count: 25,
  async *run(ground, { seed, count: cases }, figures) {
    const scene = await openScene(ground, "online", mixedSeed, { tiles: { switchExportOn: true } });
    try {
      for (let n = 0; n < cases; n += 1) {
        const next = random(seed + n);
        const moments: string[] = [];
        const wrong: string[] = [];
        try {
          const point = await scene.run({}, async (running) => {
            for (const aim of AIMS[(seed + n) % AIMS.length] ?? []) {
              moments.push(await aim(scene, running, next));
              await running.restart();
            }
          });
          wrong.push(...scene.compare(point));
        } catch (error) {
          wrong.push(String(error).slice(0, 600));
        }
        scene.portal.faults.clear();
        for (const moment of moments) count(figures, `kills while ${moment}`);
        yield { name: `killed while ${moments.join(" and ")}`, seed: seed + n, wrong };
      }
    } finally {
      await scene.close();
    }
  },
};

function hasFired(portal: SamplePortal): boolean {
  return portal.faults.fired.some((times) => times > 0);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

async function until(is: () => Promise<boolean>, mostMs: number): Promise<void> {
  for (const end = performance.now() + mostMs; performance.now() < end;) {
    if (await is()) return;
    await pause(20);
  }
}
