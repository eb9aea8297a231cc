// Secrets that are environment variables: chosen by SECRET_SOURCE = environment, for one machine.
import { failed, ok } from "../../core/result.ts";
import { type ReadSecret, withoutVersions } from "./secrets.ts";

export function environmentSecrets(lookUp: (name: string) => string | undefined): ReadSecret {
  return async (name) => {
    const versioned = withoutVersions(name, "the environment");
    if (versioned !== undefined) return versioned;
    const value = lookUp(name);
    if (value !== undefined) return ok(value);
    return failed(
      "bad-input",
      `Cannot read the secret "${name}": no environment variable of this name is set`,
      `Set the environment variable ${name}, or correct the name in the profile`,
    );
  };
}
