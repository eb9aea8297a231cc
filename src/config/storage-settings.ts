// A storage account in the settings: a connection string, or its address and the app's identity, by the names that the
// Functions host gives to such settings.
import type { IdentityFor, IdentitySettings } from "./identity-settings.ts";
import { type Reading, httpsAddress } from "./reading.ts";

export type StorageSettings =
  | { readonly connectionString: string }
  | { readonly serviceUri: string; readonly identity: IdentitySettings };

type Prefix = "AzureWebJobsStorage" | "BACKUP_STORAGE";

/** undefined when there is a problem. `what` says whose account it is. */
export function storageSettings(
  reading: Reading,
  prefix: Prefix,
  what: string,
  identityFor: IdentityFor,
): StorageSettings | undefined {
  const connectionString = reading.text(prefix);
  const uri = httpsAddress(reading, `${prefix}__blobServiceUri`);
  const hasUri = reading.text(`${prefix}__blobServiceUri`) !== undefined;
  const account = accountOf(reading, prefix);
  checkCredential(reading, prefix);
  const identity = identityFor(`${prefix}__clientId`);

  if (connectionString !== undefined && (hasUri || account !== undefined)) {
    reading.problem(
      `${prefix} holds a connection string, and ${prefix}__${hasUri ? "blobServiceUri" : "accountName"} is set too: keep one of them`,
    );
    return undefined;
  }
  if (connectionString !== undefined) return { connectionString };
  if (hasUri) return uri === undefined ? undefined : { serviceUri: uri, identity };
  if (account !== undefined) {
    return account === "" ? undefined : { serviceUri: `https://${account}.blob.core.windows.net`, identity };
  }
  reading.problem(
    `${prefix} is not set: the connection string of ${what}; where it is reached by the app's identity, ${prefix}__blobServiceUri`,
  );
  return undefined;
}

/** Empty, and a problem, when it is no account's name. */
function accountOf(reading: Reading, prefix: Prefix): string | undefined {
  const account = reading.text(`${prefix}__accountName`);
  if (account === undefined || /^[a-z0-9]{3,24}$/.test(account)) return account;
  reading.problem(`${prefix}__accountName is no storage account's name: 3 to 24 of a-z and 0-9`);
  return "";
}

function checkCredential(reading: Reading, prefix: Prefix): void {
  const credential = reading.text(`${prefix}__credential`);
  if (credential === undefined || credential.toLowerCase() === "managedidentity") return;
  reading.problem(`${prefix}__credential is not known; accepted: managedidentity`);
}
