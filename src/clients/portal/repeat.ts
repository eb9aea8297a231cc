// The one loop that waits: repeats a try while retry.ts says so, and turns what is left into the caller's reply.
import type { Answer, Reply } from "./answer.ts";
import { nextTry } from "./retry.ts";

export interface Clock {
  readonly now: () => number;
  readonly wait: (ms: number) => Promise<void>;
  readonly random: () => number;
}

export async function repeat<T>(
  attempt: () => Promise<Answer<T>>,
  rule: { readonly repeat: "safe" | "refused-only"; readonly mostRepeats?: number },
  clock: Clock,
): Promise<Reply<T>> {
  const start = clock.now();
  let waitedMs = 0;
  for (let repeats = 0; ; repeats += 1) {
    const answer = await attempt();
    if (answer.state === "good") return { ok: true, value: answer.value };
    const lost = {
      ok: false,
      failure: answer.failure,
      ...("error" in answer ? { error: answer.error } : {}),
    } as const;
    if (answer.state !== "transient") return lost;
    const spentMs = Math.max(waitedMs, clock.now() - start);
    const pause = nextTry({ ...answer, repeats, spentMs }, rule, clock.random());
    if (pause === "stop") return lost;
    await clock.wait(pause);
    waitedMs += pause;
  }
}
