// What is promised of names, cells and texts, written down a second time: none of it asks the code that makes them.

// eslint-disable-next-line no-control-regex -- control characters are what must not pass
const WINDOWS_TAKES_NOT = /[<>:"|?*\\\u0000-\u001f]/;
const UNSEEN = /[\p{Cc}\u202a-\u202e\u2066-\u2069\u200e\u200f\u2028\u2029\ufeff]/u;
const DEVICES = new Set([
  ...["con", "prn", "aux", "nul", "conin$", "conout$"],
  ...["com", "lpt"].flatMap((name) => [..."0123456789¹²³"].map((digit) => `${name}${digit}`)),
]);

/** What is wrong with a path of segments below a folder, `most` units long at most; empty = nothing. */
export function wrongPath(path: string, most: number): readonly string[] {
  const shown = JSON.stringify(path.slice(0, 120));
  const wrong = path.split("/").flatMap((name) => wrongSegment(name).map((why) => `${why}: ${shown}`));
  if (path.length >= most) wrong.push(`a path of ${path.length} characters, ${most} is too long: ${shown}`);
  return wrong;
}

function wrongSegment(name: string): readonly string[] {
  const wrong: string[] = [];
  if (name === "" || name === "." || name === "..") wrong.push(`a path has a part "${name}"`);
  if (WINDOWS_TAKES_NOT.test(name)) wrong.push("a name has a character that Windows does not take");
  if (UNSEEN.test(name)) wrong.push("a name has a character that cannot be seen");
  if (!name.isWellFormed()) wrong.push("a name has half of a surrogate pair");
  if (/[. ]$/.test(name)) wrong.push("a name ends in a dot or a space");
  if (DEVICES.has((name.split(".")[0] ?? "").trimEnd().toLowerCase()))
    wrong.push("a name is a device of Windows");
  if (Buffer.byteLength(name) > 255) wrong.push(`a name has ${Buffer.byteLength(name)} bytes`);
  return wrong;
}

/** Names that fall together where letter case or the form of accents does not count, or are file and folder at once. */
export function wrongTogether(paths: readonly string[]): readonly string[] {
  const folded = paths.map((path) => path.normalize("NFC").toLowerCase());
  const files = new Set(folded);
  const twice = folded.filter((path, at) => folded.indexOf(path) !== at);
  const folders = folded.flatMap((path) => {
    const parts = path.split("/");
    return parts.slice(1).map((_, at) => parts.slice(0, at + 1).join("/"));
  });
  const both = folders.filter((folder) => files.has(folder));
  return [
    ...twice.map((path) => `two names fall together: ${JSON.stringify(path.slice(0, 120))}`),
    ...both.map((path) => `a name is file and folder: ${JSON.stringify(path.slice(0, 120))}`),
  ];
}

/** What is wrong with a text for people of several lines, each of at most `most` UTF-16 units. */
export function wrongText(what: string, text: string, most = Infinity): readonly string[] {
  const lines = text.split("\n");
  const bad = lines.find((line) => UNSEEN.test(line) || !line.isWellFormed());
  const long = lines.find((line) => line.length > most);
  return [
    ...(bad === undefined ? [] : [`${what} holds what cannot be seen: ${JSON.stringify(bad.slice(0, 160))}`]),
    ...(long === undefined ? [] : [`${what} has a line of ${long.length} characters`]),
  ];
}

/** What is wrong with words that go through `printable` before anybody reads them: they must not move a cursor or turn a text. */
export function wrongWords(what: string, words: string, most = Infinity): readonly string[] {
  return [
    ...(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u.test(words) ? [`${what} holds what cannot be seen`] : []),
    ...(words.length > most ? [`${what} has ${words.length} characters`] : []),
  ];
}

/** Rows of a CSV text as a reader of RFC 4180 finds them. */
export function csvRows(text: string): readonly (readonly string[])[] {
  const rows: string[][] = [];
  let row: string[] = [];
  for (const [, quoted, plain = "", end = ""] of text.matchAll(
    /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|\n|$)/g,
  )) {
    row.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === ",") continue;
    rows.push(row);
    row = [];
  }
  return rows.filter((cells) => cells.length > 1);
}

/** True where a spreadsheet would run the cell of a CSV file, read with commas or with semicolons. */
export function isRun(cell: string): boolean {
  return cell.split(";").some((part) => /^[\s"\u200c\u200d]*[=+\-@＝＋－＠]/u.test(part));
}

/** Whether any object has got a property that it should not have. */
export function polluted(): readonly string[] {
  const bare: Record<string, unknown> = {};
  const keys = ["polluted", "isOrgItem"].filter((key) => key in bare);
  return keys.map((key) => `every object has the property "${key}" now`);
}
