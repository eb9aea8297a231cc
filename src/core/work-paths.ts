// Where the mutable state of runs and profiles lies in the `work` container.

export interface RunPaths {
  readonly run: string;
  readonly profile: string;
  readonly portal: string;
  readonly books: string;
  readonly members: string;
  readonly leftBehind: string;
  readonly sealing: string;
  readonly sealed: string;
  readonly results: string;
  readonly summary: string;
  readonly done: string;
  readonly exports: string;
  readonly log: string;
  /** Somebody asked to cancel the run. */
  readonly cancel: string;
  /** The plan of a dry run as a text. */
  readonly planText: string;
  /** The mail as it was composed, and what became of it. */
  readonly mail: string;
  readonly mailSent: string;
  /** Requests to the portal, one record for each worker. */
  readonly requests: string;
  /** The run held against what stood before it, and what of the listing before is not listed any more. */
  readonly comparison: string;
  readonly missing: string;
  /** What the lanes work on now. */
  readonly atWork: string;
  atWorkOf(round: number, part: string): string;
  walkShard(member: number): string;
  readonly searchShard: string;
  /** What the portal told of relations before the plan, a record for each slice of the questions. */
  readonly relations: string;
  relationSlice(first: number): string;
  /** What a step of the organisation's search found, and where the next one goes on. */
  searchSlice(slice: number): string;
  /** The groups that the lists of the run name, and the content of each. */
  readonly groups: string;
  groupShard(group: number): string;
  /** When hosted layers were edited, from this place of the listing on. */
  edits(from: number): string;
  plan(round: number): string;
  part(round: number, part: string): string;
  claims(round: number): string;
  outcome(round: number, itemId: string): string;
  donePart(round: number, part: string): string;
  donePrefix(round: number): string;
  exportJob(round: number, itemId: string): string;
  /** Object ids of a layer whose rows are read by queries. */
  exportRows(round: number, itemId: string, layer: number): string;
  /** What the queries of an item have stored. */
  exportMade(round: number, itemId: string): string;
  artifact(path: string): string;
  /** What each item refers to, where the profile asks for dependencies. */
  readonly references: string;
  referencesOf(itemId: string): string;
  /** What the portal told of the organisation, step by step, and what of it is kept. */
  organisationStep(seq: number): string;
  readonly organisation: string;
}

/** Paths of one run's records, all below `runs/{runId}/`. */
export function runPaths(runId: string): RunPaths {
  const base = `runs/${runId}`;
  return {
    run: `${base}/run.json`,
    profile: `${base}/profile.json`,
    portal: `${base}/portal.json`,
    books: `${base}/listing/books.json`,
    members: `${base}/listing/members.json`,
    leftBehind: `${base}/left-behind.json`,
    sealing: `${base}/sealing.json`,
    sealed: `${base}/sealed.json`,
    results: `${base}/Results.txt`,
    summary: `${base}/summary.txt`,
    done: `${base}/done/`,
    exports: `${base}/exports/`,
    log: `${base}/log/`,
    cancel: `${base}/cancel.json`,
    planText: `${base}/plan.txt`,
    mail: `${base}/mail.json`,
    mailSent: `${base}/mail-sent.json`,
    requests: `${base}/requests/`,
    comparison: `${base}/comparison.json`,
    missing: `${base}/listing/missing.json`,
    atWork: `${base}/at-work/`,
    atWorkOf: (round, part) => `${base}/at-work/${round}-${part}.json`,
    walkShard: (member) => `${base}/listing/walk/${digits(member)}.json`,
    searchShard: `${base}/listing/search.json`,
    relations: `${base}/relations/`,
    relationSlice: (first) => `${base}/relations/${digits(first)}.json`,
    searchSlice: (slice) => `${base}/listing/search/${digits(slice)}.json`,
    groups: `${base}/listing/groups.json`,
    groupShard: (group) => `${base}/listing/groups/${digits(group)}.json`,
    edits: (from) => `${base}/listing/edits/${digits(from)}.json`,
    plan: (round) => `${base}/plan/${round}/plan.json`,
    part: (round, part) => `${base}/plan/${round}/${part}.json`,
    claims: (round) => `${base}/plan/${round}/claims.json`,
    outcome: (round, itemId) => `${base}/outcomes/${round}/${itemId}.json`,
    donePart: (round, part) => `${base}/done/${round}/${part}.json`,
    donePrefix: (round) => `${base}/done/${round}/`,
    exportJob: (round, itemId) => `${base}/exports/${itemId}-${round}.json`,
    exportRows: (round, itemId, layer) => `${base}/rows/${itemId}-${round}/ids-${layer}.json`,
    exportMade: (round, itemId) => `${base}/rows/${itemId}-${round}/made/`,
    artifact: (path) => `${base}/artifacts/${path}.json`,
    references: `${base}/references/`,
    referencesOf: (itemId) => `${base}/references/${itemId}.json`,
    organisationStep: (seq) => `${base}/organisation/${digits(seq)}.json`,
    organisation: `${base}/organisation.json`,
  };
}

/** Name of a plan part: `d` + number for a batch of direct items, `h` for one heavy piece, `s` for items without work. */
export function partName(kind: "direct" | "heavy" | "settled", index: number): string {
  return `${kind.charAt(0)}${digits(index)}`;
}

export function profilePath(profile: string): string {
  return `profiles/${profile}.json`;
}

export const PROFILES_PREFIX = "profiles/";
export const STATES_PREFIX = "state/";

export function statePath(profile: string): string {
  return `state/${profile}.json`;
}

/** What stands from run to run of a profile: failures in a row, known losses, how long exports took. */
export function standingPath(profile: string): string {
  return `state/${profile}.standing.json`;
}

/** What the daily clean-up has done. No profile's name holds a dot. */
export const UPKEEP_PATH = "state/upkeep.done.json";
/** Mails of a profile that could not be sent, until one is. */
export function mailTroublePath(profile: string): string {
  return `state/${profile}.mail.json`;
}

export function refusedSignInPath(profile: string): string {
  return `state/${profile}.sign-in-refused.json`;
}

function digits(n: number): string {
  return String(n).padStart(6, "0");
}
