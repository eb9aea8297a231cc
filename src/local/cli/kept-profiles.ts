// Profiles that were used on a state folder, kept in it, so that they can be named later without their file. They name
// secrets and contain none.
import { existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { GivenProfile } from "./given-profile.ts";

/** Where the profile of this name is kept in a state folder. */
export function keptProfilePath(stateFolder: string, name: string): string {
  return path.join(stateFolder, "profiles", `${name}.json`);
}

/** Keeps the profile; a newer one of the same name takes its place. */
export function keepProfile(stateFolder: string, { text, parsed }: GivenProfile): void {
  const file = keptProfilePath(stateFolder, parsed.name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(`${file}.new`, text);
  renameSync(`${file}.new`, file);
}

/** State folders of this project that keep a profile of this name: that of its own backups, and that of `npm start`. */
export function foldersOf(projectRoot: string, name: string): readonly string[] {
  return [profileFolder(projectRoot, name), serverFolder(projectRoot)].filter((folder) =>
    existsSync(keptProfilePath(folder, name)),
  );
}

/** A folder of its own for each profile: an interrupted run of one is not touched by the next run of another. */
export function profileFolder(projectRoot: string, name: string): string {
  return path.join(projectRoot, ".local", "profiles", name);
}

/** State folder of `npm start`. */
export function serverFolder(projectRoot: string): string {
  return path.join(projectRoot, ".local", "server");
}
