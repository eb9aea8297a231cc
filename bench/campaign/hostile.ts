// What a portal may hold at its worst: thousands of cases through everything that reads it or writes of it, and some whole runs.
import { type Campaign, type CampaignGround, type CaseResult, count, random } from "./campaign.ts";
import { probeAnswers, probeListing } from "./hostile/answers-probe.ts";
import { probeArchives } from "./hostile/archives-probe.ts";
import { probeDrawings } from "./hostile/drawings-probe.ts";
import { probeHosts } from "./hostile/hosts-probe.ts";
import { probeImports } from "./hostile/imports-probe.ts";
import { lineOf, rawEntry } from "./hostile/items.ts";
import { polluted } from "./hostile/judges.ts";
import { probeNames } from "./hostile/names-probe.ts";
import { probeReports } from "./hostile/reports-probe.ts";
import { hostileRun } from "./hostile/whole-run.ts";
import type { Next } from "./hostile/texts.ts";

/** Each seed that it divides makes a whole run; the others stay in this process. */
const RUN_EVERY = 800;
const ENTRIES = 6;
/** Of the processor, which a machine at work takes no longer for: a case has some dozens. */
const MOST_MS = 4_000;

export const hostile: Campaign = {
  name: "hostile",
  about:
    "Titles, names, addresses, JSON and files that mean harm; nothing leaves its folder, its cell, its quotes or its line",
  count: 2_400,
  async *run(ground, { seed, count: cases }, figures) {
    for (let n = 0; n < cases; n += 1) yield await hostileCase(ground, seed + n, figures);
    figures.set("MiB at the end", Math.round(process.memoryUsage.rss() / 2 ** 20));
  },
};

async function hostileCase(
  ground: CampaignGround,
  seed: number,
  figures: Map<string, number>,
): Promise<CaseResult> {
  const isRun = seed % RUN_EVERY === 0;
  const wrong = isRun ? await hostileRun(ground, seed, figures) : await inProcess(seed, figures);
  return { name: isRun ? `whole run ${seed}` : `case ${seed}`, seed, wrong };
}

/** One case in this process: what is wrong with what comes of it. */
export async function inProcess(seed: number, figures: Map<string, number>): Promise<readonly string[]> {
  const next = random(seed);
  const before = process.cpuUsage();
  const wrong: string[] = [];
  const probe = async (
    name: string,
    look: (next: Next) => Promise<readonly string[]> | readonly string[],
  ) => {
    try {
      wrong.push(...(await look(next)).map((text) => `${name}: ${text}`));
    } catch (error) {
      wrong.push(
        `${name} threw ${error instanceof Error ? (error.stack ?? error.message).slice(0, 600) : String(error)}`,
      );
    }
  };
  const entries = Array.from({ length: ENTRIES }, () => rawEntry(next));
  const items = probeListing(entries, wrong);
  const lines = items.map((item) => lineOf(next, item));
  await probe("names", (numbers) => probeNames(numbers, items));
  await probe("reports", (numbers) => probeReports(numbers, lines));
  await probe("drawings", (numbers) => probeDrawings(numbers, items));
  await probe("hosts", probeHosts);
  await probe("answers", probeAnswers);
  await probe("imports", probeImports);
  await probe("archives", probeArchives);
  wrong.push(...polluted());
  const { user, system } = process.cpuUsage(before);
  const ms = (user + system) / 1000;
  if (ms > MOST_MS) wrong.push(`it took ${ms.toFixed(0)} ms of the processor`);
  count(figures, "items", items.length);
  figures.set(
    "ms of the processor at most",
    Math.max(figures.get("ms of the processor at most") ?? 0, Math.round(ms)),
  );
  return wrong;
}
