// The file name in a Content-Disposition header (RFC 6266, RFC 5987). Hostile input: it is told, never used as a path here.

/** The name, without any folders; null when there is none. */
export function fileNameOf(header: string | null): string | null {
  if (header === null) return null;
  const extended = parameter(header, "filename\\*");
  const decoded = extended === undefined ? undefined : decodeExtended(extended);
  const name = decoded ?? utf8OfLatin1(parameter(header, "filename"));
  const last = name
    ?.split(/[/\\]/)
    .at(-1)
    ?.replaceAll(/\p{Cc}/gu, "")
    .trim();
  return last === undefined || last === "" || last === "." || last === ".." ? null : last;
}

function parameter(header: string, name: string): string | undefined {
  const match = new RegExp(`(?:^|;)\\s*${name}\\s*=\\s*(?:"((?:[^"\\\\]|\\\\.)*)"|([^;]*))`, "i").exec(
    header,
  );
  return match?.[1]?.replaceAll(/\\(.)/g, "$1") ?? match?.[2]?.trim();
}

/** `utf-8'en'na%C3%AFve.txt`; undefined for another charset or broken escapes, then the plain name counts. */
function decodeExtended(value: string): string | undefined {
  const match = /^(utf-8|iso-8859-1)'[^']*'(.*)$/i.exec(value.trim());
  if (match?.[1] === undefined || match[2] === undefined) return undefined;
  const bytes = Buffer.from(
    match[2].replaceAll(/%([0-9a-f]{2})/gi, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    ),
    "latin1",
  );
  return bytes.toString(match[1].toLowerCase() === "utf-8" ? "utf8" : "latin1");
}

/** Servers write UTF-8 bytes into headers, which are read as Latin-1; what is not UTF-8 stays as it was read. */
function utf8OfLatin1(value: string | undefined): string | undefined {
  if (value === undefined || !/[\u0080-\u00ff]/.test(value)) return value;
  const text = Buffer.from(value, "latin1").toString("utf8");
  return text.includes("\ufffd") ? value : text;
}
