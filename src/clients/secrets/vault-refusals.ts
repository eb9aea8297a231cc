// What goes wrong at a Key Vault, as failures: what happened to which secret, and what the administrator does next. Only
// status and codes are taken over; the vault's messages name tenants, identities and addresses and are used to tell cases apart.
import { RestError } from "@azure/storage-blob";
import { type Failure, failed } from "../../core/result.ts";
import { SignInError } from "../identity.ts";
import { NoAnswerError, mayPass, networkCode } from "../store/repeating.ts";
import { said } from "./vault-answers.ts";

interface Refusal {
  readonly ok: false;
  readonly failure: Failure;
}

export interface VaultPlace {
  /** The secret as the profile names it. */
  readonly written: string;
  readonly name: string;
  readonly vault: string;
}

/** A failure for what a read threw; rethrows what is neither the vault's nor the network's doing. */
export function vaultRefusal(error: unknown, place: VaultPlace): Refusal {
  const where = cannotRead(place);
  if (error instanceof SignInError) {
    return failed(error.mayPass ? "transient" : "secret-refused", `${where}: ${error.message}`, error.next);
  }
  if (error instanceof NoAnswerError) {
    return failed("transient", `${where}: ${error.message}`, `${AGAIN}; if it stays so, check the network`);
  }
  if (error instanceof RestError && error.statusCode !== undefined) return refused(error, where, place);
  const network = networkCode(error);
  if (network === "ENOTFOUND" || network === "EAI_AGAIN") {
    return failed(
      "transient",
      `${where}: its name is not known on the network (${network})`,
      `Check that the vault exists and that KEY_VAULT_URI names it; behind a private endpoint, that the app's network knows its private DNS zone`,
    );
  }
  if (network !== undefined) {
    return failed(
      "transient",
      `${where}: the vault cannot be reached (${network})`,
      "Check KEY_VAULT_URI, and that network and firewall let the app through",
    );
  }
  if (error instanceof Error && /challenge resource/i.test(error.message)) {
    return failed(
      "secret-refused",
      `${where}: what answers at KEY_VAULT_URI is no Key Vault of its domain`,
      "Copy the Vault URI from the vault's overview into KEY_VAULT_URI",
    );
  }
  throw error;
}

function refused(error: RestError, where: string, place: VaultPlace): Refusal {
  const status = error.statusCode ?? 0;
  const { code, message } = said(error);
  const answer = code === "" ? String(status) : `${status} ${code}`;
  if (mayPass(error)) {
    const busy = status === 429 ? "the vault is asked too often" : "the vault is not well";
    return failed("transient", `${where}: ${busy} (${answer}), also after repeating`, AGAIN);
  }
  if (status === 404) {
    return failed(
      "bad-input",
      `${where}: the vault has no such secret${place.written === place.name ? "" : " or version"} (${answer})`,
      `Store it (az keyvault secret set --vault-name ${place.vault} --name ${place.name}), recover it if it was deleted, or correct the name`,
    );
  }
  const known = KNOWN.find(({ codes, words }) => codes.includes(code) || words.test(message));
  if (known !== undefined) return failed("secret-refused", `${where}: ${known.text} (${answer})`, known.next);
  if (status === 401) {
    return failed(
      "secret-refused",
      `${where}: the vault does not accept the app's sign-in (${answer})`,
      "Check that the vault belongs to the tenant of the app's identity",
    );
  }
  if (status === 403) {
    return failed(
      "secret-refused",
      `${where}: the app's identity may not read secrets (${answer})`,
      `Give the app's identity the role "Key Vault Secrets User" on the vault "${place.vault}"; it takes up to 10 minutes`,
    );
  }
  return failed(
    "secret-refused",
    `${where}: the vault answered ${answer}`,
    "Look the code up in its documentation",
  );
}

const AGAIN = "Start the backup again";

interface Known {
  readonly codes: readonly string[];
  readonly words: RegExp;
  readonly text: string;
  readonly next: string;
}

/** Cases of 403, told by the inner code; by the words where an answer has none. */
const KNOWN: readonly Known[] = [
  {
    codes: ["ForbiddenByFirewall"],
    words: /client address is not authorized/i,
    text: "its firewall does not let the app in",
    next: 'Allow the network of the app in "Networking" of the vault, or give the app a private endpoint to it',
  },
  {
    codes: ["ForbiddenByConnection"],
    words: /public network access is disabled/i,
    text: "it is closed to public networks, and the app does not come by a private endpoint",
    next: "Connect the app to a network with a private endpoint of the vault, or open the vault to the app's network",
  },
  {
    codes: ["SecretDisabled"],
    words: /disabled secret/i,
    text: "it is disabled",
    next: "Enable it in the vault, or store a new version",
  },
  {
    codes: ["SecretExpired"],
    words: /expired secret/i,
    text: "it has expired",
    next: "Store a new version in the vault, with a later expiration date or none",
  },
  {
    codes: ["SecretNotYetValid"],
    words: /not.yet.valid/i,
    text: "it is not valid yet",
    next: "Correct its activation date in the vault",
  },
  {
    codes: ["AccessDenied", "ForbiddenByPolicy"],
    words: /does not have secrets get permission/i,
    text: "no access policy of the vault lets the app's identity read secrets",
    next: 'Give the app\'s identity the permission "Get" for secrets in the access policies of the vault',
  },
];

/** Key Vault hands out secrets outside of their dates all the same; a failure when `now` (epoch ms) is outside. */
export function outsideItsTime(
  dates: { readonly notBefore?: Date; readonly expiresOn?: Date },
  now: number,
  place: VaultPlace,
): Refusal | undefined {
  const { notBefore, expiresOn } = dates;
  if (expiresOn !== undefined && expiresOn.getTime() <= now) {
    return failed(
      "secret-refused",
      `${cannotRead(place)}: it expired at ${expiresOn.toISOString()}`,
      "Store a new version in the vault, with a later expiration date or none",
    );
  }
  if (notBefore !== undefined && notBefore.getTime() > now) {
    return failed(
      "secret-refused",
      `${cannotRead(place)}: it is not valid before ${notBefore.toISOString()}`,
      "Wait until then, or correct its activation date in the vault",
    );
  }
  return undefined;
}

function cannotRead({ written, vault }: VaultPlace): string {
  return `Cannot read the secret "${written}" from Key Vault "${vault}"`;
}
