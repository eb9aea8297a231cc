import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ListedItem } from "../../src/core/item.ts";
import { compareListings, labelDifference, listedCount, listedItem } from "../../src/core/listing.ts";
import { type FailureReason, failed } from "../../src/core/result.ts";
import { anItem, hexId } from "./arbitrary.ts";

const from = { folder: "Projects", found: "walk" } as const;
const ID = "0123456789abcdef0123456789abcdef";

function read(raw: unknown): ListedItem {
  const entry = listedItem(raw, from);
  if (!entry.ok) throw new Error(entry.text);
  return entry.item;
}

describe("listedItem()", () => {
  test("reads an item as the portal sends it", () => {
    const raw = {
      ...anItem({
        typeKeywords: ["Data", "Hosted Service"],
        tags: ["a"],
        name: "p.zip",
        url: "https://x.example/a",
      }),
      ownerFolder: "1851c1",
      modified: 1522178539000,
    };
    expect(read(raw)).toEqual({
      ...anItem(),
      ...raw,
      ownerFolder: undefined,
      folder: "Projects",
      found: "walk",
    });
  });

  test("has a value for everything that is absent or of another type", () => {
    const item = read({
      id: ID.toUpperCase(),
      title: 2024,
      size: null,
      tags: "a, b,,c",
      typeKeywords: ["x", 5, null],
      name: "",
      url: 7,
    });
    expect(item).toEqual({
      id: ID,
      owner: "",
      folder: "Projects",
      title: "2024",
      type: "",
      typeKeywords: ["x"],
      name: null,
      url: null,
      size: -1,
      access: "",
      tags: ["a", "b", "c"],
      created: 0,
      modified: 0,
      found: "walk",
    });
  });

  test.each([
    [null],
    ["x"],
    [[]],
    [{}],
    [{ id: 5 }],
    [{ id: "../../etc" }],
    [{ id: `${ID}0`, title: "Parcels" }],
  ])("says what is wrong with %j instead of listing it", (raw) => {
    const entry = listedItem(raw, from);
    expect(entry.ok).toBe(false);
    expect(entry.ok ? "" : entry.text).toMatch(/not an object|32 hex digits/);
  });

  test.each([
    ["of the organisation", { orgId: "acmeORG" }, undefined],
    ["of another one", { orgId: "other" }, true],
    ["that is none of the caller's organisation", { isOrgItem: false }, true],
    ["that tells no organisation", { orgId: null, isOrgItem: true }, undefined],
  ])("tells an item %s by what the portal says", (_, fields, expected) => {
    const entry = listedItem({ ...fields, id: ID }, { ...from, orgId: "AcmeOrg" });
    expect(entry.ok && entry.item.isForeign).toBe(expected);
  });

  test("takes any value for any field", () => {
    const raw = fc.dictionary(
      fc.constantFrom("id", "title", "owner", "type", "size", "tags", "typeKeywords", "url"),
      fc.anything(),
    );
    fc.assert(
      fc.property(raw, (fields) => {
        const item = read({ ...fields, id: ID });
        expect(Number.isSafeInteger(item.size) && item.size >= -1).toBe(true);
        expect([...item.tags, ...item.typeKeywords].every((word) => typeof word === "string")).toBe(true);
      }),
    );
  });
});

describe("compareListings()", () => {
  const items = fc
    .array(hexId, { maxLength: 12 })
    .map((ids) => ids.map((id) => anItem({ id: id.slice(0, 1).repeat(32) })));

  test("lists every id of either once and puts each difference on one side", () => {
    fc.assert(
      fc.property(items, items, (walk, search) => {
        const ids = (list: readonly ListedItem[]) => new Set(list.map(({ id }) => id));
        const without = (some: readonly ListedItem[], others: readonly ListedItem[]) =>
          new Set([...ids(some)].filter((id) => !ids(others).has(id)));
        const compared = compareListings(walk, search, true);
        expect(compared.items).toHaveLength(ids([...walk, ...search]).size);
        expect(ids(compared.onlyWalk)).toEqual(without(walk, search));
        expect(ids(compared.onlySearch)).toEqual(without(search, walk));
        expect(compareListings(walk, search, false).onlyWalk).toEqual([]);
      }),
    );
  });
});

test("listedCount() adds to the one listing what only the other one has and is not gone", () => {
  const difference = (onlyIn: "walk" | "search", label: "deleted" | "not told") => ({
    ...{ id: ID, title: "t", type: "Web Map", owner: "jdoe", onlyIn, label },
  });
  const differences = [
    difference("search", "deleted"),
    difference("search", "not told"),
    difference("search", "not told"),
    difference("walk", "not told"),
  ];
  const books = { walked: 10, searchTotal: 8, searchListed: 8, differences, unlisted: [], notes: [] };
  expect(listedCount(books)).toBe(12);
  expect(listedCount({ ...books, search: "quick" })).toBe(9);
});

describe("labelDifference()", () => {
  const item = { created: 500 };
  const found = (created: unknown) => ({ ok: true, value: { value: { created } } }) as const;
  const refused = (reason: FailureReason) => failed(reason, "t", "n");

  test.each([
    ["new", found(1000), "search"],
    ["new", found(1001), "walk"],
    ["hidden from search", found(999), "walk"],
    ["hidden from search", found("?"), "walk"],
    ["not told", found(999), "search"],
    ["deleted", refused("not-found"), "walk"],
    ["no access", refused("no-access"), "search"],
    ["not told", refused("transient"), "walk"],
    ["not told", undefined, "walk"],
  ] as const)("answers %s", (label, answer, onlyIn) => {
    expect(labelDifference(answer, item, 1000, onlyIn)).toBe(label);
  });
});
