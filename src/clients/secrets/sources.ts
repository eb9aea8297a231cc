// The one source of secrets that the settings choose.
import type { Credential, Identity } from "../identity.ts";
import { environmentSecrets } from "./environment.ts";
import { type FileKey } from "./file-key.ts";
import { secretFile } from "./file-secrets.ts";
import { keyVaultSecrets } from "./key-vault.ts";
import type { ReadSecret } from "./secrets.ts";

export type { ReadSecret } from "./secrets.ts";

export type SecretSource =
  | { readonly source: "environment" }
  | { readonly source: "file"; readonly path: string; readonly key: FileKey }
  | { readonly source: "keyvault"; readonly vaultUri: string; readonly identity: Identity };

export interface SourceNeeds {
  readonly credential: (identity: Identity) => Credential;
  /** The value of an environment variable; undefined when it is not set or empty. */
  readonly environment: (name: string) => string | undefined;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** Reads nothing until a secret is asked for. */
export function secretsOf(chosen: SecretSource, needs: SourceNeeds): ReadSecret {
  switch (chosen.source) {
    case "environment":
      return environmentSecrets(needs.environment);
    case "file":
      return secretFile(chosen.path, chosen.key).read;
    case "keyvault":
      return keyVaultSecrets({
        vaultUri: chosen.vaultUri,
        credential: needs.credential(chosen.identity),
        now: needs.now,
      });
  }
}
