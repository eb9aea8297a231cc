// Turns the arguments of `npm run backup` into an order that can be carried out, or into everything that is wrong with them.
import path from "node:path";
import type { SampleKind } from "../services/sample-portal.ts";
import type { Args } from "./args.ts";
import { type GivenProfile, readProfileFile, type Surroundings } from "./given-profile.ts";
import { profileFolder } from "./kept-profiles.ts";
import { sampleFolder, sampleOf } from "./sample.ts";

export const BACKUP_OPTIONS = {
  profile: "FILE",
  "dry-run": null,
  out: "DIR",
  trouble: null,
  enterprise: null,
  state: "DIR",
} as const;

export interface Order {
  /** undefined = a sample, whose profile needs the address of the sample portal. */
  readonly profile: GivenProfile | undefined;
  readonly sample: SampleKind;
  /** Only the plan is made and shown. */
  readonly dryRun: boolean;
  /** Absolute folder that the restore point is laid out in; undefined = it stays where it is. */
  readonly out: string | undefined;
  /** Absolute. */
  readonly stateFolder: string;
}

export type OrderResult =
  { readonly ok: true; readonly order: Order } | { readonly ok: false; readonly problems: readonly string[] };

/** Checks all there is to check before anything is started. Problems name things and never the value of a secret. */
export function readOrder(
  { given, problems }: Args<typeof BACKUP_OPTIONS>,
  around: Surroundings,
): OrderResult {
  const [typed] = given.profile;
  const read =
    typed === undefined
      ? { profile: undefined, problems: [] }
      : readProfileFile(typed, around, "every secret");
  const all = [...problems, ...read.problems, ...exclusions(given)];
  if (all.length > 0) return { ok: false, problems: all };
  const sample = sampleOf({ trouble: given.trouble.length > 0, enterprise: given.enterprise.length > 0 });
  const usual =
    read.profile === undefined
      ? sampleFolder(around.projectRoot, sample)
      : profileFolder(around.projectRoot, read.profile.parsed.name);
  const [state] = given.state;
  const [out] = given.out;
  const order = {
    profile: read.profile,
    sample,
    dryRun: given["dry-run"].length > 0,
    out: out === undefined ? undefined : path.resolve(around.folder, out),
    stateFolder: state === undefined ? usual : path.resolve(around.folder, state),
  };
  return { ok: true, order };
}

function exclusions(given: Args<typeof BACKUP_OPTIONS>["given"]): readonly string[] {
  const isGiven = (name: keyof typeof BACKUP_OPTIONS): boolean => given[name].length > 0;
  return [
    ...(isGiven("dry-run") && isGiven("out")
      ? ['"--dry-run" and "--out" exclude each other: a dry run saves nothing that could be laid out']
      : []),
    ...sampleExclusions(given),
  ];
}

/** `--trouble` and `--enterprise` choose a sample; a profile is none. */
export function sampleExclusions(given: {
  readonly profile: readonly string[];
  readonly trouble: readonly string[];
  readonly enterprise: readonly string[];
}): readonly string[] {
  if (given.profile.length === 0) return [];
  return (["trouble", "enterprise"] as const)
    .filter((name) => given[name].length > 0)
    .map((name) => `"--${name}" and "--profile" exclude each other: it chooses a sample`);
}
