import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { planItem } from "../../src/core/plan.ts";
import {
  type GroupItems,
  foldersNamed,
  groupsNamed,
  leftOutBy,
  type Selection,
  takesSame,
} from "../../src/core/select.ts";
import { anItem, listedItem } from "./arbitrary.ts";

const item = anItem({ owner: "jdoe", folder: "Water", type: "Web Map", tags: ["Public", "Draft"] });
const groups: GroupItems = new Map([
  ["crew", new Set([item.id])],
  ["board", new Set()],
]);

describe("leftOutBy()", () => {
  test.each<[string, Selection, string | undefined, string | undefined]>([
    ["ids", { ids: [item.id] }, undefined, `In exclude.ids: ${item.id}`],
    ["owners", { owners: ["x", "JDOE"] }, undefined, "In exclude.owners: JDOE"],
    ["groups", { groups: ["Board", "CREW "] }, undefined, "In exclude.groups: CREW "],
    ["folders", { folders: ["water"] }, undefined, "In exclude.folders: water"],
    ["types", { types: ["web map"] }, undefined, "In exclude.types: web map"],
    ["tags", { tags: ["draft"] }, undefined, "In exclude.tags: draft"],
    ["other ids", { ids: ["f".repeat(32)] }, "Not in select.ids", undefined],
    ["other owners", { owners: ["jdo"] }, "Not in select.owners", undefined],
    ["other groups", { groups: ["Board", "Unread"] }, "Not in select.groups", undefined],
    ["other folders", { folders: ["Wate"] }, "Not in select.folders", undefined],
    ["other types", { types: ["Web"] }, "Not in select.types", undefined],
    ["other tags", { tags: ["pub"] }, "Not in select.tags", undefined],
    ["nothing", {}, undefined, undefined],
  ])("%s", (_, lists, selected, excluded) => {
    expect(leftOutBy(item, { select: lists }, groups)).toBe(selected);
    expect(leftOutBy(item, { exclude: lists }, groups)).toBe(excluded);
  });

  test("needs every select list, and one exclude list is enough", () => {
    const select = { owners: ["jdoe"], types: ["Web Map"] };
    expect(leftOutBy(item, { select })).toBeUndefined();
    expect(leftOutBy(item, { select: { ...select, tags: ["x"] } })).toBe("Not in select.tags");
    expect(leftOutBy(item, { select, exclude: { tags: ["x"], types: ["Web Map"] } })).toBe(
      "In exclude.types: Web Map",
    );
    expect(leftOutBy({ ...item, folder: null }, { select: { folders: ["_root"] } })).toBe(
      "Not in select.folders",
    );
  });

  test("takes whatever is in no exclude list and in the select lists, whatever it is called", () => {
    const words = fc.array(fc.constantFrom("jdoe", "Web Map", "x"), { minLength: 1, maxLength: 2 });
    const lists = fc.record({ owners: words, types: words, tags: words }, { requiredKeys: [] });
    fc.assert(
      fc.property(listedItem, lists, lists, (one, select, exclude) => {
        const why = leftOutBy(one, { select, exclude });
        const isIn = (list: readonly string[] | undefined, values: readonly string[]) =>
          list?.some((word) => values.some((value) => value.trim().toLowerCase() === word.toLowerCase()));
        const of = { owners: [one.owner], types: [one.type], tags: one.tags } as const;
        const keys = ["owners", "types", "tags"] as const;
        const taken =
          keys.every((key) => isIn(select[key], of[key]) !== false) &&
          keys.every((key) => isIn(exclude[key], of[key]) !== true);
        expect(why === undefined).toBe(taken);
      }),
    );
  });
});

test("what the lists name is gathered once, with the lists that name it", () => {
  const taken = {
    select: { groups: ["Crew", "crew"], folders: ["A"] },
    exclude: { groups: ["CREW", "b"], folders: ["B"] },
  };
  expect([...groupsNamed(taken)]).toEqual([
    ["crew", ["select.groups", "exclude.groups"]],
    ["b", ["exclude.groups"]],
  ]);
  expect(foldersNamed(taken)).toEqual(["A", "B"]);
  expect([...groupsNamed({ select: { groups: ["x"] } })]).toEqual([["x", ["select.groups"]]]);
  expect(foldersNamed({ exclude: { folders: ["B"] } })).toEqual(["B"]);
  expect([groupsNamed({}).size, foldersNamed({})]).toEqual([0, []]);
});

test("takesSame() compares lists, whatever their order of fields", () => {
  const a = { select: { owners: ["x"], tags: ["y"] } };
  expect(takesSame(a, { select: { tags: ["y"], owners: ["x"] }, exclude: {} })).toBe(true);
  expect(takesSame(a, { select: { owners: ["x"] } })).toBe(false);
  expect(takesSame(a, { ...a, exclude: { ids: [item.id] } })).toBe(false);
});

test("a plan skips what is not taken with the list or the option that decided", () => {
  const context = { layout: "flat", offlinePackageIds: new Set<string>() } as const;
  expect(planItem(item, { ...context, exclude: { tags: ["draft"] } })).toMatchObject({
    ...{ strategy: "skip-no-value", cause: "not-selected", why: "In exclude.tags: draft" },
  });
  const upload = anItem({ type: "Service Definition" });
  expect(planItem(upload, { ...context, serviceDefinitions: false })).toMatchObject({
    ...{ cause: "not-selected", why: "Service definition: left out by the option serviceDefinitions" },
  });
  expect(planItem(upload, { ...context, serviceDefinitions: true }).strategy).toBe("download-file");
});
