// What the property tests of core are fed: items as an unfriendly portal would list them.
import fc from "fast-check";
import { ITEM_TYPES } from "../../src/core/item-types.ts";
import type { ListedItem } from "../../src/core/item.ts";

export const hexId = fc.stringMatching(/^[0-9a-f]{32}$/);

/** Titles, owners, folders and resource names that have broken other programs. */
export const hostileText = fc.oneof(
  { weight: 3, arbitrary: fc.string({ unit: "binary", maxLength: 300 }) },
  { weight: 2, arbitrary: fc.string({ unit: "grapheme", maxLength: 300 }) },
  // Code units, so that lone surrogates occur.
  fc
    .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 60 })
    .map((units) => String.fromCharCode(...units)),
  fc.constantFrom(
    "",
    ".",
    "..",
    "../../etc/passwd",
    "..\\..\\windows",
    "CON",
    "nul.txt",
    "aux .json",
    "Com1",
    "LPT¹.x",
    "trailing. . .",
    " leading",
    "\u202Etxt.exe\u202C",
    "\u200B\u2066\uFEFF",
    "a\u0000b\nc\td",
    "\uD83D",
    "\uDE00 tail",
    "👨‍👩‍👧‍👦".repeat(60),
    `z${"\u0301".repeat(400)}`,
    "x".repeat(10_000),
    "نص عربي طويل ".repeat(40),
    'a<b>c:d"e|f?g*h',
    "\uFFFF\uE000\u{1FFFE}",
  ),
);

const keyword = fc.constantFrom(
  "Hosted Service",
  "View Service",
  "Service Proxy",
  "Requires Subscription",
  "Vector Tile Style Editor",
  "Relational",
  "Spatiotemporal",
  "Tiled Imagery",
  "exportItem:0123456789abcdef0123456789abcdef",
  "Data",
);

export const listedItem: fc.Arbitrary<ListedItem> = fc.record({
  id: hexId,
  owner: fc.oneof(fc.constantFrom("jdoe", "esri_nav", "system_publisher"), hostileText),
  folder: fc.option(hostileText),
  title: hostileText,
  type: fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom(...ITEM_TYPES.map(({ type }) => type)) },
    { weight: 1, arbitrary: hostileText },
  ),
  typeKeywords: fc.array(keyword, { maxLength: 4 }),
  name: fc.option(hostileText),
  url: fc.option(fc.webUrl()),
  size: fc.oneof(fc.constant(-1), fc.nat(), fc.constant(2 ** 40)),
  access: fc.constantFrom("private", "org", "public"),
  tags: fc.array(hostileText, { maxLength: 2 }),
  created: fc.nat(),
  modified: fc.nat(),
  found: fc.constantFrom("walk", "search"),
});

/** An ordinary item; `over` changes what a test is about. */
export function anItem(over: Partial<ListedItem> = {}): ListedItem {
  return {
    id: "0123456789abcdef0123456789abcdef",
    owner: "jdoe",
    folder: "Projects",
    title: "Parcels",
    type: "Web Map",
    typeKeywords: [],
    name: null,
    url: null,
    size: 1000,
    access: "org",
    tags: [],
    created: 1,
    modified: 2,
    found: "walk",
    ...over,
  };
}
