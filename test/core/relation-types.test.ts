import fc from "fast-check";
import { expect, test } from "vitest";
import { ITEM_TYPES } from "../../src/core/item-types.ts";
import { type Relation, relationTypesOf, sortedRelations } from "../../src/core/relation-types.ts";
import { hexId } from "./arbitrary.ts";

test("relationTypesOf() names what can occur for a type, and no more than a dozen in a direction", () => {
  expect(relationTypesOf("PDF", "forward")).toEqual(["Item2Attachment", "Item2Report"]);
  expect(relationTypesOf("Hologram", "reverse")).toEqual([]);
  expect(relationTypesOf("map area", "reverse")).toEqual(["Map2Area"]);
  expect(relationTypesOf("Form", "forward")).toContain("Survey2Service");
  expect(relationTypesOf("Feature Service", "reverse")).toContain("Survey2Service");
  for (const { type } of ITEM_TYPES) {
    for (const direction of ["forward", "reverse"] as const) {
      const types = relationTypesOf(type, direction);
      expect(new Set(types).size).toBe(types.length);
      expect(types.length).toBeLessThanOrEqual(12);
    }
  }
});

test("sortedRelations() is the same for every order of answers, each relation once", () => {
  const relation: fc.Arbitrary<Relation> = fc.record({
    relationshipType: fc.constantFrom("Service2Data", "Service2Service"),
    direction: fc.constantFrom("forward", "reverse"),
    id: hexId.map((id) => id.slice(0, 1).repeat(32)),
    title: fc.constant("t"),
    type: fc.constant("Web Map"),
    owner: fc.constant("jdoe"),
  });
  fc.assert(
    fc.property(fc.array(relation, { maxLength: 12 }), (relations) => {
      const sorted = sortedRelations(relations);
      expect(sortedRelations([...relations].reverse())).toEqual(sorted);
      expect(sortedRelations([...relations, ...relations])).toEqual(sorted);
    }),
    { numRuns: 50 },
  );
});
