// What a campaign is: many cases that are made from one seed each, and what came of each of them.

/** What came of one case. */
export interface CaseResult {
  /** Names the case within its campaign, and how it is run again by itself. */
  readonly name: string;
  /** Runs this case again: `npm run campaign -- NAME --seed SEED --count 1`. */
  readonly seed: number;
  /** What is wrong; empty = the outcome is the one that is promised. */
  readonly wrong: readonly string[];
}

/** What all cases of a campaign share. */
export interface CampaignGround {
  /** Connection string of an Azurite of its own. */
  readonly connection: string;
  /** An empty folder, removed at the end. */
  readonly folder: string;
  /** A line for who watches. */
  readonly tell: (line: string) => void;
}

export interface CampaignOptions {
  /** Case n of the campaign has seed + n. */
  readonly seed: number;
  readonly count: number;
}

export interface Campaign {
  readonly name: string;
  /** One sentence: what is done to the product, and what must come of it. */
  readonly about: string;
  /** Cases when no --count is given: all campaigns together take less than 15 minutes. */
  readonly count: number;
  /** Yields each case as it ends; `figures` gathers what the table at the end tells (name to number). */
  run(
    ground: CampaignGround,
    options: CampaignOptions,
    figures: Map<string, number>,
  ): AsyncIterable<CaseResult>;
}

/** Adds to a figure. */
export function count(figures: Map<string, number>, name: string, by = 1): void {
  figures.set(name, (figures.get(name) ?? 0) + by);
}

/** Numbers in [0, 1) that follow from the seed alone (mulberry32). */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
