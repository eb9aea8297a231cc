// Many short runs on one host: what grows with them leaks.
import { mkdtemp, readFile, readdir, rm, stat } from "node:fs/promises";
import path from "node:path";
import { startPortal } from "../../test/portal/portal.ts";
import { leanSeed } from "../../test/portal/seed/lean.ts";
import { type App, PASSWORD, follow, sampleProfile, startApp, startRun } from "../../test/run/app.ts";
import type { Campaign } from "./campaign.ts";
import { heapOf } from "./heap.ts";
import { SCALE } from "./runs.ts";

const KIB = 1024;
/** What a run may leave in the host's database: its history is kept for 30 days, and then purged. */
const DATABASE_KIB_A_RUN = 200;
/** What a run may leave in memory once everything has been collected: what the host tells of it to whoever asks. */
const HEAP_KIB_A_RUN = 80;
/** Runs of a third from which on the code itself, once compiled, takes no more of the heap. */
const SETTLED = 8;
/** Last third against the one before it: noise of the collector. */
const MEMORY = { factor: 1.1, kib: 24 * KIB };
const HANDLES = 6;

interface Measured {
  /** What is alive, collected just before. */
  readonly heapKib: number;
  readonly rssKib: number;
  readonly handles: number;
  readonly stateKib: number;
}

export const soak: Campaign = {
  name: "soak",
  about:
    "short runs one after another on one host: memory and handles stay flat, the database grows by the history alone",
  count: 40,
  async *run(ground, { seed, count: runs }, figures) {
    const portal = await startPortal({
      scale: SCALE,
      password: PASSWORD,
      seed: leanSeed({ maps: 6, layers: 1, minutes: 1 }),
    });
    const folder = await mkdtemp(path.join(ground.folder, "state-"));
    const profile = sampleProfile(portal.url, "soak");
    const app = await startApp(profile, {
      stateFolder: folder,
      connection: ground.connection,
      scale: SCALE,
      env: { NODE_OPTIONS: `${process.env["NODE_OPTIONS"] ?? ""} --inspect=127.0.0.1:0`.trim() },
    });
    const measured: Measured[] = [];
    try {
      for (let n = 0; n < runs; n += 1) {
        const id = await startRun(app, profile.name);
        const verdict = (await follow(app, id)).at(-1)?.verdict;
        measured.push(await measure(app, folder));
        const wrong = verdict === "succeeded" ? [] : [`the run ended as ${String(verdict)}`];
        // A run's id counts whole seconds: two in the same one are one.
        await new Promise((resolve) => setTimeout(resolve, 1_000));
        if (n < runs - 1) yield { name: `run ${n + 1}`, seed: seed + n, wrong };
        else yield { name: "growth", seed, wrong: [...wrong, ...growth(measured, figures)] };
      }
    } finally {
      await app.kill();
      await portal.stop();
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    }
  },
};

/** Zeros where the system does not tell (it does on Linux). */
async function measure({ pid, log }: App, folder: string): Promise<Measured> {
  const heapKib = Math.round((await heapOf(log())) / KIB);
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  const handles = await readdir(`/proc/${pid}/fd`).catch(() => []);
  return {
    heapKib,
    rssKib: Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0),
    handles: handles.length,
    stateKib: Math.round((await sizeOf(folder)) / KIB),
  };
}

async function sizeOf(folder: string): Promise<number> {
  let bytes = 0;
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) bytes += (await stat(path.join(entry.parentPath, entry.name))).size;
  }
  return bytes;
}

function growth(measured: readonly Measured[], figures: Map<string, number>): readonly string[] {
  const third = Math.floor(measured.length / 3);
  if (third < 1) return [];
  const middle = measured.slice(third, 2 * third);
  const last = measured.slice(-third);
  const mean = (of: readonly Measured[], what: keyof Measured) =>
    Math.round(of.reduce((sum, each) => sum + each[what], 0) / of.length);
  const memory = [mean(middle, "rssKib"), mean(last, "rssKib")] as const;
  const handles = [mean(middle, "handles"), mean(last, "handles")] as const;
  const heap = (mean(last, "heapKib") - mean(middle, "heapKib")) / third;
  const aRun = Math.round((mean(last, "stateKib") - mean(middle, "stateKib")) / third);
  figures.set("MB of memory in the middle", Math.round(memory[0] / KIB));
  figures.set("MB at the end", Math.round(memory[1] / KIB));
  figures.set("MB of heap at the end", Math.round(mean(last, "heapKib") / KIB));
  figures.set("kB of heap a run", Math.round(heap));
  figures.set("handles in the middle", handles[0]);
  figures.set("handles at the end", handles[1]);
  figures.set("kB of state a run", aRun);
  return [
    ...(third >= SETTLED && heap > HEAP_KIB_A_RUN
      ? [`what is alive in memory grows by ${Math.round(heap)} kB a run`]
      : []),
    ...(memory[1] > memory[0] * MEMORY.factor + MEMORY.kib
      ? [`memory grows: ${memory[0]} kB in the middle third, ${memory[1]} kB in the last`]
      : []),
    ...(handles[1] > handles[0] + HANDLES
      ? [`open handles grow: ${handles[0]} in the middle third, ${handles[1]} in the last`]
      : []),
    ...(aRun > DATABASE_KIB_A_RUN ? [`the state grows by ${aRun} kB a run`] : []),
  ];
}
