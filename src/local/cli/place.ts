// Where the restore points of a profile or of a sample lie, as `get` and `runs` are told it.
import path from "node:path";
import type { Destination } from "../../core/profile.ts";
import type { SampleKind } from "../services/sample-portal.ts";
import type { Args } from "./args.ts";
import { type GivenProfile, readProfileFile, type ReadProfile, type Surroundings } from "./given-profile.ts";
import { foldersOf, keptProfilePath, profileFolder } from "./kept-profiles.ts";
import { sampleExclusions } from "./order.ts";
import { SAMPLE_CONTAINER, sampleFolder, sampleName, sampleOf, sampleOptions } from "./sample.ts";
import { shorter } from "./where.ts";

export const PLACE_OPTIONS = {
  profile: "FILE or NAME",
  trouble: null,
  enterprise: null,
  state: "DIR",
} as const;

export interface Place {
  /** Name of the profile whose runs are meant. */
  readonly profile: string;
  readonly container: string;
  /** Environment variable with the connection string; undefined = Azurite of the state folder. */
  readonly connectionSecret: string | undefined;
  /** Absolute path of the folder that has the backups; undefined = a container has them. */
  readonly backupFolder: string | undefined;
  /** Absolute. */
  readonly stateFolder: string;
  /** Another state folder in which the same profile was used; its backups are not here. */
  readonly elsewhere: string | undefined;
  /** The options that name this place, with a space before each. */
  readonly options: string;
}

export type PlaceResult =
  { readonly ok: true; readonly place: Place } | { readonly ok: false; readonly problems: readonly string[] };

/** Reads the place; a profile may be a file, or the name of one that a state folder keeps. */
export function readPlace(
  given: Args<typeof PLACE_OPTIONS>["given"],
  problems: readonly string[],
  around: Surroundings,
): PlaceResult {
  const [typed] = given.profile;
  const [state] = given.state;
  const stateFolder = state === undefined ? undefined : path.resolve(around.folder, state);
  const read = typed === undefined ? undefined : readNamed(typed, stateFolder, around);
  const all = [...problems, ...(read?.problems ?? []), ...sampleExclusions(given)];
  if (all.length > 0) return { ok: false, problems: all };
  const sample = sampleOf({ trouble: given.trouble.length > 0, enterprise: given.enterprise.length > 0 });
  if (read?.profile === undefined) {
    const place = {
      profile: sampleName(sample),
      container: SAMPLE_CONTAINER,
      connectionSecret: undefined,
      backupFolder: undefined,
      stateFolder: stateFolder ?? sampleFolder(around.projectRoot, sample),
      elsewhere: undefined,
      options: placeOptions({ profile: undefined, sample, stateFolder }, around),
    };
    return { ok: true, place };
  }
  const { name, destination } = read.profile.parsed;
  const [first, second] = foldersOf(around.projectRoot, name);
  const found = stateFolder ?? first ?? profileFolder(around.projectRoot, name);
  const place = {
    profile: name,
    container: destination.container,
    connectionSecret: destination.connectionSecret,
    backupFolder: destination.folder,
    stateFolder: found,
    elsewhere: stateFolder === undefined && isInAzurite(destination) ? second : undefined,
    options: ` --profile ${typed ?? name}${stateFolder === undefined ? "" : stateOption(stateFolder, around)}`,
  };
  return { ok: true, place };
}

/** Its backups lie in the state folder itself. */
function isInAzurite({ connectionSecret, folder }: Destination): boolean {
  return connectionSecret === undefined && folder === undefined;
}

/** The options by which the place of an order is named later, with a space before each. */
export function placeOptions(
  order: {
    readonly profile: GivenProfile | undefined;
    readonly sample: SampleKind;
    readonly stateFolder: string | undefined;
  },
  around: Pick<Surroundings, "folder" | "projectRoot">,
): string {
  const name = order.profile?.parsed.name;
  const usual =
    name === undefined
      ? sampleFolder(around.projectRoot, order.sample)
      : profileFolder(around.projectRoot, name);
  const what = name === undefined ? sampleOptions(order.sample) : ` --profile ${name}`;
  const isUsual = order.stateFolder === undefined || order.stateFolder === usual;
  return `${what}${isUsual ? "" : stateOption(order.stateFolder, around)}`;
}

function stateOption(stateFolder: string, { folder }: Pick<Surroundings, "folder">): string {
  const shown = shorter(stateFolder, folder);
  return ` --state ${/\s/.test(shown) ? `"${shown}"` : shown}`;
}

function readNamed(typed: string, stateFolder: string | undefined, around: Surroundings): ReadProfile {
  const file = readProfileFile(typed, around, "the destination");
  const isName = /^[a-z0-9-]{1,40}$/.test(typed);
  if (file.profile !== undefined || !isName) return file;
  const [kept] = stateFolder === undefined ? foldersOf(around.projectRoot, typed) : [stateFolder];
  if (kept !== undefined) {
    const named = readProfileFile(keptProfilePath(kept, typed), around, "the destination");
    if (named.profile !== undefined) return named;
  }
  const problem = `Profile "${typed}" is no file, and no profile of that name was used ${stateFolder === undefined ? "on this machine" : `on "${stateFolder}"`}`;
  return { profile: undefined, problems: [problem] };
}
