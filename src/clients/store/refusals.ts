// Storage errors as failures: what was tried, where, what the storage said, and what the administrator does next.
// Only its status and error code are taken over, never its message: a message may quote an address with a signature.
import { RestError } from "@azure/storage-blob";
import { failed } from "../../core/result.ts";
import type { Failure } from "../../core/result.ts";
import { SignInError } from "../identity.ts";
import type { StorageConnection } from "./connection.ts";
import { mayPass, networkCode, NoAnswerError } from "./repeating.ts";

interface Refusal {
  readonly ok: false;
  readonly failure: Failure;
}

export interface Place {
  readonly connection: StorageConnection;
  readonly container: string;
}

/** The storage's error code (`BlobNotFound`), also where a HEAD answer has no body; undefined for other errors. */
export function storageCode(error: unknown): string | undefined {
  if (!(error instanceof RestError) || error.statusCode === undefined) return undefined;
  return error.response?.headers.get("x-ms-error-code") ?? error.code ?? String(error.statusCode);
}

/**
 * A failure for what a storage call threw; rethrows what is neither the storage's nor the network's doing.
 * The word container follows on `action`: `write "path" in`.
 */
export function refusal(error: unknown, action: string, place: Place): Refusal {
  const where = `Cannot ${action} container "${place.container}" of storage account "${place.connection.account}"`;
  if (error instanceof SignInError) {
    return failed(error.mayPass ? "transient" : "storage-refused", `${where}: ${error.message}`, error.next);
  }
  if (error instanceof NoAnswerError) {
    return failed(
      "transient",
      `${where}: ${error.message}`,
      "Start the backup again; if it stays so, check the network",
    );
  }
  const code = storageCode(error);
  if (code !== undefined && error instanceof RestError) {
    const said = `${error.statusCode ?? "?"} ${code}`;
    if (mayPass(error)) {
      return failed(
        "transient",
        `${where}: the storage answered ${said}, also after repeating`,
        "Start the backup again",
      );
    }
    return refused(code, error.statusCode ?? 0, where, said, place);
  }
  const network = networkCode(error);
  if (network !== undefined) return unreachable(network, where, place);
  throw error;
}

function unreachable(code: string, where: string, place: Place): Refusal {
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") {
    return failed(
      "transient",
      `${where}: its name is not known on the network (${code})`,
      `Check that the storage account "${place.connection.account}" exists and is written so in the connection`,
    );
  }
  return failed(
    "transient",
    `${where}: the storage cannot be reached (${code})`,
    "Check the address in the connection, and that network and firewall let the app through",
  );
}

function refused(code: string, status: number, where: string, said: string, place: Place): Refusal {
  const expired = expiry(status, where, said, place);
  if (expired !== undefined) return expired;
  // A token is good anywhere, so this is about the place alone.
  if (code === "AuthorizationFailure" && place.connection.signIn === "identity") {
    return failed(
      "storage-refused",
      `${where}: its firewall does not let the app in (${said})`,
      'Allow the network of the app in "Networking" of the storage account, or give the app a private endpoint to it',
    );
  }
  const known = REFUSALS[code];
  if (known !== undefined) return failed("storage-refused", `${where}: ${known.text} (${said})`, known.next);
  if (status === 401 || status === 403) return forbidden(code, where, said, place);
  return failed(
    "storage-refused",
    `${where}: the storage answered ${said}`,
    "Look the code up in the storage documentation",
  );
}

function expiry(status: number, where: string, said: string, { connection }: Place): Refusal | undefined {
  if (status !== 401 && status !== 403) return undefined;
  if (connection.sasExpires === undefined || connection.sasExpires > Date.now()) return undefined;
  const expired = new Date(connection.sasExpires).toISOString();
  return failed(
    "storage-refused",
    `${where}: its SAS expired at ${expired} (${said})`,
    "Make a new SAS and store its connection string in the secret that the profile names",
  );
}

function forbidden(code: string, where: string, said: string, { connection }: Place): Refusal {
  const rights = /Mismatch|Insufficient|Unsupported/.test(code);
  if (connection.signIn === "sas") {
    return failed(
      "storage-refused",
      rights
        ? `${where}: the SAS does not allow it (${said})`
        : `${where}: the SAS is not accepted (${said})`,
      rights
        ? "Make a SAS for the blob service, resource types container and object, with read, write, create and list"
        : "Copy the SAS connection string again; a rotated account key ends every SAS made with it",
    );
  }
  if (connection.signIn === "key") {
    return failed(
      "storage-refused",
      `${where}: the account key is not accepted (${said})`,
      "Copy the connection string again; the account key may have been rotated",
    );
  }
  return failed(
    "storage-refused",
    `${where}: the app's identity may not do it (${said})`,
    'Give the app\'s identity the role "Storage Blob Data Contributor" on the storage account; it takes up to 10 minutes',
  );
}

const REFUSALS: Readonly<Record<string, { readonly text: string; readonly next: string } | undefined>> = {
  ContainerNotFound: {
    text: "the container does not exist",
    next: "Create the container, or allow the app to create it",
  },
  ContainerBeingDeleted: {
    text: "the container of that name is being deleted",
    next: "Wait a minute and start the backup again",
  },
  ContainerDisabled: { text: "the container is disabled", next: "Ask the owner of the storage account" },
  InvalidResourceName: {
    text: "the name is not one that a container may have",
    next: "Use 3 to 63 lower-case letters, digits and single hyphens",
  },
  AuthorizationFailure: {
    text: "it does not accept this sign-in from here: a wrong key, or its firewall",
    next: 'Check the key or SAS in the connection; if it is right, allow the app in "Networking" of the storage account',
  },
  KeyBasedAuthenticationNotPermitted: {
    text: "the account allows no keys and no SAS made with them",
    next: "Use the app's managed identity, or allow key access in the account's configuration",
  },
  AuthorizationSourceIPMismatch: {
    text: "the SAS does not allow this network address",
    next: "Make a SAS without, or with the right, allowed IP addresses",
  },
  AccountIsDisabled: { text: "the storage account is disabled", next: "Ask the owner of the subscription" },
  BlobImmutableDueToPolicy: {
    text: "an immutability policy protects it",
    next: "Wait until the policy's period ends; until then nothing can change or delete it",
  },
  BlobArchived: {
    text: "it lies in the archive tier",
    next: "Move it to the hot, cool or cold tier first (rehydration takes hours)",
  },
  LeaseIdMissing: {
    text: "another program holds a lease on it",
    next: "Break the lease, or wait until it ends",
  },
  InvalidBlobOrBlock: {
    text: "another program's unfinished upload lies there",
    next: "Wait a week until the storage drops it, or delete it",
  },
};
