// The profiles that the app has in `work`: those that a start was given, and those that came over HTTP.
import type { Store } from "../../clients/store/store.ts";
import { parseProfileText, type Profile } from "../../core/profile.ts";
import { ok, type Result } from "../../core/result.ts";
import { PROFILES_PREFIX } from "../../core/work-paths.ts";
import { secretsAreVariables } from "./secret-source.ts";

/** Every profile in name order. One that is damaged is left out: the app tells of it when it is used. */
export async function readStoredProfiles(work: Store): Promise<Result<readonly Profile[]>> {
  const found: Profile[] = [];
  for (let next: string | undefined, first = true; first || next !== undefined; first = false) {
    const page = await work.list(PROFILES_PREFIX, next);
    if (!page.ok) return page;
    for (const { path } of page.value.blobs) {
      const blob = await work.get(path);
      if (!blob.ok) return blob;
      if (blob.value === undefined) continue;
      const parsed = parseProfileText(new TextDecoder().decode(blob.value.bytes));
      if (parsed.ok) found.push(parsed.profile);
    }
    next = page.value.next;
  }
  return ok(found);
}

/** Environment variables that the profiles name for secrets and that are not set: `acme: ACME_PASSWORD`. */
export function unsetSecrets(
  profiles: readonly Profile[],
  env: Readonly<Record<string, string | undefined>>,
): readonly string[] {
  if (!secretsAreVariables(env)) return [];
  return profiles.flatMap(({ name, portal, destination }) =>
    [
      portal.auth.secret,
      ...(destination.connectionSecret === undefined ? [] : [destination.connectionSecret]),
    ]
      .filter((secret) => (env[secret] ?? "").trim() === "")
      .map((secret) => `${name}: ${secret}`),
  );
}
