// Secrets by the names that profiles and settings give them. One source is chosen by the setting SECRET_SOURCE; no other
// is ever asked in its place. A failure names the secret and what to do, never a value.
import { type Failure, type Result, failed } from "../../core/result.ts";

export interface SecretOptions {
  /** The value as it is now: nothing that is held answers. For what was refused, and for what must not be wrong once. */
  readonly afresh?: boolean;
}

/** Reads one secret by name (`NAME`, or `NAME/VERSION` where the source has versions). Safe to repeat. */
export type ReadSecret = (name: string, options?: SecretOptions) => Promise<Result<string>>;

/** A secret's name, and its version where one is named. */
export interface SecretName {
  readonly name: string;
  readonly version: string | undefined;
}

export function secretName(written: string): SecretName {
  const slash = written.indexOf("/");
  if (slash < 0) return { name: written, version: undefined };
  return { name: written.slice(0, slash), version: written.slice(slash + 1) };
}

/** The failure of a source without versions; undefined when none is named. */
export function withoutVersions(
  written: string,
  source: string,
): { readonly ok: false; readonly failure: Failure } | undefined {
  const { name, version } = secretName(written);
  if (version === undefined) return undefined;
  return failed(
    "bad-input",
    `Cannot read the secret "${written}": ${source} keeps no versions`,
    `Name it "${name}" in the profile; versions are only in a Key Vault`,
  );
}
