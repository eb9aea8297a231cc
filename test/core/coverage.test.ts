// An item that is skipped because others hold its data: only certain ones, and only while the run takes those others.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type ListedItem, type PlannedItem, isCovering } from "../../src/core/item.ts";
import { planItems } from "../../src/core/plan.ts";
import type { PlanContext } from "../../src/core/plan.ts";
import { NO_RELATIONS, relationFacts, relationQuestions } from "../../src/core/relation-questions.ts";
import { serviceAddress, serviceRootOf } from "../../src/core/service-address.ts";
import { anItem, hexId, listedItem } from "./arbitrary.ts";

const id = (n: number) => n.toString(16).padStart(32, "0");
const LAYER = id(1);
const PACKAGE = id(2);
const URL = "https://services1.arcgis.com/AcmeOrg/arcgis/rest/services/Wells/FeatureServer";
const hosted = { typeKeywords: ["Hosted Service"] };
const layer = (type: string, more: Partial<ListedItem> = {}) =>
  anItem({ id: LAYER, type, ...hosted, ...more });
const file = (type: string, more: Partial<ListedItem> = {}) =>
  anItem({ id: PACKAGE, type, name: "a.bin", ...more });

function planned(items: readonly ListedItem[], more: Partial<PlanContext> = {}): PlannedItem {
  const [first] = planItems(items, { layout: "flat", offlinePackageIds: new Set(), ...more });
  if (first === undefined) throw new Error("nothing was planned");
  return first;
}

const fromPackage = { publishedFrom: new Map([[LAYER, [PACKAGE]]]) };

describe("a layer whose package is saved", () => {
  test.each([
    ["Map Service", "Tile Package"],
    ["Map Service", "Compact Tile Package"],
    ["Vector Tile Service", "Vector Tile Package"],
    ["Scene Service", "Scene Package"],
    ["3DTiles Service", "3DTiles Package"],
  ])("is covered by it: %s from %s, by relation and by title", (type, packageType) => {
    const expected = { strategy: "skip-reference", cause: "package-saved", coveredBy: [PACKAGE] };
    const elsewhere = file(packageType, { title: "Other title", owner: "other" });
    expect(planned([layer(type), elsewhere], fromPackage)).toMatchObject(expected);
    expect(planned([layer(type), file(packageType)])).toMatchObject(expected);
  });

  const tiles = layer("Map Service");
  test.each<[string, readonly ListedItem[], Partial<PlanContext>?]>([
    ["published from a geodatabase", [tiles, file("File Geodatabase")], fromPackage],
    ["published from another layer", [tiles, file("Feature Service", hosted)], fromPackage],
    ["published from a package that is not listed", [tiles], fromPackage],
    ["with a package of the same title of another owner", [tiles, file("Tile Package", { owner: "other" })]],
    ["with a package of nearly the same title", [tiles, file("Tile Package", { title: "parcels" })]],
    ["with a package of the same title for another kind of layer", [tiles, file("Scene Package")]],
    [
      "without a title, beside a package without one",
      [layer("Map Service", { title: "" }), file("Tile Package", { title: "" })],
    ],
    [
      "published from a package of an offline area",
      [tiles, file("Tile Package")],
      { ...fromPackage, offlinePackageIds: new Set([PACKAGE]) },
    ],
    [
      "published from a package that the run does not take",
      [tiles, file("Tile Package")],
      { ...fromPackage, select: { types: ["Map Service"] } },
    ],
  ])("is exported instead when it is %s", (_, items, more) => {
    const plan = planned(items, more);
    expect(plan.strategy).toBe("export-tiles");
    expect(plan).not.toHaveProperty("coveredBy");
  });
});

describe("a copy of a layer", () => {
  const original = layer("Feature Service", { url: URL });
  const copy = (more: Partial<ListedItem>) => anItem({ id: id(9), type: "Feature Service", ...more });

  test.each([
    URL,
    `${URL}/`,
    `${URL}/3`,
    `${URL}?token=x&f=json`,
    URL.replace("https://services1", "http://SERVICES1"),
    URL.replace(".com", ".com:443"),
  ])("is covered by the layer, whatever form its address has: %s", (url) => {
    expect(planned([copy({ url }), original])).toMatchObject({
      strategy: "skip-reference",
      cause: "copy-of-saved-layer",
      coveredBy: [LAYER],
    });
  });

  test.each<[string, string | null]>([
    ["another service", URL.replace("Wells", "Wells2")],
    ["another host", URL.replace("services1", "services2")],
    ["a host that only looks like it", URL.replace("https://", "https://x@")],
    ["no address", null],
  ])("is none with %s", (_, url) => {
    expect(planned([copy({ url }), original]).cause).toBe("external-service");
  });

  test("of a view or of a packaged layer is covered by that item", () => {
    const view = layer("Feature Service", { url: URL, typeKeywords: ["Hosted Service", "View Service"] });
    expect(planned([copy({ url: URL }), view]).coveredBy).toEqual([LAYER]);
    const tiles = layer("Map Service", { url: "https://tiles.arcgis.com/tiles/Acme/A/MapServer" });
    const copied = copy({ type: "Map Service", url: "https://tiles.arcgis.com/tiles/Acme/A/MapServer/0" });
    expect(planned([copied, tiles, file("Tile Package")]).coveredBy).toEqual([LAYER]);
  });

  test("of a layer that the run does not take says so and is not called covered", () => {
    const plan = planned([copy({ url: URL }), original], { select: { ids: [id(9)] } });
    expect(plan).toMatchObject({ strategy: "skip-reference", cause: "external-service" });
    expect(plan.why).toContain("does not save");
  });
});

test("planItems() covers an item only by others that the same plan takes or covers, whatever is listed", () => {
  const url = fc.constantFrom(URL, `${URL}/0`, null);
  const services = fc.record({
    item: listedItem,
    type: fc.constantFrom("Map Service", "Tile Package", "Feature Service", "Scene Service", "Scene Package"),
    url,
    title: fc.constantFrom("a", "b"),
    published: fc.array(fc.nat(9), { maxLength: 2 }),
  });
  fc.assert(
    fc.property(
      fc.uniqueArray(services, { selector: ({ item }) => item.id, maxLength: 10 }),
      fc.option(hexId),
      (list, area) => {
        const items = list.map(({ item, type, url, title }) => ({
          ...item,
          type,
          url,
          title,
          owner: "jdoe",
        }));
        const publishedFrom = new Map(
          list.map(({ item, published }) => [item.id, published.flatMap((n) => items[n]?.id ?? [])]),
        );
        const offlinePackageIds = new Set([area ?? "", items[0]?.id ?? ""]);
        const plan = planItems(items, { layout: "flat", offlinePackageIds, publishedFrom });
        const byId = new Map(plan.map((entry) => [entry.item.id, entry]));
        for (const { item, cause, coveredBy = [] } of plan) {
          if (cause === "package-saved" || cause === "copy-of-saved-layer")
            expect(coveredBy.length).toBeGreaterThan(0);
          for (const other of coveredBy) {
            expect(other).not.toBe(item.id);
            const by = byId.get(other);
            expect(by?.strategy.startsWith("skip-") === false || isCovering(by?.cause)).toBe(true);
          }
        }
      },
    ),
    { numRuns: 60 },
  );
});

describe("serviceAddress()", () => {
  test("takes any text, and finds nothing in what is no service", () => {
    for (const url of ["", "ftp://a/FeatureServer", "https://a/web/index.html", "https:///FeatureServer"])
      expect(serviceAddress(url)).toBeUndefined();
    fc.assert(fc.property(fc.string({ unit: "binary" }), (url) => void serviceAddress(url)));
  });

  test("serviceRootOf() leaves out the layer and what follows, and any other address as it is", () => {
    expect(serviceRootOf(`${URL}/3/?f=json`)).toBe(URL);
    expect(serviceRootOf("https://a/WFSServer?x")).toBe("https://a/WFSServer?x");
  });
});

describe("relationQuestions()", () => {
  const area = anItem({ id: id(7), type: "Map Area" });
  const plan = (items: readonly ListedItem[], more: Partial<PlanContext> = {}) =>
    planItems(items, { layout: "flat", ...NO_RELATIONS, ...more });

  const asked = (items: readonly ListedItem[], more: Partial<PlanContext> = {}, emptyServices = true) =>
    relationQuestions(plan(items, more), { emptyServices });

  test("asks for the rows of hosted layers only where empty services are not taken, and plans them as references", () => {
    const items = [{ ...layer("Feature Service"), url: URL }];
    const [question] = asked(items, {}, false);
    expect(question).toMatchObject({ about: "rows", itemId: LAYER });
    const [planned] = plan(items, { emptyServiceIds: new Set([LAYER]) });
    expect(planned).toMatchObject({ strategy: "skip-reference", cause: "empty-service" });
    expect(planned?.why).toContain("emptyServices");
  });

  test("asks nothing whose answer could not change the plan", () => {
    expect(asked([area, layer("Map Service"), layer("Feature Service")])).toEqual([]);
    const packaged = [layer("Map Service"), file("Tile Package")];
    expect(asked(packaged, { select: { types: ["Tile Package"] } })).toEqual([]);
  });

  test("asks areas and the layers that a listed package may be of", () => {
    const items = [
      area,
      layer("Map Service"),
      file("Tile Package"),
      anItem({ id: id(8), ...hosted, type: "Scene Service" }),
    ];
    expect(asked(items).map(({ itemId }) => itemId)).toEqual([id(7), LAYER]);
  });

  test("relationFacts() puts slices together, the same one twice included", () => {
    const slice = { areaPackages: [PACKAGE], publishedFrom: { [LAYER]: [PACKAGE] }, empty: [id(4)] };
    const facts = relationFacts([slice, { areaPackages: [id(3)], publishedFrom: {}, empty: [] }, slice]);
    expect([...facts.offlinePackageIds]).toEqual([PACKAGE, id(3)]);
    expect([...facts.emptyServiceIds]).toEqual([id(4)]);
    expect([...facts.publishedFrom]).toEqual([[LAYER, [PACKAGE]]]);
  });
});
