// Turns the arguments of `npm start` into profiles, a port and a folder, or into everything that is wrong with them.
import path from "node:path";
import type { Args } from "./args.ts";
import { type GivenProfile, readProfileFile, type Surroundings } from "./given-profile.ts";
import { serverFolder } from "./kept-profiles.ts";

export const START_OPTIONS = { profile: "FILE", port: "N", state: "DIR" } as const;
/** The port of Azure's own local host. */
const USUAL_PORT = 7071;

export interface StartOrder {
  /** Those given; the app has those of earlier starts already. */
  readonly profiles: readonly GivenProfile[];
  readonly port: number;
  /** Absolute. */
  readonly stateFolder: string;
}

export type StartOrderResult =
  | { readonly ok: true; readonly order: StartOrder }
  | { readonly ok: false; readonly problems: readonly string[] };

/** Checks every profile whole. */
export function readStartOrder(
  { given, problems }: Args<typeof START_OPTIONS>,
  around: Surroundings,
): StartOrderResult {
  const [state] = given.state;
  const stateFolder =
    state === undefined ? serverFolder(around.projectRoot) : path.resolve(around.folder, state);
  const port = given.port[0] === undefined ? USUAL_PORT : Number(given.port[0]);
  const badPort = !/^\d{1,5}$/.test(given.port[0] ?? "0") || port < 1 || port > 65_535;
  const read = given.profile.map((typed) => readProfileFile(typed, around, "every secret"));
  const names = read.flatMap(({ profile }) => (profile === undefined ? [] : [profile.parsed.name]));
  const twice = names.filter((name, at) => names.indexOf(name) !== at);
  const all = [
    ...problems,
    ...(badPort ? [`"--port" takes a number from 1 to 65535, not "${given.port[0] ?? ""}"`] : []),
    ...read.flatMap((each) => each.problems),
    ...twice.map((name) => `Two profiles are called "${name}": a name is given once`),
  ];
  if (all.length > 0) return { ok: false, problems: all };
  const profiles = read.flatMap(({ profile }) => (profile === undefined ? [] : [profile]));
  return { ok: true, order: { profiles, port, stateFolder } };
}
