// The labels of the sheet "parameters.xlsx" of the CivicLens Backup Utility, and how people write them: what a label means
// does not depend on its place, on letter case, on signs, or on a hint in parentheses.

/** What a label stands for. */
export type Field =
  | "url"
  | "organisation"
  | "username"
  | "password"
  | "folder"
  | "folderPrefix"
  | "search"
  | "timeout"
  | "days"
  | "layout"
  | "dependencies"
  | "views"
  | "emptyServices"
  | "noEmptyServices"
  | "serviceDefinitions"
  | "noServiceDefinitions"
  | "switchExportOn"
  | "mailTo"
  | "mailServer"
  | "container"
  | "connection"
  | "schedule"
  | "zone"
  | ListField;

/** A list of what is taken, or left out. */
export type ListField = `${"select" | "exclude"}.${Listed}`;
export type Listed = "ids" | "owners" | "groups" | "folders" | "types" | "tags";

const LISTED: Readonly<Record<Listed, string>> = {
  ids: "item ids, item id, ids",
  owners: "users, owners, owner, item owners, user names, usernames",
  groups: "groups, group, group names",
  folders: "folders, folder, folder names",
  types: "item types, item type, types, type",
  tags: "tags, tag, item tags",
};

const WORDS: Readonly<Partial<Record<Field, string>>> = {
  url: "arcgis url, portal url, portal, portal address, url, org url, organization url, organisation url, arcgis online url, arcgis portal url, agol url, arcgis online short name, arcgis short name, short name, org short name, portal short name, portal url or short name, arcgis url or short name, url or short name, arcgis online or portal url",
  organisation: "organization, organisation, organization name, organisation name, org name",
  username:
    "arcgis username, arcgis user name, arcgis user, arcgis login, username, user name, user, login, portal username, portal user, admin username",
  password:
    "arcgis password, password, portal password, arcgis online password, password or wcm, arcgis password or wcm",
  folder:
    "save directory, save folder, save location, save path, backup directory, backup folder, backup location, backup path, output folder, output directory, output path, directory, destination folder, destination directory",
  folderPrefix: "export folder prefix, folder prefix, backup folder prefix, export prefix, prefix",
  search:
    "search type, search, search mode, search option, deep or quick, deep or quick search, search deep or quick, search type deep or quick",
  timeout:
    "timeout, timeout minutes, timeout in minutes, export timeout, export timeout minutes, export timeout in minutes, service timeout, timeout min, time out, time out minutes",
  days: "differential days, differential, differential backup, differential backup days, days, days back, number of days, edited in the past",
  layout:
    "sort option, sort options, sort by, sort, sort folders by, sort order, folder sort, folder structure, layout",
  dependencies:
    "add item dependencies, item dependencies, dependencies, include dependencies, include item dependencies, add dependencies",
  views:
    "views, view, export views, include views, backup views, view option, views option, view layers, export view layers",
  emptyServices:
    "empty services, export empty services, include empty services, backup empty services, empty feature services",
  noEmptyServices:
    "skip empty services, exclude empty services, ignore empty services, skip empty feature services",
  serviceDefinitions:
    "service definitions, service definition, service definition files, export service definitions, include service definitions, backup service definitions",
  noServiceDefinitions: "skip service definitions, exclude service definitions, ignore service definitions",
  switchExportOn:
    "allow tile export, enable tile export, enable tile layer export, allow export of tiles, enable export of tiles, allow export tiles, enable export tiles, tile export",
  mailTo:
    "email, emails, email to, email address, email addresses, send email to, notification email, notification emails, notification email address, mail to, mail, recipients, recipient, email recipients, email recipient, to email",
  mailServer:
    "email from, from email, email sender, sender, sender email, smtp server, smtp host, smtp, smtp port, smtp user, smtp username, smtp password, email server, mail server, email port, email user, email username, email password, sender password, gmail password",
  container:
    "azure container, azure container name, container, container name, blob container, azure blob container, azure storage container",
  connection:
    "azure connection string, connection string, azure storage connection string, storage connection string, blob connection string, azure sas connection string, sas connection string, sas url, azure sas url, azure sas, container sas url, blob sas url, azure connection string or sas url, connection string or sas url",
  schedule: "schedule, time of day, start time, schedule time, scheduled time, run time, time, cron",
  zone: "time zone, timezone, zone",
};

const FIELDS: ReadonlyMap<string, Field> = new Map([
  ...Object.entries(WORDS).flatMap(([field, words]) => namesOf(words, field as Field)),
  ...Object.entries(LISTED).flatMap(([listed, words]) => listNames(listed as Listed, words)),
]);

function namesOf(words: string, field: Field): [string, Field][] {
  return words.split(", ").map((name) => [folded(name), field]);
}

function listNames(listed: Listed, words: string): [string, Field][] {
  return words
    .split(", ")
    .flatMap((name) => [
      ...["", "include ", "select ", "selected ", "only "].flatMap((before) =>
        namesOf(`${before}${name}`, `select.${listed}`),
      ),
      ...["exclude ", "excluded ", "skip ", "ignore ", "omit "].flatMap((before) =>
        namesOf(`${before}${name}`, `exclude.${listed}`),
      ),
      ...namesOf(`${name} to exclude, ${name} to skip, ${name} to ignore`, `exclude.${listed}`),
      ...namesOf(`${name} to include, ${name} to backup, ${name} to back up`, `select.${listed}`),
    ]);
}

const DAYS =
  /^(?:items)?(?:edited|modified|changed|updated)(?:in|within)(?:the)?(?:past|last)?(?:n|x|numberof|\d{1,4})?days?$/;
/** Words above the columns of such a sheet; they mean nothing by themselves. */
const HEADINGS = new Set(
  [
    "parameter",
    "parameters",
    "name",
    "setting",
    "settings",
    "value",
    "values",
    "description",
    "notes",
    "comments",
    "option",
    "options",
    "label",
    "your value",
    "input",
  ].map(folded),
);
const VALUE_HEADINGS = new Set(["value", "values", "your value", "input"].map(folded));

/** What a cell means as a label; undefined for one that is none, or none that is known. */
export function fieldOf(text: string): Field | undefined {
  // No label is longer; a cell may be.
  if (text.length > 120) return undefined;
  for (const form of [text.replace(/\([^)]*\)/g, " "), text]) {
    const name = folded(form);
    const field = FIELDS.get(name) ?? (DAYS.test(name) ? "days" : undefined);
    if (field !== undefined) return field;
  }
  return undefined;
}

/** True for a word above a column. */
export function isHeading(text: string): boolean {
  return HEADINGS.has(folded(text));
}

/** True for the word above the column that holds the values. */
export function isValueHeading(text: string): boolean {
  return VALUE_HEADINGS.has(folded(text));
}

/** Letters and digits alone, in lower case. */
function folded(text: string): string {
  return text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, "");
}
