// One case at the portal: a call, a fault, once or always, in a run over a small portal of its own.
import { random } from "../campaign.ts";
import { type CallName, CALLS } from "./calls.ts";
import { drive } from "./drive.ts";
import type { Elsewhere } from "./elsewhere.ts";
import { beforeOf, observe, secretsOf, wrongIn } from "./judge.ts";
import { type KindName, KINDS, type Kind } from "./kinds.ts";
import { type Scene, type SceneName, SCENES } from "./scenes.ts";
import { look, type Seen } from "./seen.ts";
import { makeWorld } from "./world.ts";

export interface PortalCase {
  readonly call: CallName;
  readonly kind: KindName;
  readonly often: "once" | "always";
}

export interface Ended {
  /** As `observe` tells it. */
  readonly outcome: string;
  readonly wrong: readonly string[];
  readonly requests: number;
}

/** Runs without a fault, one for each scene; asked for once. */
export function undisturbedRuns(): (scene: SceneName) => Promise<Seen> {
  const known = new Map<SceneName, Promise<Seen>>();
  return (name) => {
    const running = known.get(name) ?? undisturbed(SCENES[name]);
    known.set(name, running);
    return running;
  };
}

async function undisturbed(scene: Scene): Promise<Seen> {
  const world = await makeWorld(scene);
  try {
    world.sample.faults.add(...(scene.always ?? []));
    const { thrown } = await drive(world);
    const seen = await look(world);
    if (seen === undefined || thrown.length > 0)
      throw new Error(`The scene ${scene.name} does not run: ${thrown.join()}`);
    return seen;
  } finally {
    await world.stop();
  }
}

export interface PortalMeans {
  readonly elsewhere: Elsewhere;
  readonly usual: (scene: SceneName) => Promise<Seen>;
  /** Deadline of the client where something hangs. */
  readonly answerMs?: number;
}

export async function portalCase(
  { call, kind, often }: PortalCase,
  seed: number,
  { elsewhere, usual, answerMs = 250 }: PortalMeans,
): Promise<Ended> {
  const { scene: name, match } = CALLS[call];
  const scene: Scene = SCENES[name];
  const { answer, ...rest }: Kind = KINDS[kind];
  const draw = random(seed);
  const place = elsewhere.address(String(seed), draw() < 0.5 ? "page" : "json");
  const world = await makeWorld(scene, rest.hangs === true ? { answerMs } : {});
  try {
    const { sample } = world;
    const rule = {
      match: { ...match, times: often === "once" ? 1 : "always" },
      answer: answer({ random: draw, elsewhere: place }),
    } as const;
    sample.faults.add(rule, ...(scene.always ?? []));
    const before = beforeOf(sample);
    const driven = await drive(world);
    const seen = await look(world);
    const requests = sample.state.requests.length;
    if (seen === undefined)
      return { outcome: "not sealed", wrong: [`the run was not sealed: ${driven.thrown.join()}`], requests };
    const undisturbed = await usual(name);
    const sent = elsewhere.sent(String(seed)).join();
    return {
      outcome: observe({ seen, undisturbed }),
      wrong: [
        ...(sample.faults.fired[0] === 0 ? ["the call was never made"] : []),
        ...wrongIn({ sample, driven, seen, undisturbed, before }),
        ...(secretsOf(sample).some((secret) => sent.includes(secret))
          ? ["a secret went to another host"]
          : []),
      ],
      requests,
    };
  } finally {
    await world.stop();
  }
}
