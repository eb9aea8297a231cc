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
  const mail = mailOf(env, problems);
  if (problems.length > 0) return { ok: false, problems };
  const config = { workStorage, backupStorage, secretSource: "environment", mail, defaultProfile } as const;
  return { ok: true, config };
}

/** The value of a secret that is an environment variable; undefined when it is not set or empty. */
export function environmentSecret(name: string): string | undefined {
  const value = process.env[name];
  return value === "" ? undefined : value;
}

function mailOf(env: NodeJS.ProcessEnv, problems: string[]): MailConfig | undefined {
  const from = env["MAIL_FROM"]?.trim() ?? "";
  if (from === "") return undefined;
  if (!/^[^\s@<>]+@[^\s@<>]+$/.test(from)) problems.push("MAIL_FROM is no e-mail address");
  const secret = env["SENDGRID_SECRET"]?.trim() ?? "";
  if (secret === "") {
    problems.push("SENDGRID_SECRET is not set: the name of the secret that holds SendGrid's API key");
  }
  const baseUrl = env["SENDGRID_BASE_URL"]?.trim() || "https://api.sendgrid.com";
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined;
  const isLocal = url?.protocol === "http:" && /^(127\.\d+\.\d+\.\d+|localhost)$/.test(url.hostname);
  if (url?.protocol !== "https:" && !isLocal) {
    problems.push("SENDGRID_BASE_URL is no https address; left out, it is https://api.sendgrid.com");
  }
  return { from, baseUrl, secret };
}

function defaultProfileOf(text: string | undefined, problems: string[]): Profile | undefined {
  if (text === undefined || text.trim() === "") return undefined;
  const parsed = parseProfileText(text);
  if (parsed.ok) return parsed.profile;
  problems.push(...parsed.problems.map((problem) => `DEFAULT_PROFILE: ${problem.text}`));
  return undefined;
}
