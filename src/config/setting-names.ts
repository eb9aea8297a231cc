// Every app setting: who reads it, and where it is set. The Bicep template sets exactly those of Azure, and
// local.settings.sample.json exactly those of a machine.

interface Setting {
  /** The app (config.ts), or the Functions host alone. */
  readonly readBy: "app" | "host";
  /** `azure`: the template sets it. `machine`: local.settings.json has it. `by-hand`: another way to say what one of these says. */
  readonly setOn: "azure" | "machine" | "both" | "by-hand";
}

const app = (setOn: Setting["setOn"]): Setting & { readBy: "app" } => ({ readBy: "app", setOn });
const host = (setOn: Setting["setOn"]): Setting & { readBy: "host" } => ({ readBy: "host", setOn });

export const SETTING_NAMES = {
  // The app's own storage; the host keeps the state of the orchestrations there.
  AzureWebJobsStorage: app("machine"),
  AzureWebJobsStorage__blobServiceUri: app("azure"),
  AzureWebJobsStorage__accountName: app("by-hand"),
  AzureWebJobsStorage__credential: app("azure"),
  AzureWebJobsStorage__clientId: app("azure"),
  AzureWebJobsStorage__queueServiceUri: host("azure"),
  AzureWebJobsStorage__tableServiceUri: host("azure"),
  // The storage of the backups.
  BACKUP_STORAGE: app("machine"),
  BACKUP_STORAGE__blobServiceUri: app("azure"),
  BACKUP_STORAGE__accountName: app("by-hand"),
  BACKUP_STORAGE__credential: app("by-hand"),
  BACKUP_STORAGE__clientId: app("by-hand"),
  BACKUP_FOLDERS: app("machine"),
  // Sign-in and secrets.
  AZURE_CLIENT_ID: app("azure"),
  DEVELOPER_SIGN_IN: app("machine"),
  SECRET_SOURCE: app("both"),
  KEY_VAULT_URI: app("both"),
  SECRET_FILE: app("machine"),
  SECRET_FILE_KEY: app("machine"),
  SECRET_FILE_KEY_FILE: app("machine"),
  // What is backed up, and who is told.
  DEFAULT_PROFILE: app("both"),
  MAIL_FROM: app("both"),
  SENDGRID_BASE_URL: app("both"),
  SENDGRID_SECRET: app("both"),
  // The host's own.
  FUNCTIONS_WORKER_RUNTIME: host("machine"),
  APPLICATIONINSIGHTS_CONNECTION_STRING: host("azure"),
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: host("azure"),
  AzureFunctionsJobHost__extensions__durableTask__storageProvider__type: host("azure"),
  AzureFunctionsJobHost__extensions__durableTask__storageProvider__connectionStringName: host("azure"),
  AzureFunctionsJobHost__extensions__durableTask__hubName: host("azure"),
  DURABLE_TASK_SCHEDULER_CONNECTION_STRING: host("azure"),
} as const satisfies Readonly<Record<string, Setting>>;

/** Names that config.ts may read. */
export type SettingName = {
  [name in keyof typeof SETTING_NAMES]: (typeof SETTING_NAMES)[name]["readBy"] extends "app" ? name : never;
}[keyof typeof SETTING_NAMES];

/** Names that are set on Azure, or in local.settings.json of a machine. */
export function settingNamesOn(place: "azure" | "machine"): readonly string[] {
  return Object.entries(SETTING_NAMES)
    .filter(([, { setOn }]) => setOn === place || setOn === "both")
    .map(([name]) => name);
}
