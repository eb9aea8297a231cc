// Secrets in an Azure Key Vault: chosen by SECRET_SOURCE = keyvault. Read by the SDK's client, with our own repeats: its
// own wait as long as an answer tells them to.
import { SecretClient } from "@azure/keyvault-secrets";
import { type Result, failed, ok } from "../../core/result.ts";
import type { Credential } from "../identity.ts";
import { PATIENCE, type Patience, repeating } from "../store/repeating.ts";
import { holding } from "./held.ts";
import { type ReadSecret, type SecretName, secretName } from "./secrets.ts";
import { refusalsAsErrors } from "./vault-answers.ts";
import { outsideItsTime, vaultRefusal } from "./vault-refusals.ts";

export interface KeyVaultOptions {
  /** `https://acme.vault.azure.net` */
  readonly vaultUri: string;
  readonly credential: Credential;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** How long and how often trouble that may pass is repeated; the default takes about a minute at most. */
  readonly patience?: Patience;
  /** How long an answer may be used; the default is a minute. */
  readonly heldMs?: number;
}

/** Deadline of one try: a challenge, a token and an answer of a few hundred bytes. */
const TRY_MS = 20_000;

/** Sends nothing until a secret is read. `NAME/VERSION` reads that version, `NAME` the newest. */
export function keyVaultSecrets(options: KeyVaultOptions): ReadSecret {
  const client = new SecretClient(options.vaultUri, options.credential, {
    retryOptions: { maxRetries: 0 },
    additionalPolicies: [{ policy: refusalsAsErrors, position: "perCall" }],
  });
  const read: ReadSecret = (written) => readFrom(client, options, written);
  return holding(read, options.now, options.heldMs);
}

async function readFrom(
  client: SecretClient,
  options: KeyVaultOptions,
  written: string,
): Promise<Result<string>> {
  const secret = secretName(written);
  const wrong = wrongName(secret, written);
  if (wrong !== undefined) return wrong;
  const { name, version } = secret;
  const place = { written, name, vault: vaultName(options.vaultUri) };
  try {
    const { value = "", properties } = await repeating(
      (abortSignal) => client.getSecret(name, { abortSignal, ...(version !== undefined && { version }) }),
      TRY_MS,
      options.patience ?? PATIENCE,
    );
    const outside = outsideItsTime(properties, options.now(), place);
    if (outside !== undefined) return outside;
    // A file that a value was set from ends with a line end, which no secret has.
    const plain = value.replace(/[\r\n]+$/, "");
    if (plain !== "") return ok(plain);
    return failed(
      "bad-input",
      `Cannot read ${told(place)}: its value is empty`,
      "Store its value in the vault",
    );
  } catch (error) {
    return vaultRefusal(error, place);
  }
}

/** Refused here, as the vault would answer with a riddle. */
function wrongName({ name, version }: SecretName, written: string): Result<never> | undefined {
  const cannot = `Cannot read the secret "${written}"`;
  if (!/^[0-9A-Za-z-]{1,127}$/.test(name)) {
    const legal = name.replaceAll("_", "-");
    return failed(
      "bad-input",
      `${cannot}: the name of a Key Vault secret has letters, digits and - only`,
      `Store it in the vault under another name, such as "${legal}", and name that in the profile`,
    );
  }
  if (version === undefined || /^[0-9a-f]{32}$/i.test(version)) return undefined;
  return failed(
    "bad-input",
    `${cannot}: what follows on the / is no version, which has 32 hex digits`,
    `Copy the version from the vault, or name "${name}" alone: that is always the newest`,
  );
}

/** `acme` of `https://acme.vault.azure.net`. */
export function vaultName(vaultUri: string): string {
  return new URL(vaultUri).hostname.split(".")[0] ?? vaultUri;
}

function told({ written, vault }: { readonly written: string; readonly vault: string }): string {
  return `the secret "${written}" from Key Vault "${vault}"`;
}
