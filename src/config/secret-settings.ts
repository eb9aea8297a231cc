// Where secrets are read: chosen explicitly, and what that source needs.
import type { IdentityFor, IdentitySettings } from "./identity-settings.ts";
import { type Reading, httpsAddress } from "./reading.ts";

export type SecretSettings =
  | { readonly source: "environment" }
  | { readonly source: "file"; readonly path: string; readonly key: SecretFileKey }
  | { readonly source: "keyvault"; readonly vaultUri: string; readonly identity: IdentitySettings };

export type SecretFileKey = { readonly text: string } | { readonly path: string };

const SOURCES = "environment, file, keyvault";

/** undefined when there is a problem. */
export function secretSettings(reading: Reading, identityFor: IdentityFor): SecretSettings | undefined {
  const source = reading.need("SECRET_SOURCE", `where secrets are read; accepted: ${SOURCES}`);
  switch (source) {
    case "":
      return undefined;
    case "environment":
      return { source };
    case "file": {
      const path = reading.need("SECRET_FILE", "the encrypted file that SECRET_SOURCE = file reads");
      const key = fileKey(reading);
      return path === "" || key === undefined ? undefined : { source, path, key };
    }
    case "keyvault": {
      reading.need(
        "KEY_VAULT_URI",
        "the vault that SECRET_SOURCE = keyvault reads, https://name.vault.azure.net",
      );
      const vaultUri = httpsAddress(reading, "KEY_VAULT_URI");
      return vaultUri === undefined ? undefined : { source, vaultUri, identity: identityFor() };
    }
    default:
      reading.problem(`SECRET_SOURCE is not known; accepted: ${SOURCES}`);
      return undefined;
  }
}

function fileKey(reading: Reading): SecretFileKey | undefined {
  const text = reading.text("SECRET_FILE_KEY");
  const path = reading.text("SECRET_FILE_KEY_FILE");
  if (text !== undefined && path !== undefined) {
    reading.problem("SECRET_FILE_KEY and SECRET_FILE_KEY_FILE are both set: keep one of them");
    return undefined;
  }
  if (text !== undefined) return { text };
  if (path !== undefined) return { path };
  reading.problem(
    "SECRET_FILE_KEY_FILE is not set: the file with the key of SECRET_FILE; or SECRET_FILE_KEY, the key itself",
  );
  return undefined;
}
