// Sheets of parameters that mean harm.
import { arranged } from "../../../src/local/import/arrangement.ts";
import { csvSheet } from "../../../src/local/import/csv-sheet.ts";
import { takeOver } from "../../../src/local/import/take-over.ts";
import { hostileText, type Next, oneOf } from "./texts.ts";

const SECRET = "s3cret that was pasted";
const LABELS = [
  "ArcGIS URL",
  "Username",
  "Password",
  "Folder",
  "Container",
  "Timeout",
  "Sort by",
  "Exclude types",
] as const;

/** A sheet of parameters; what is wrong with it is told without the password. */
export function probeImports(next: Next): readonly string[] {
  const cell = () => `"${hostileText(next).slice(0, 2_000).replaceAll('"', '""')}"`;
  const rows = Array.from(
    { length: 8 },
    () => `${next() < 0.7 ? oneOf(next, LABELS) : cell()},${cell()},${cell()}`,
  );
  const sheet = csvSheet(
    Buffer.from([...rows, `Password,"${SECRET}"`].join(oneOf(next, ["\n", "\r\n", "\r"]))),
  );
  const found = arranged([sheet]);
  if (found === undefined) return [];
  const taken = takeOver(found, "nightly");
  const told = JSON.stringify(taken.ok ? { ...taken.taken, secrets: [] } : taken.problems);
  const isPassword = found.found.some(({ field, value }) => field === "password" && value === SECRET);
  return isPassword && told.includes(SECRET) ? ["a problem of an import tells the password"] : [];
}
