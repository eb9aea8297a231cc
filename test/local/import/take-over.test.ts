// The original's sheet in all the shapes in which people keep it: always the same profile.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parseProfile } from "../../../src/core/profile.ts";
import { hiding, importText } from "../../../src/local/cli/import-text.ts";
import { arranged } from "../../../src/local/import/arrangement.ts";
import { csvSheet } from "../../../src/local/import/csv-sheet.ts";
import { profileNameOf } from "../../../src/local/import/profile-name.ts";
import { readParameters } from "../../../src/local/import/read-file.ts";
import { secretNameFor } from "../../../src/local/import/secrets-of.ts";
import type { Sheet } from "../../../src/local/import/sheet.ts";
import { takeOver, type TakenOver } from "../../../src/local/import/take-over.ts";
import { type Cell, type SheetOf, workbookOf } from "./workbook-of.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "import-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const PASSWORD = "Tr0ub4dor;&3,\u00fcx";

/** The original's sheet as it is handed out: labels in A, values in B. */
const ROWS: readonly (readonly [string, Cell])[] = [
  ["ArcGIS URL", "https://acme.maps.arcgis.com/"],
  ["ArcGIS Username", "backup_admin"],
  ["ArcGIS Password (or wcm)", PASSWORD],
  ["Save Directory", "D:\\GIS Backups"],
  ["Export Folder Prefix", "Acme Backup"],
  ["Search type", "Deep"],
  ["Timeout (minutes)", 90],
  ["Add Item Dependencies", "Yes"],
  ["Tags", "water, roads"],
  ["Exclude tags", "test"],
  ["Groups", ""],
  ["Item types", "web map; Feature Service"],
  ["Item IDs", "0123456789ABCDEF0123456789abcdef"],
  ["Edited in the past N days", 0],
  ["Sort option", "Owner"],
  ["Export views", "FGDB"],
  ["Empty services", "no"],
  ["Allow tile export", true],
  ["E-mail to:", "gis@acme.gov; it@acme.gov"],
];

const PROFILE = {
  name: "acme-backup",
  portal: {
    url: "https://acme.maps.arcgis.com",
    auth: { kind: "password", username: "backup_admin", secret: "acmeBackupPortalPassword" },
  },
  destination: { folder: "D:\\GIS Backups" },
  folderPrefix: "Acme_Backup",
  search: "deep",
  exports: { timeoutMinutes: 90 },
  dependencies: true,
  select: {
    tags: ["water", "roads"],
    types: ["Web Map", "Feature Service"],
    ids: ["0123456789abcdef0123456789abcdef"],
  },
  exclude: { tags: ["test"] },
  layout: "owner-type",
  views: "data",
  emptyServices: false,
  tiles: { switchExportOn: true },
  mail: { to: ["gis@acme.gov", "it@acme.gov"] },
};

function plain(cell: Cell): string {
  if (typeof cell === "object") throw new Error("no cell of CSV");
  return typeof cell === "boolean" ? String(cell).toUpperCase() : String(cell);
}

async function sheetsOf(bytes: Uint8Array, name = "parameters"): Promise<readonly Sheet[]> {
  const file = path.join(folder, name);
  await writeFile(file, bytes);
  const read = await readParameters(file);
  if (!read.ok) throw new Error(read.failure.text);
  return read.value;
}

function imported(sheets: readonly Sheet[], file = "parameters.xlsx") {
  const found = arranged(sheets);
  if (found === undefined) throw new Error("no labels");
  return takeOver(found, profileNameOf(found.found, file));
}

async function takenFrom(bytes: Uint8Array): Promise<TakenOver> {
  const read = imported(await sheetsOf(bytes));
  if (!read.ok) throw new Error(read.problems.join("\n"));
  return read.taken;
}

const sheet = (rows: SheetOf["rows"], more: Partial<SheetOf> = {}): SheetOf => ({
  name: "Sheet1",
  rows,
  ...more,
});
const quoted = (cell: string): string => (/[;,"\n\t]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
const csvOf = (rows: readonly (readonly Cell[])[], separator: string): string =>
  rows.map((row) => row.map((cell) => quoted(plain(cell))).join(separator)).join("\r\n");
const latin = (text: string): Uint8Array => Buffer.from(text, "latin1");

const ARRANGEMENTS: Readonly<Record<string, () => Uint8Array | Promise<Uint8Array>>> = {
  "as it is handed out": () => workbookOf([sheet(ROWS)]),
  "moved down and right, below a title, in other letters, with descriptions": () =>
    workbookOf([
      sheet([["Notes"], ["nothing here"]], { name: "Notes" }),
      sheet(
        [
          [],
          [null, null, "Backup parameters of Acme"],
          [null, null, "Parameter", "Value", "Description"],
          ...ROWS.toReversed().map(([label, value]): Cell[] => [
            ...[null, null, `${label.toUpperCase()} : `, value],
            `What ${label} is for`,
          ]),
        ],
        { merged: ["C2:E2"] },
      ),
    ]),
  "with a column between, some values moved on, rich text, a formula": () =>
    workbookOf([
      sheet(
        ROWS.map(([label, value], at): Cell[] => {
          if (label === "Search type") return [label, null, { formula: 'IF(1,"Deep")', result: "Deep" }];
          if (label === "ArcGIS Username")
            return [{ runs: ["ArcGIS ", "Username"] }, null, { runs: ["backup", "_admin"] }];
          return at % 5 === 4 ? [label, null, null, value] : [label, null, value];
        }),
      ),
    ]),
  "side by side": () =>
    workbookOf([
      sheet(
        Array.from({ length: 10 }, (_, at): Cell[] => [...(ROWS[at] ?? []), null, ...(ROWS[at + 10] ?? [])]),
      ),
    ]),
  "a header row with the values below": () =>
    workbookOf([sheet([["Acme"], ROWS.map(([label]) => label), ROWS.map(([, value]) => value)])]),
  "CSV with a mark and semicolons": () => Buffer.from(`\u{FEFF}${csvOf(ROWS, ";")}`),
  "CSV with tabs": () => Buffer.from(csvOf(ROWS, "\t")),
  "CSV of western Windows with commas": () => latin(csvOf(ROWS, ",")),
  "CSV of a header row": () =>
    Buffer.from(csvOf([ROWS.map(([label]) => label), ROWS.map(([, value]) => value)], ",")),
  "Unicode text": () => Buffer.from(`\u{FEFF}${csvOf(ROWS, "\t")}`, "utf16le"),
};

test.each(Object.keys(ARRANGEMENTS))("the same profile comes of the sheet %s", async (name) => {
  const bytes = await ARRANGEMENTS[name]?.();
  const { profile, secrets, unknown } = await takenFrom(bytes ?? new Uint8Array());
  expect(profile).toEqual(PROFILE);
  expect(parseProfile(profile).ok).toBe(true);
  expect(secrets).toMatchObject([{ name: "acmeBackupPortalPassword", value: PASSWORD }]);
  expect(unknown).toEqual([]);
});

/** A sheet with these rows beside what every profile needs. */
async function withRows(...rows: readonly (readonly [string, Cell])[]) {
  return imported(await sheetsOf(await workbookOf([sheet([...ROWS.slice(0, 2), ...rows])])), "acme.xlsx");
}

async function taken(...rows: readonly (readonly [string, Cell])[]): Promise<TakenOver> {
  const read = await withRows(...rows);
  if (!read.ok) throw new Error(read.problems.join("\n"));
  return read.taken;
}

test("everything that is wrong is told in one message, by label and cell, and no text is shown", async () => {
  const read = imported(
    await sheetsOf(
      await workbookOf([
        sheet([
          ["ArcGIS URL", "https://joe:hunter2@acme.maps.arcgis.com"],
          ["ArcGIS Password", PASSWORD],
          ["Save Directory", "backups\\acme"],
          ["Search type", "hunter2"],
          ["Timeout (minutes)", "soon"],
          ["Add Item Dependencies", "maybe"],
          ["Edited in the past N days", -3],
          ["Sort option", "Colour"],
          ["Item IDs", "12345"],
          ["E-mail", "nobody"],
        ]),
      ]),
    ),
  );
  const problems = read.ok ? [] : read.problems;
  for (const place of ["B1", "B3", "B4", "B5", "B6", "B7", "B8", "B9", "B10"]) {
    expect(problems.join("\n")).toContain(`(${place})`);
  }
  expect(problems.join("\n")).toContain("ArcGIS Username");
  expect(problems).toHaveLength(10);
  expect(problems.join("\n")).not.toMatch(/hunter2|Tr0ub|soon|maybe/);
});

test.each(["wcm", " WCM ", ""])("a password %j is to be set anew", async (cell) => {
  const { profile, secrets, understood } = await taken(["ArcGIS Password", cell]);
  expect(parseProfile(profile).ok).toBe(true);
  expect(secrets).toMatchObject([{ name: "acmePortalPassword", value: undefined }]);
  expect(understood.find(({ path }) => path === "portal.auth.secret")?.shown).toBe(
    "(secret, to be set anew)",
  );
});

test.each([
  [" s3cret ", "which is kept"],
  [4711, "zeros before a number"],
] as const)("a password %j is kept as it is, and doubts are told", async (cell, words) => {
  const { secrets, understood } = await taken(["ArcGIS Password", cell]);
  expect(secrets[0]?.value).toBe(String(cell));
  expect(understood.find(({ path }) => path === "portal.auth.secret")?.note).toContain(words);
});

test("labels that are not known are listed, and those without a value are fine", async () => {
  const { unknown, profile } = await taken(
    ["Favourite colour", "s3cret blue"],
    ["Groups", ""],
    ["A title", ""],
  );
  expect(unknown).toEqual(["Favourite colour"]);
  expect(JSON.stringify(profile)).not.toContain("blue");
});

const KEY = `${"A".repeat(86)}==`;
const CONNECTION = `DefaultEndpointsProtocol=https;AccountName=acme;AccountKey=${KEY};EndpointSuffix=core.windows.net`;

test("Azure wins over a folder, and the connection is a secret", async () => {
  const { profile, notTaken, secrets } = await taken(
    ["Save Directory", "D:\\Backups"],
    ["Azure container", "GIS-Backups"],
    ["Azure connection string", CONNECTION],
  );
  expect(profile["destination"]).toEqual({ container: "gis-backups", connectionSecret: "acmeStorage" });
  expect(notTaken.join()).toContain('"Save Directory"');
  expect(secrets.map(({ name, value }) => [name, value])).toContainEqual(["acmeStorage", CONNECTION]);
});

test("an address with a signature becomes a connection string and names the container", async () => {
  const url = "https://acme.blob.core.windows.net/nightly?sv=2024-11-04&sp=cw&sig=abc%2Bdef%3D";
  const { profile, secrets } = await taken(["SAS URL", url]);
  expect(profile["destination"]).toEqual({ container: "nightly", connectionSecret: "acmeStorage" });
  expect(secrets.at(-1)?.value).toBe(
    "BlobEndpoint=https://acme.blob.core.windows.net;SharedAccessSignature=sv=2024-11-04&sp=cw&sig=abc%2Bdef%3D",
  );
  const other = await withRows(["SAS URL", url], ["Azure container", "weekly"]);
  expect(other.ok ? "" : other.problems.join()).toContain("opens another container");
  const cut = await withRows(["Connection string", "AccountName=acme;AccountKey=abc"]);
  expect(cut.ok ? "" : cut.problems.join()).toContain("not whole");
});

test.each([
  ["Sort option", "Item Type", "layout", "type"],
  ["Sort by", "Owner, Folder", "layout", "owner-folder-type"],
  ["Sort option", "none", "layout", "flat"],
  ["Sort option", "", "layout", "type"],
  ["Deep or quick", "quick", "search", "quick"],
  ["Differential days", 7, "changedWithinDays", 7],
  ["Edited in the past 30 days:", "30", "changedWithinDays", 30],
  ["Views", "JSON only", "views", "definition"],
  ["Skip service definitions", "yes", "serviceDefinitions", false],
  ["Include Item Dependencies?", "1", "dependencies", true],
] as const)("%s: %j is %s: %j", async (label, cell, field, value) => {
  expect((await taken([label, cell])).profile[field]).toEqual(value);
});

test("a schedule is taken over only where nothing is left to guess", async () => {
  const clear = await taken(
    ["Time of day", { formula: "A1", result: "2:30 PM" }],
    ["Time zone", "America/Denver"],
  );
  expect(clear.profile["schedule"]).toEqual({ cron: "30 14 * * *", zone: "America/Denver" });
  const unclear = await taken(["Time of day", "22:15"], ["Time zone", "Mountain Standard Time"]);
  expect(unclear.profile["schedule"]).toBeUndefined();
  expect(unclear.notTaken.join()).toContain('"cron": "15 22 * * *"');
});

test("mail servers, mapped drives and further rows are told", async () => {
  const { notTaken, understood } = await taken(
    ["SMTP server", "smtp.gmail.com"],
    ["SMTP password", PASSWORD],
    ["Save Directory", "Z:\\Backups"],
  );
  expect(notTaken.filter((line) => line.includes("SendGrid"))).toHaveLength(2);
  expect(understood.find(({ path }) => path === "destination.folder")?.note).toContain("\\\\server\\share");
  const rows = csvOf(
    [
      ["ArcGIS URL", "ArcGIS Username", "Tags"],
      ["a", "u", "x"],
      ["b", "v", "y"],
    ],
    ",",
  );
  const two = imported([csvSheet(Buffer.from(rows))]);
  expect(two.ok ? two.taken.notTaken.join() : "").toContain("1 further rows of values");
});

test("names of profiles and of their secrets are legal whatever they come from", () => {
  expect(secretNameFor("acme-east-2", "Storage")).toBe("acmeEast2Storage");
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (prefix, file) => {
      const field = "folderPrefix" as const;
      const name = profileNameOf([{ label: "", field, value: prefix, place: "" }], file);
      expect(name).toMatch(/^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/);
      expect(secretNameFor(name, "PortalPassword")).toMatch(/^[A-Za-z][A-Za-z0-9]{0,126}$/);
    }),
    { numRuns: 40 },
  );
});

test("no password is in what is shown, wherever else it stands, nor in the profile", () => {
  const places = { sheet: "p.csv", profile: "p.json", secrets: "/s", key: "/k", windows: false };
  const password = fc.stringMatching(/^[!-~]{1,12}Pw9[!-~ ]{0,20}[!-~]$/);
  fc.assert(
    fc.property(password, fc.nat(8), fc.boolean(), (secret, where, breaks) => {
      const rows = [
        ["ArcGIS URL", "acme"],
        ["ArcGIS Username", "admin"],
        ["ArcGIS Password", secret],
        ["Organization", secret],
        ["SMTP password", secret],
        [secret, "something"],
        ["Timeout (minutes)", breaks ? secret : "5"],
        ["Tags", `a, ${secret}`],
        ["Search type", where === 8 ? secret : "deep"],
      ];
      const read = imported([{ name: "", rows: rows.filter((_, at) => at !== where + 3) }]);
      const shown = read.ok
        ? importText(read.taken, places)
        : read.problems.map(hiding(read.secrets)).join("\n");
      expect(shown).not.toContain(secret);
      if (read.ok) expect(JSON.stringify(read.taken.profile["portal"])).not.toContain(secret);
    }),
    { numRuns: 60 },
  );
});

test("any bytes are a sheet of CSV", () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      expect(csvSheet(bytes).rows.length).toBeGreaterThanOrEqual(0);
    }),
  );
  fc.assert(
    fc.property(
      fc.array(fc.array(fc.string({ minLength: 1 }), { minLength: 2 }), { minLength: 1 }),
      (rows) => {
        const text = rows
          .map((row) => row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(";"))
          .join("\r\n");
        expect(csvSheet(Buffer.from(`sep=;\r\n${text}\r\n`, "utf8")).rows).toEqual(rows);
      },
    ),
  );
});
