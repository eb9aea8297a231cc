// Campaign `faults`: every kind of call to the portal, to the storage and to the mail service meets every kind of trouble,
// once and always. One case = one whole run in this process, whose outcome is held against the table in faults/expected.ts.
import { type Campaign, type CampaignGround, type CaseResult, count } from "./campaign.ts";
import { CALL_NAMES } from "./faults/calls.ts";
import { type Elsewhere, startElsewhere } from "./faults/elsewhere.ts";
import { expectedAtMail, expectedAtPortal, expectedAtStorage, isUnprovable } from "./faults/expected.ts";
import { KIND_NAMES, KINDS } from "./faults/kinds.ts";
import { MAIL_KINDS, mailCase } from "./faults/mail-case.ts";
import { type Ended, portalCase, undisturbedRuns } from "./faults/portal-case.ts";
import { OPERATIONS, STORAGE_KINDS, storageCase } from "./faults/storage-case.ts";

interface Means {
  readonly connection: string;
  readonly elsewhere: Elsewhere;
  readonly usual: ReturnType<typeof undisturbedRuns>;
}

interface Listed {
  readonly side: "portal" | "storage" | "mail";
  readonly name: string;
  /** Source of a regular expression. */
  readonly expected: string;
  /** What cannot be told from the truth by anything that the portal says. */
  readonly unprovable: boolean;
  run(seed: number, means: Means): Promise<Ended>;
  /** A second run, which counts when the first one went wrong. */
  again?(seed: number, means: Means): Promise<Ended>;
}

const OFTEN = ["once", "always"] as const;

const PORTAL = CALL_NAMES.flatMap((call) =>
  KIND_NAMES.flatMap((kind) =>
    OFTEN.map((often): Listed => ({
      side: "portal",
      name: `portal: ${call}: ${kind}, ${often}`,
      expected: expectedAtPortal({ call, kind, often }),
      unprovable: isUnprovable(call, kind),
      run: (seed, means) => portalCase({ call, kind, often }, seed, means),
      ...("hangs" in KINDS[kind] && {
        // On a machine with other work, short deadlines are met by answers that only come late.
        again: (seed: number, means: Means) =>
          portalCase({ call, kind, often }, seed, { ...means, answerMs: 1_500 }),
      }),
    })),
  ),
);

const STORAGE = keysOf(OPERATIONS).flatMap((operation) =>
  keysOf(STORAGE_KINDS).flatMap((kind) =>
    OFTEN.map((often): Listed => ({
      side: "storage",
      name: `storage: ${operation}: ${kind}, ${often}`,
      expected: expectedAtStorage({ operation, kind, often }),
      unprovable: false,
      run: (seed, { connection, usual }) => storageCase({ operation, kind, often }, seed, connection, usual),
    })),
  ),
);

const MAIL = keysOf(MAIL_KINDS).flatMap((kind) =>
  OFTEN.map((often): Listed => ({
    side: "mail",
    name: `mail: ${kind}, ${often}`,
    expected: expectedAtMail({ kind, often }),
    unprovable: false,
    run: (_, { usual }) => mailCase({ kind, often }, usual),
  })),
);

/** In the order of the seeds: case n of them all is that of the seed whose remainder is n. */
export const CASES: readonly Listed[] = [...PORTAL, ...STORAGE, ...MAIL];

/** Cases side by side: most of a case that hangs is waiting. */
const WIDTH = 6;
/** A case that takes longer hangs. */
const LONGEST_MS = 90_000;

export const faults: Campaign = {
  name: "faults",
  about:
    "every call to portal, storage and mail meets every kind of trouble, and nothing wrong is saved or kept quiet",
  count: CASES.length,
  async *run(ground, { seed, count: wanted }, figures) {
    yield* runCases(
      Array.from({ length: wanted }, (_, n) => seed + n),
      ground,
      figures,
    );
  },
};

/** Runs the cases of these seeds, some side by side, and yields each as it ends. */
export async function* runCases(
  seeds: readonly number[],
  { connection }: Pick<CampaignGround, "connection">,
  figures: Map<string, number>,
): AsyncGenerator<CaseResult> {
  const elsewhere = await startElsewhere();
  const means = { connection, elsewhere, usual: undisturbedRuns() };
  const waiting = [...seeds];
  const running = new Map<number, Promise<CaseResult>>();
  try {
    while (waiting.length > 0 || running.size > 0) {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        running.set(next, carryOut(next, means, figures));
        if (running.size >= WIDTH) break;
      }
      const ended = await Promise.race(running.values());
      running.delete(ended.seed);
      yield ended;
    }
  } finally {
    await Promise.allSettled(running.values());
    await elsewhere.stop();
  }
}

async function carryOut(seed: number, means: Means, figures: Map<string, number>): Promise<CaseResult> {
  const listed = CASES[seed % CASES.length];
  if (listed === undefined) throw new RangeError(`No case has the seed ${seed}`);
  let ended = judge(listed, await withinLimit(listed.run(seed, means)));
  if (ended.wrong.length > 0 && listed.again !== undefined)
    ended = judge(listed, await withinLimit(listed.again(seed, means)));
  const { outcome, wrong, requests, unproved } = ended;
  count(figures, `${listed.side} cases`);
  const isWhole = /^saved(?: by fgdb-again, noted)?(?:, mail sent)?$/.test(outcome);
  count(
    figures,
    unproved ? "saved without a proof, as nothing could prove it" : isWhole ? "with nothing lost" : "told",
  );
  count(figures, "requests", requests);
  return { name: listed.name, seed, wrong };
}

function judge(listed: Listed, ended: Ended | string): Ended & { readonly unproved: boolean } {
  if (typeof ended === "string") return { outcome: "", wrong: [ended], requests: 0, unproved: false };
  const { outcome, requests } = ended;
  const isUnproved = (text: string): boolean =>
    listed.unprovable && /has other bytes/.test(text) && outcome.startsWith("saved");
  const wrong = ended.wrong.filter((text) => !isUnproved(text));
  const isExpected = new RegExp(`^(?:${listed.expected})$`).test(outcome);
  const unexpected = isExpected ? [] : [`"${outcome}" instead of "${listed.expected}"`];
  return { outcome, requests, unproved: wrong.length < ended.wrong.length, wrong: [...unexpected, ...wrong] };
}

/** What a case came to, or why it came to nothing. */
async function withinLimit(running: Promise<Ended>): Promise<Ended | string> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve(`it did not end in ${LONGEST_MS / 1000} s`), LONGEST_MS);
  });
  try {
    return await Promise.race([running, late]);
  } catch (error) {
    return `it broke: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
  } finally {
    clearTimeout(timer);
  }
}

function keysOf<T extends Readonly<Record<string, unknown>>>(table: T): readonly (keyof T & string)[] {
  return Object.keys(table);
}
