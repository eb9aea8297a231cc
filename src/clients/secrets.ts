// Secrets by the names that profiles give them. Values are handed on at once and kept nowhere.
import { type Result, failed, ok } from "../core/result.ts";

/** Reads one secret by name. A failure names the secret and what to do, never a value. */
export type ReadSecret = (name: string) => Promise<Result<string>>;

/** Secrets that are environment variables: chosen by the setting SECRET_SOURCE, for one machine. */
export function environmentSecrets(lookUp: (name: string) => string | undefined): ReadSecret {
  return async (name) => {
    const value = lookUp(name);
    if (value !== undefined) return ok(value);
    return failed(
      "bad-input",
      `Cannot read the secret "${name}": no environment variable of this name is set`,
      `Set the environment variable ${name}, or correct the name in the profile`,
    );
  };
}
