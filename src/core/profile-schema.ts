// The shape of a profile as people write it: each field with what it means, what it takes and what it is when left out.
// The texts go into the published JSON Schema and into the problems that a reader of a wrong profile gets.
import * as z from "zod";
import { LAYOUTS } from "./names.ts";
import { SEARCHES, VIEWS } from "./options.ts";
import { CRON_EXPECTED, ZONE_EXPECTED, isCron, isZone } from "./schedule.ts";
import { MAIL_ON } from "./run.ts";

const SECRET_NAME =
  "a name: a letter, then up to 126 letters, digits, - or _, with /VERSION of a Key Vault behind it where one version is meant; never the secret itself";

const SELECTED: Readonly<Record<string, string>> = {
  ids: "a list of 1 to 1000 item ids of 32 hex digits",
  owners: "a list of 1 to 200 user names",
  groups: "a list of 1 to 200 titles or ids of groups",
  folders: "a list of 1 to 200 folder titles",
  types: 'a list of 1 to 200 item types, such as "Web Map"',
  tags: "a list of 1 to 200 tags",
};

/** What each field takes, by its path; shown beside every problem. */
export const EXPECTED: Readonly<Record<string, string>> = {
  "": "a JSON object with name and portal",
  $schema: "the address of the JSON Schema, for editors",
  name: "1 to 40 of a-z, 0-9 and -, with no - at either end",
  organisation: "a display name of 1 to 100 characters",
  portal: "an object with url and auth",
  "portal.url":
    "the portal's address or short name, such as https://acme.maps.arcgis.com or acme, without credentials",
  "portal.auth": "an object with kind, username and secret",
  "portal.auth.kind": '"password"',
  "portal.auth.username": "a user name of 1 to 128 characters, without spaces around it",
  "portal.auth.secret": SECRET_NAME,
  exports: "an object with timeoutMinutes, hardLimitHours, lanes",
  "exports.timeoutMinutes": "a whole number from 1 to 1440",
  "exports.hardLimitHours": "a whole number from 1 to 72",
  "exports.lanes": "a whole number from 1 to 8",
  lanes: "a whole number from 1 to 16",
  schedule: "an object with cron and zone",
  "schedule.cron": CRON_EXPECTED,
  "schedule.zone": ZONE_EXPECTED,
  ...Object.fromEntries(
    ["select", "exclude"].flatMap((field): readonly (readonly [string, string])[] => [
      [field, `an object with ${Object.keys(SELECTED).join(", ")}: a list each, all optional`],
      ...Object.entries(SELECTED).map(([list, expected]) => [`${field}.${list}`, expected] as const),
    ]),
  ),
  search: oneOf(SEARCHES),
  changedWithinDays: "a whole number from 1 to 3650",
  views: oneOf(VIEWS),
  emptyServices: "true or false",
  serviceDefinitions: "true or false",
  dependencies: "true or false",
  tiles: "an object with switchExportOn, most",
  "tiles.switchExportOn": "true or false",
  "tiles.most": "a whole number from 1 to 100000000",
  mail: "an object with to and on",
  "mail.to": "a list of 1 to 20 e-mail addresses",
  "mail.on": `a list of ${MAIL_ON.map((on) => `"${on}"`).join(", ")}, at least one`,
  layout: oneOf(LAYOUTS),
  folderPrefix: "1 to 60 letters, digits, - or _, beginning with a letter or digit",
  destination: "an object with container, or with folder",
  "destination.container": '3 to 63 of a-z, 0-9 and single -, with no - at either end, and not "work"',
  "destination.connectionSecret": SECRET_NAME,
  "destination.folder":
    "an absolute path of at most 120 characters, such as D:\\Backups, \\\\server\\share\\backups or /srv/backups, without .. in it",
};

function oneOf(values: readonly string[]): string {
  return values.map((value) => `"${value}"`).join(" or ");
}

// A drive, a share or a root; the parts of the path are checked where the folder is opened.
const ABSOLUTE_FOLDER =
  /^(?=.{1,120}$)(?!.*(?:^|[\\/])\.\.(?:[\\/]|$))(?:[A-Za-z]:[\\/]|\\\\[^\\/\s]+[\\/][^\\/]+|\/)[^\p{Cc}]*$/u;

const secretName = z.string().regex(/^[A-Za-z][A-Za-z0-9_-]{0,126}(?:\/[0-9a-f]{32})?$/);

function whole(from: number, to: number, byDefault: number): z.ZodDefault<z.ZodInt>;
function whole(from: number, to: number): z.ZodInt;
function whole(from: number, to: number, byDefault?: number) {
  const number: z.ZodInt = z.int().min(from).max(to);
  return byDefault === undefined ? number : number.default(byDefault);
}

const auth = z.strictObject({
  kind: z.literal("password").describe("How to sign in: with a user name and a password"),
  username: z
    .string()
    .regex(/^\S(?:.{0,126}\S)?$/)
    .describe("User name at the portal, best an administrator: other accounts see only a part of the items"),
  secret: secretName.describe(
    "Name of the secret that holds the password: an environment variable on one machine, a Key Vault secret on Azure",
  ),
});

const portal = z.strictObject({
  // Neither user:password@ nor a token: the address goes into the records of the run.
  url: z
    .string()
    .regex(/^(?!.*[?&#](?:token|password|apikey)=)[^\s@]{1,500}$/i)
    .describe(
      "Address of the ArcGIS Online organisation or the Portal for ArcGIS, or the organisation's short name",
    ),
  auth: auth.describe("The account that the backup signs in with"),
});

const exports = z.strictObject({
  timeoutMinutes: whole(1, 1440, 120).describe(
    "Minutes after which an export is overdue: from then on its file is looked at whatever the portal says of the job",
  ),
  hardLimitHours: whole(1, 72, 24).describe("Hours after which an export that has not ended has failed"),
  lanes: whole(1, 8, 3).describe("How many exports run at the portal at a time"),
});

const destination = z.strictObject({
  container: z
    .string()
    .regex(/^(?!work$)(?=.{3,63}$)[a-z0-9]+(?:-[a-z0-9]+)*$/)
    .optional()
    .describe("Container of the Blob Storage that the backups go to; left out: backups"),
  folder: z
    .string()
    .regex(ABSOLUTE_FOLDER)
    .optional()
    .describe(
      "Folder of this machine or of a share, instead of a container: only where it runs on one machine",
    ),
  connectionSecret: secretName
    .optional()
    .describe(
      "Name of the secret with the connection string of another storage account; left out: the app's own storage",
    ),
});

const schedule = z.strictObject({
  cron: z
    .string()
    .refine(isCron)
    .describe("When: minute, hour, day of month, month, day of week; 0 2 * * * is every night at two"),
  zone: z.string().refine(isZone).describe("Time zone that the schedule is meant in, such as America/Denver"),
});

const words = (what: string) =>
  z.array(z.string().trim().min(1).max(300)).min(1).max(200).optional().describe(what);

/** Lists of what a run takes, or leaves out, of the organisation. */
export const SELECT_SCHEMA = z.strictObject({
  ids: z
    .array(z.string().regex(/^[0-9a-f]{32}$/))
    .min(1)
    .max(1000)
    .optional()
    .describe("Ids of items"),
  owners: words("User names of owners"),
  groups: words("Titles or ids of groups that the items are shared with"),
  folders: words("Titles of the owners' folders"),
  types: words("Item types"),
  tags: words("Tags; an item needs one of them"),
});

const tiles = z.strictObject({
  switchExportOn: z
    .boolean()
    .default(false)
    .describe(
      "Whether the export of a tile layer that does not allow it is switched on for as long as it lasts, and off again",
    ),
  most: whole(1, 100_000_000, 500_000).describe(
    "Tiles that one layer may have: above it, or above the limit of the service, it is not exported and told",
  ),
});

const mail = z.strictObject({
  to: z.array(z.email().max(254)).min(1).max(20).describe("Who gets the mail of each run"),
  on: z
    .array(z.enum(MAIL_ON))
    .min(1)
    .default([...MAIL_ON])
    .describe("Verdicts that are mailed; left out: every one"),
});

/** A profile as people write it; unknown keys are problems. */
export const PROFILE_SCHEMA = z
  .strictObject({
    $schema: z.string().optional().describe("Address of this schema, for editors"),
    name: z
      .string()
      .regex(/^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/)
      .describe("Name of the profile; the id of each run begins with it"),
    organisation: z
      .string()
      .regex(/^(?=.*\S)[^\p{Cc}]{1,100}$/u)
      .optional()
      .describe("Display name of the organisation in reports; left out: as the portal says"),
    portal: portal.describe("The portal that is backed up"),
    exports: exports.prefault({}).describe("How exports of hosted layers are run"),
    lanes: whole(1, 16, 4).describe("How many items without an export are saved at a time"),
    layout: z
      .enum(LAYOUTS)
      .default("owner-folder")
      .describe(
        "Folders of the items in a backup: owner and folder, item type, owner and type, owner, folder and type, or none",
      ),
    folderPrefix: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,59}$/)
      .optional()
      .describe("Begins the name of each run's folder; left out: the profile's name"),
    destination: destination.prefault({}).describe("Where the backups go"),
    schedule: schedule.optional().describe("When it runs by itself; left out: only when it is started"),
    select: SELECT_SCHEMA.optional().describe(
      "What is taken: items that are in each of these lists; left out: everything",
    ),
    exclude: SELECT_SCHEMA.optional().describe(
      "What is left out of that: items that are in one of these lists; left out: nothing",
    ),
    search: z
      .enum(SEARCHES)
      .default("deep")
      .describe(
        "How items are found: deep walks the content of each member, quick asks the portal's search, whose index may lag",
      ),
    changedWithinDays: whole(1, 3650)
      .optional()
      .describe("Takes only what changed in so many days, and six hours; left out: everything"),
    views: z
      .enum(VIEWS)
      .default("definition")
      .describe("What is kept of a view whose source is saved: its definition, or its filtered data as well"),
    emptyServices: z
      .boolean()
      .default(true)
      .describe(
        "Whether feature services without a single row are exported; else only their definition is kept",
      ),
    serviceDefinitions: z
      .boolean()
      .default(true)
      .describe("Whether service definition files (.sd) are taken"),
    dependencies: z
      .boolean()
      .default(false)
      .describe("Whether the run writes which items use which, to Inventory and dependencies.json"),
    tiles: tiles.prefault({}).describe("How tile layers are exported"),
    mail: mail.optional().describe("The summary of each run by mail; left out: no mail"),
  })
  .describe("A profile of ArcGIS Backup for Azure: what is backed up, how, and where to");
