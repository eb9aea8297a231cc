// Environment -> Config. The only reader of process.env; lists every problem at once.
import { identitySettings } from "./config/identity-settings.ts";
import { type Reading, readingOf } from "./config/reading.ts";
import { type SecretSettings, secretSettings } from "./config/secret-settings.ts";
import { type StorageSettings, storageSettings } from "./config/storage-settings.ts";
import { parseProfileText } from "./core/profile.ts";
import type { Profile } from "./core/profile.ts";

export { SETTING_NAMES, settingNamesOn } from "./config/setting-names.ts";

export interface Config {
  /** The app's own storage account (container `work`). */
  readonly workStorage: StorageSettings;
  /** The storage account of the backups, for profiles that name no secret of their own. */
  readonly backupStorage: StorageSettings;
  /** Profiles may name a folder of this machine, or of a share, for their backups. */
  readonly takesFolders: boolean;
  /** Where secrets that profiles and settings name are read; chosen explicitly. */
  readonly secrets: SecretSettings;
  /** How mail is sent; undefined = no mail. */
  readonly mail: MailConfig | undefined;
  /** The profile that the app settings hold. */
  readonly defaultProfile: Profile | undefined;
}

export interface MailConfig {
  /** Sender's address. */
  readonly from: string;
  /** Address of SendGrid's API. */
  readonly baseUrl: string;
  /** Name of the secret that holds SendGrid's API key. */
  readonly secret: string;
}

export type ConfigResult =
  | { readonly ok: true; readonly config: Config }
  | { readonly ok: false; readonly problems: readonly string[] };

/** Reads the app settings. Never throws and never repeats a value: settings hold secrets. */
export function readConfig(env: NodeJS.ProcessEnv = process.env): ConfigResult {
  const reading = readingOf(env);
  // Azure itself sets it on every instance of an app, and nobody does elsewhere.
  const isOnAzure = env["WEBSITE_INSTANCE_ID"] !== undefined;
  const identityFor = identitySettings(reading, isOnAzure);
  const workStorage = storageSettings(
    reading,
    "AzureWebJobsStorage",
    "the app's own storage account",
    identityFor,
  );
  const backupStorage = storageSettings(
    reading,
    "BACKUP_STORAGE",
    "the storage account for the backups",
    identityFor,
  );
  const secrets = secretSettings(reading, identityFor);
  const takesFolders = takesFoldersOf(reading, isOnAzure);
  const defaultProfile = defaultProfileOf(reading, takesFolders);
  const mail = mailOf(reading);
  if (
    reading.problems.length > 0 ||
    workStorage === undefined ||
    backupStorage === undefined ||
    secrets === undefined
  ) {
    return { ok: false, problems: reading.problems };
  }
  return { ok: true, config: { workStorage, backupStorage, takesFolders, secrets, mail, defaultProfile } };
}

/** The value of a secret that is an environment variable; undefined when it is not set or empty. */
export function environmentSecret(name: string): string | undefined {
  const value = process.env[name];
  return value === "" ? undefined : value;
}

function mailOf(reading: Reading): MailConfig | undefined {
  const from = reading.text("MAIL_FROM");
  if (from === undefined) return undefined;
  if (!/^[^\s@<>]+@[^\s@<>]+$/.test(from)) reading.problem("MAIL_FROM is no e-mail address");
  const secret = reading.need("SENDGRID_SECRET", "the name of the secret that holds SendGrid's API key");
  // An API key has dots: pasted here, it would end in a text about a secret of this name.
  if (secret !== "" && !/^[A-Za-z][\w-]{0,126}(\/[0-9a-f]{32})?$/i.test(secret)) {
    reading.problem("SENDGRID_SECRET is no name of a secret: letters, digits, - and _; never the key itself");
  }
  const baseUrl = reading.text("SENDGRID_BASE_URL") ?? "https://api.sendgrid.com";
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined;
  const isLocal = url?.protocol === "http:" && /^(127\.\d+\.\d+\.\d+|localhost)$/.test(url.hostname);
  if (url?.protocol !== "https:" && !isLocal) {
    reading.problem("SENDGRID_BASE_URL is no https address; left out, it is https://api.sendgrid.com");
  }
  return { from, baseUrl, secret };
}

/**
 * Only who says so may write to folders: an app that runs in Azure has a disk that is gone with its instance, and what
 * tells Azure from a machine differs between its plans.
 */
function takesFoldersOf(reading: Reading, isOnAzure: boolean): boolean {
  const value = reading.text("BACKUP_FOLDERS");
  if (value === undefined) return false;
  if (isOnAzure) {
    reading.problem(
      "BACKUP_FOLDERS is for one machine: remove it, on Azure a disk is gone with its instance",
    );
  } else if (value !== "allowed") {
    reading.problem("BACKUP_FOLDERS is not known; accepted: allowed, or nothing");
  }
  return value === "allowed" && !isOnAzure;
}

function defaultProfileOf(reading: Reading, takesFolders: boolean): Profile | undefined {
  const text = reading.text("DEFAULT_PROFILE");
  if (text === undefined) return undefined;
  const parsed = parseProfileText(text, takesFolders);
  if (parsed.ok) return parsed.profile;
  for (const { text: said } of parsed.problems) reading.problem(`DEFAULT_PROFILE: ${said}`);
  return undefined;
}
