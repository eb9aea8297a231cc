// Environment -> Config. The only reader of process.env; lists every problem at once.
import { parseProfileText } from "./core/profile.ts";
import type { Profile } from "./core/profile.ts";

export interface Config {
  /** Connection string of the app's own storage account (container `work`). */
  readonly workStorage: string;
  /** Connection string of the storage account of the backups, for profiles that name no secret of their own. */
  readonly backupStorage: string;
  /** Where secrets that a profile names are read; chosen explicitly. */
  readonly secretSource: "environment";
  /** The profile that the app settings hold. */
  readonly defaultProfile: Profile | undefined;
}

export type ConfigResult =
  | { readonly ok: true; readonly config: Config }
  | { readonly ok: false; readonly problems: readonly string[] };

/** Reads the app settings. Never throws and never repeats a value: settings hold secrets. */
export function readConfig(env: NodeJS.ProcessEnv = process.env): ConfigResult {
  const problems: string[] = [];
  const need = (name: string, what: string): string => {
    const value = env[name]?.trim() ?? "";
    if (value === "") problems.push(`${name} is not set: ${what}`);
    return value;
  };
  const workStorage = need("AzureWebJobsStorage", "the connection string of the app's own storage account");
  const backupStorage = need(
    "BACKUP_STORAGE",
    "the connection string of the storage account for the backups",
  );
  const source = need("SECRET_SOURCE", "where secrets are read; accepted: environment");
  if (source !== "" && source !== "environment") {
    problems.push("SECRET_SOURCE is not known; accepted: environment");
  }
  const defaultProfile = defaultProfileOf(env["DEFAULT_PROFILE"], problems);
  if (problems.length > 0) return { ok: false, problems };
  return { ok: true, config: { workStorage, backupStorage, secretSource: "environment", defaultProfile } };
}

/** The value of a secret that is an environment variable; undefined when it is not set or empty. */
export function environmentSecret(name: string): string | undefined {
  const value = process.env[name];
  return value === "" ? undefined : value;
}

function defaultProfileOf(text: string | undefined, problems: string[]): Profile | undefined {
  if (text === undefined || text.trim() === "") return undefined;
  const parsed = parseProfileText(text);
  if (parsed.ok) return parsed.profile;
  problems.push(...parsed.problems.map((problem) => `DEFAULT_PROFILE: ${problem.text}`));
  return undefined;
}
