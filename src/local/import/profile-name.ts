// The name of a profile that is made of a sheet of parameters.
import path from "node:path";
import type { Labelled } from "./arrangement.ts";

/** The prefix of the sheet, else the file's name; always one that a profile may have. */
export function profileNameOf(found: readonly Labelled[], file: string): string {
  const prefix = found.find(({ field, value }) => field === "folderPrefix" && value !== "")?.value ?? "";
  const names = [prefix, path.basename(file).replace(/\.[^.]*$/, "")].map(legal);
  return names.find((name) => name !== "") ?? "imported";
}

function legal(name: string): string {
  return name
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-/, "")
    .slice(0, 40)
    .replace(/-$/, "");
}
