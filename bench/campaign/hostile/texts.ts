// Texts, numbers, ids and JSON values as an unfriendly portal may hold them; each follows from the numbers of `next` alone.

import { KNOWN } from "./known-texts.ts";

/** Numbers in [0, 1). */
export type Next = () => number;

export function whole(next: Next, most: number): number {
  return Math.floor(next() * (most + 1));
}

export function oneOf<const T>(next: Next, all: readonly [T, ...T[]]): T {
  return all[whole(next, all.length - 1)] ?? all[0];
}

export function times<T>(next: Next, most: number, make: () => T): readonly T[] {
  return Array.from({ length: whole(next, most) }, make);
}

const ALPHABETS: readonly [string, ...string[]] = [
  "abcXYZ019",
  "aA. ",
  './\\:*?"<>|',
  "\u0000\u0001\u001f\u007f\u0085\u009f",
  "\u202a\u202e\u2066\u2069\u200b\u200f\ufeff",
  "\ud800\udbff\udc00\udfff",
  "é\u0301\u0300ßİıſK",
  "=+-@;,\"'\t",
  "#[](){}|`~^&%$!",
];

/** A text of any kind, mostly short; one in some hundred has ten thousand characters. */
export function hostileText(next: Next): string {
  const kind = next();
  if (kind < 0.45) return oneOf(next, KNOWN);
  if (kind < 0.6)
    return `${oneOf(next, KNOWN)}${oneOf(next, ["", "/", "\\", ".", " ", ":"])}${oneOf(next, KNOWN)}`;
  if (kind < 0.65) return oneOf(next, KNOWN).toUpperCase();
  if (kind < 0.98) return signs(next, whole(next, 60));
  return signs(next, 10_000);
}

function signs(next: Next, length: number): string {
  const alphabet = oneOf(next, ALPHABETS);
  let text = "";
  for (let n = 0; n < length; n += 1) {
    text +=
      next() < 0.7
        ? alphabet.charAt(whole(next, alphabet.length - 1))
        : String.fromCharCode(whole(next, 0xffff));
  }
  return text;
}

export function hexId(next: Next): string {
  return Array.from({ length: 32 }, () => whole(next, 15).toString(16)).join("");
}

/** Mostly one that no item has. */
export function hostileId(next: Next): unknown {
  const right = hexId(next);
  return oneOf<unknown>(next, [
    right,
    right.toUpperCase(),
    right.slice(1),
    `${right}0`,
    `${right}\n`,
    `../${right.slice(3)}`,
    `${right.slice(0, 31)}/`,
    right.replace(/^./, "\u0130"),
    hostileText(next),
    Number.parseInt(right.slice(0, 8), 16),
    null,
    undefined,
    [right],
    { id: right },
    true,
  ]);
}

export function hostileNumber(next: Next): unknown {
  return oneOf<unknown>(next, [
    0,
    -1,
    -0,
    1,
    1.5,
    2 ** 31,
    2 ** 53,
    2 ** 53 + 2,
    1e21,
    1e300,
    Number.MAX_VALUE,
    -1e300,
    Infinity,
    -Infinity,
    NaN,
    8.64e15,
    8.64e15 + 1,
    -62_135_596_800_001,
    "12",
    "1e999",
    null,
    undefined,
    {},
    [],
    true,
    whole(next, 2_000_000_000),
  ]);
}

/** Any JSON value, with the names that pollute prototypes among its keys. */
export function hostileJson(next: Next, depth = 4): unknown {
  const kind = next();
  if (depth === 0 || kind < 0.35) return hostileText(next);
  if (kind < 0.55) return hostileNumber(next);
  if (kind < 0.75) return times(next, 4, () => hostileJson(next, depth - 1));
  // Made from entries of a text, so that __proto__ is a key as any other, as JSON.parse makes it.
  const entries = times(
    next,
    5,
    () => [hostileText(next).slice(0, 200), hostileJson(next, depth - 1)] as const,
  );
  return fromEntries([...entries, ...(next() < 0.3 ? [["__proto__", { polluted: true }] as const] : [])]);
}

/** An object with own keys alone, whatever they are called. */
export function fromEntries(entries: readonly (readonly [string, unknown])[]): object {
  const made = {};
  for (const [key, value] of entries) {
    Object.defineProperty(made, key, { value, enumerable: true, configurable: true, writable: true });
  }
  return made;
}

/** JSON texts that are none, or hold what a parser may fall over: depth, numbers, keys given twice, raw controls. */
export function hostileJsonText(next: Next): string {
  const id = hexId(next);
  const depth = oneOf(next, [10, 1_000, 20_000]);
  return oneOf(next, [
    () => JSON.stringify(hostileJson(next)) ?? "",
    () => `${"[".repeat(depth)}"${id}"${"]".repeat(depth)}`,
    () => `${'{"a":'.repeat(depth)}"${id}"${"}".repeat(depth)}`,
    () => "[".repeat(depth),
    () => `{"id":"${id}","id":"${hexId(next)}","title":1,"title":"${"x".repeat(300)}"}`,
    () => `{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},"itemId":"${id}"}`,
    () => `{"n":${"9".repeat(5_000)},"m":1e99999,"itemId":"${id}"}`,
    () => `{"t":"raw \u0000\u000b\n\t control","itemId":"${id}"}`,
    () => `\uFEFF{"itemId":"${id}"}`,
    () => `{"itemId":"${id}"`,
    () => id.repeat(500),
    () => `https://${"a.".repeat(3_000)}arcgis.com/rest/services/x/FeatureServer ${id}`,
    () => `${"https://h/rest/services/".repeat(300)}FeatureServer`,
    () => `${'"\\u'.repeat(2_000)}${id}`,
    () => hostileText(next),
  ])();
}
