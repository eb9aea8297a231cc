// People who go on working while a run goes on: nobody's quiet item suffers, and what moved is saved as it was once, or told.
import { type Campaign, type CampaignGround, type CaseResult, count, random } from "./campaign.ts";
import { changesOf } from "./churn/changes.ts";
import { judge } from "./churn/judge.ts";
import { hashOf, seedWorld, World } from "./churn/world.ts";
import { oneOf } from "./hostile/texts.ts";
import { books, unproved } from "./sealed-run.ts";
import { wholeCase } from "./whole-case.ts";

export const churn: Campaign = {
  name: "churn",
  about:
    "Items made, edited, moved, deleted, tokens revoked in the middle of runs; what is saved was true once, the rest is told",
  count: 12,
  async *run(ground, { seed, count: cases }, figures) {
    for (let n = 0; n < cases; n += 1) yield await churnCase(ground, seed + n, figures);
  },
};

/** The case that follows from the seed. */
export async function churnCase(
  ground: CampaignGround,
  seed: number,
  figures: Map<string, number>,
): Promise<CaseResult> {
  const next = random(seed);
  const world = new World();
  // One in eight loses its account, and must say so.
  const lockedOut = next() < 0.125;
  const portal = {
    kind: oneOf(next, ["online", "enterprise"]),
    seed: (at: Parameters<typeof seedWorld>[0]) => {
      seedWorld(at, world);
      at.state.faults.add(...changesOf(next, at.state, world, lockedOut));
    },
  };
  const profile = { exports: { lanes: 2 } };
  const wrong = await wholeCase(ground, { portal, profile, inFolder: false }, async (ended) => {
    const { point, status } = ended;
    count(figures, "changes", world.done.length);
    count(figures, `runs ${status.verdict ?? "without an end"}`);
    const isLocked = world.done.some((text) => text.startsWith("disable backup_admin"));
    if (point === undefined) {
      return isLocked && status.verdict === "failed"
        ? []
        : [`the run sealed nothing: ${status.failure?.text ?? ""}`];
    }
    return [
      ...books(ended, isLocked),
      ...(await unproved(point, hashOf)),
      ...(await judge(ended, point, world, isLocked, figures)),
    ];
  });
  const told = wrong.length === 0 ? [] : [`what was done: ${world.done.join(", ")}`];
  return { name: `case ${seed}`, seed, wrong: [...wrong, ...told] };
}
