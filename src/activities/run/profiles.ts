// Profiles as they lie in `work`, beside the one of the app settings: found, listed, stored and deleted.
import type { StoredBlob } from "../../clients/store/store.ts";
import { problem } from "../../core/profile-problems.ts";
import { type ParsedProfile, parseProfileText } from "../../core/profile.ts";
import { PROFILES_PREFIX, profilePath } from "../../core/work-paths.ts";
import type { Deps } from "../../deps.ts";
import { listRecords, must } from "./records.ts";

export interface FoundProfile {
  readonly name: string;
  /** `settings`: the default profile, which no blob replaces. */
  readonly source: "stored" | "settings";
  /** It is stored, and the app settings hold one of the same name, which it replaces. */
  readonly overridesSettings: boolean;
  readonly parsed: ParsedProfile;
  /** Of the blob; undefined for the one of the settings. */
  readonly etag: string | undefined;
}

const NAME = /^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/;

/** True for what may be a profile's name, and thereby part of a blob's. */
export function isProfileName(text: string): boolean {
  return NAME.test(text);
}

/** undefined: no profile has this name. One with mistakes is found, with all of them. */
export async function findProfile(deps: Deps, name: string): Promise<FoundProfile | undefined> {
  if (!isProfileName(name)) return undefined;
  const blob = must(await deps.work.get(profilePath(name)));
  const isDefault = deps.defaultProfile?.name === name;
  if (blob !== undefined) {
    const parsed = parseStored(name, blob, deps.takesFolders);
    return { name, source: "stored", overridesSettings: isDefault, parsed, etag: blob.etag };
  }
  if (deps.defaultProfile === undefined || !isDefault) return undefined;
  const parsed = { ok: true, profile: deps.defaultProfile } as const;
  return { name, source: "settings", overridesSettings: false, parsed, etag: undefined };
}

/** Every profile, by name; the names alone are held together. */
export async function* allProfiles(deps: Deps): AsyncGenerator<FoundProfile> {
  const names = new Set(deps.defaultProfile === undefined ? [] : [deps.defaultProfile.name]);
  for await (const { path } of listRecords(deps.work, PROFILES_PREFIX)) {
    const name = path.slice(PROFILES_PREFIX.length).replace(/\.json$/, "");
    if (path === profilePath(name)) names.add(name);
  }
  for (const name of [...names].sort()) {
    const found = await findProfile(deps, name);
    // Nothing where it was deleted meanwhile.
    if (found !== undefined) yield found;
  }
}

/** A blob under another name than its own would run as one profile and report as another. */
function parseStored(name: string, { bytes }: StoredBlob, takesFolders: boolean): ParsedProfile {
  const parsed = parseProfileText(new TextDecoder().decode(bytes), takesFolders);
  return parsed.ok && parsed.profile.name !== name
    ? { ok: false, problems: [problem("name", `"${parsed.profile.name}"`, `"${name}", as it is stored`)] }
    : parsed;
}

/** What a change expects to find: an ETag of the stored profile, any stored one, or none; undefined = whatever lies there. */
export type Expected = { readonly etags: readonly string[] } | "any" | "none" | undefined;

/** `changed`: another one lies there than was expected. */
export type Stored = { readonly done: "created" | "replaced"; readonly etag: string | undefined } | "changed";

/** Stores a checked profile as people wrote it; the default of the app settings is overridden by one of its name. */
export async function storeProfile(
  deps: Deps,
  name: string,
  json: unknown,
  expected: Expected,
): Promise<Stored> {
  must(await deps.work.ready());
  const path = profilePath(name);
  const text = `${JSON.stringify(json, null, 2)}\n`;
  for (let attempt = 0; attempt < 10; attempt += 1) {
    const blob = must(await deps.work.get(path));
    if (!isExpected(blob, expected)) return "changed";
    const when = blob === undefined ? "absent" : { etag: blob.etag };
    const written = must(await deps.work.put(path, text, { contentType: "application/json", when }));
    if (written !== "written") continue;
    const now = must(await deps.work.get(path));
    const isOurs = now !== undefined && new TextDecoder().decode(now.bytes) === text;
    return { done: blob === undefined ? "created" : "replaced", etag: isOurs ? now.etag : undefined };
  }
  return "changed";
}

/** Deletes a stored profile; its state record is kept. */
export async function removeProfile(
  deps: Deps,
  name: string,
  expected: Expected,
): Promise<"deleted" | "changed"> {
  const path = profilePath(name);
  if (!isExpected(must(await deps.work.get(path)), expected)) return "changed";
  must(await deps.work.delete(path));
  return "deleted";
}

function isExpected(blob: StoredBlob | undefined, expected: Expected): boolean {
  if (expected === undefined) return true;
  if (expected === "any") return blob !== undefined;
  if (expected === "none") return blob === undefined;
  return blob !== undefined && expected.etags.includes(opaque(blob.etag));
}

/** An ETag without the quotes that some stores put around it. */
export function opaque(etag: string): string {
  return etag.replaceAll('"', "");
}
