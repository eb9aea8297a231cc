// What the cells of a sheet of parameters say, as values of a profile.
import { itemTypeOf } from "../../core/item-types.ts";
import { LAYOUTS, type Layout } from "../../core/names.ts";

export type Value = string | number | boolean | readonly string[];

/** `note` tells what was changed or is to be thought of; an undefined value leaves the field out. */
export type Read =
  | { readonly ok: true; readonly value: Value | undefined; readonly note?: string }
  | { readonly ok: false; readonly expected: string };

const YES = new Set(["yes", "y", "true", "1", "x", "on", "wahr", "ja", "si", "sí", "oui", "vrai"]);
const NO = new Set(["no", "n", "false", "0", "-", "off", "none", "falsch", "nein", "non", "faux"]);

function plain(text: string): string {
  return text.trim().toLowerCase();
}

function value(read: Value | undefined, note?: string): Read {
  return { ok: true, value: read, ...(note === undefined ? {} : { note }) };
}

export function text(cell: string): Read {
  return value(cell.trim());
}

/** Without the quotes that Windows puts around copied paths, and the slash at the end of a copied address. */
export function address(cell: string): Read {
  return value(unquoted(cell).replace(/(?<=[^/])\/+$/, ""));
}

export function yesNo(cell: string): Read {
  if (YES.has(plain(cell))) return value(true);
  return NO.has(plain(cell)) ? value(false) : { ok: false, expected: "yes or no" };
}

export function noYes(cell: string): Read {
  const read = yesNo(cell);
  return read.ok ? value(read.value !== true) : read;
}

/** Minutes; a unit behind the number is read. */
export function minutes(cell: string): Read {
  const found = /^(\d{1,6})(?:\.0+)?\s*(m|min|mins|minutes?|h|hours?)?$/.exec(plain(cell));
  if (found === null) return { ok: false, expected: "a whole number of minutes" };
  return value(Number(found[1]) * (found[2]?.startsWith("h") === true ? 60 : 1));
}

/** Days; 0 and words for nothing are everything. */
export function days(cell: string): Read {
  const found = /^(\d{1,6})(?:\.0+)?(?:\s*days?)?$/.exec(plain(cell));
  const isAll = ["all", "everything", "-", "no", "none", "n/a"].includes(plain(cell));
  if (isAll || Number(found?.[1]) === 0)
    return value(undefined, "everything is taken, whenever it was edited");
  return found === null
    ? { ok: false, expected: "a whole number of days, 0 for everything" }
    : value(Number(found[1]));
}

export function search(cell: string): Read {
  const isDeep = /\bdeep\b|^d$/.test(plain(cell));
  const isQuick = /\b(quick|fast)\b|^q$/.test(plain(cell));
  return isDeep === isQuick ? { ok: false, expected: "Deep or Quick" } : value(isDeep ? "deep" : "quick");
}

/** JSON is the definition; the data come as a geodatabase. */
export function views(cell: string): Read {
  const read = yesNo(cell);
  if (read.ok) return value(read.value === true ? "data" : "definition");
  const isJson = /\b(json|definitions?)\b/.test(plain(cell));
  const isData = /\b(fgdb|gdb|data|file geodatabase|geodatabase)\b/.test(plain(cell));
  if (isJson === isData) return { ok: false, expected: "JSON or FGDB, or yes or no" };
  return value(isJson ? "definition" : "data");
}

export function layout(cell: string): Read {
  const words = plain(cell);
  const known = LAYOUTS.find((name) => name === words);
  if (known !== undefined) return value(known);
  const [owner, folder, type] = [/owner|user/, /folder/, /type/].map((word) => word.test(words));
  if (folder === true) {
    const note = "folders lie below their owners";
    return value(
      (type === true || owner === true ? "owner-folder-type" : "owner-folder") satisfies Layout,
      note,
    );
  }
  if (owner === true) return value("owner-type" satisfies Layout);
  if (type === true) return value("type" satisfies Layout);
  if (/^(flat|none|no|no sort(ing)?|unsorted|-)$/.test(words)) return value("flat" satisfies Layout);
  return { ok: false, expected: "Item Type; Owner; Owner, Folder; or Flat" };
}

/** A path, as the profile checks it further. */
export function folder(cell: string): Read {
  const path = unquoted(cell);
  const drive = /^([e-z]):/i.exec(path)?.[1]?.toUpperCase();
  if (drive === undefined) return value(path);
  return value(
    path,
    `if ${drive}: is a mapped network drive, write \\\\server\\share instead: scheduled runs see no mapped drives`,
  );
}

export function folderPrefix(cell: string): Read {
  const typed = cell.trim();
  const legal = typed
    .replace(/[^A-Za-z0-9_-]+/g, "_")
    .replace(/^[_-]+/, "")
    .slice(0, 60)
    .replace(/_+$/, "");
  if (legal === "")
    return value(undefined, "it has no letter that a folder's name may have; the profile's name is used");
  return value(
    legal,
    legal === typed ? undefined : "spaces and signs that a folder's name may not have are replaced",
  );
}

export function container(cell: string): Read {
  const typed = cell.trim();
  const lower = typed.toLowerCase();
  return value(lower, lower === typed ? undefined : "containers have lower-case names");
}

export function mails(cell: string): Read {
  return value(unique(cell.split(/[,;\s]+/)));
}

const ALL = new Set(["all", "any", "everything", "*", "none", "no", "n/a", "-"]);

/** Words parted by commas, semicolons or lines. */
export function list(cell: string): Read {
  if (ALL.has(plain(cell))) return value(undefined, "it names none");
  return value(unique(cell.split(/[,;\n]+/)));
}

export function types(cell: string): Read {
  const read = list(cell);
  if (!read.ok || typeof read.value !== "object") return read;
  const typed = read.value;
  const isStrange = typed.some((type) => itemTypeOf(type) === undefined);
  return value(
    typed.map((type) => itemTypeOf(type)?.type ?? type),
    isStrange ? "one of them is no item type that this program knows: check its spelling" : undefined,
  );
}

/** Ids, or addresses of items' pages. */
export function ids(cell: string): Read {
  const read = list(cell);
  if (!read.ok || typeof read.value !== "object") return read;
  const typed = read.value;
  return value(typed.map((id) => /(?:^|=)([0-9a-f]{32})(?:$|[&#])/i.exec(id)?.[1]?.toLowerCase() ?? id));
}

function unique(words: readonly string[]): readonly string[] {
  return [...new Set(words.map((word) => word.trim()).filter((word) => word !== ""))];
}

function unquoted(cell: string): string {
  return cell
    .trim()
    .replace(/^"(.*)"$/, "$1")
    .trim();
}
