import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { serviceKey } from "../../src/core/reference-text.ts";
import {
  addReferences,
  findReferences,
  MOST_REFERENCES,
  NOTHING_FOUND,
  pointers,
} from "../../src/core/references.ts";
import { hexId, hostileText } from "./arbitrary.ts";

const A = "a1".repeat(16);
const B = "b2".repeat(16);
const SERVICE = "https://services1.arcgis.com/Acme/arcgis/rest/services/Wells/FeatureServer";

function found(data: unknown, type = "Web Map", name = "data") {
  const text = typeof data === "string" ? data : JSON.stringify(data);
  return findReferences({ type, name, text }).references.map(
    ({ to, label, sure }) => `${label} ${to}${sure ? "" : "?"}`,
  );
}

describe("findReferences() labels what it finds by where it stands", () => {
  test.each([
    [
      "a layer in a group layer",
      { operationalLayers: [{ layers: [{ itemId: A, url: `${SERVICE}/3` }] }] },
      [`layer ${A}`, `layer ${SERVICE}`],
    ],
    ["a table", { tables: [{ itemId: A }] }, [`table ${A}`]],
    [
      "a basemap",
      {
        baseMap: {
          baseMapLayers: [
            { styleUrl: `https://x.y/sharing/rest/content/items/${A}/resources/styles/root.json` },
          ],
        },
      },
      [`style ${A}`],
    ],
    ["a map of an app", { values: { webmap: A } }, [`map ${A}`]],
    [
      "a map of a classic story",
      { values: { story: { sections: [{ media: { webmap: { id: A } } }] } } },
      [`map ${A}`],
    ],
    ["a dashboard's widget", { desktopView: { widgets: [{ itemId: A }] } }, [`item ${A}`]],
    [
      "a data source",
      { dataSources: { one: { itemId: A, portalUrl: "https://acme.maps.arcgis.com" } } },
      [`data source ${A}`],
    ],
    ["a theme", { resources: { r: { type: "story-theme", data: { themeItemId: A } } } }, [`theme ${A}`]],
    [
      "an Arcade expression",
      { popupInfo: { expression: `FeatureSetByPortalItem(Portal('https://x.y'), '${A}', 0)` } },
      [`expression ${A}`],
    ],
    ["a link with an id", { text: `<a href="https://x.y/home/item.html?id=${A}">` }, [`link ${A}`]],
    [
      "a query that is encoded",
      { url: `https://x.y/app?config=%7B%22id%22%3A%22${A}%22%7D` },
      [`mention ${A}?`],
    ],
    [
      "a query that is encoded twice",
      { url: `https://x.y/app?c=%257B%2522id%2522%253A%2522${A}` },
      [`mention ${A}?`],
    ],
    ["a GUID", { ref: "{A1A1A1A1-a1a1-a1a1-a1a1-a1a1a1a1a1a1}" }, [`mention ${A}?`]],
    ["a key", { [A]: true }, [`mention ${A}?`]],
    ["JSON inside a text", { config: JSON.stringify({ itemId: A }) }, [`link ${A}`]],
    ["a scene of an app", { webscene: { id: A } }, [`scene ${A}`]],
    ["an id of anything else", { widget: { id: A } }, [`mention ${A}?`]],
    ["a style of a service", { styleUrl: `${SERVICE}/resources` }, [`style ${SERVICE}`]],
    ["an address beside a percent sign", { text: `50 % of ${SERVICE}` }, [`service ${SERVICE}`]],
    ["what is mentioned first and named later", [A, { itemId: A }], [`item ${A}`]],
    ["a list of ids", { items: [A, B] }, [`mention ${A}?`, `mention ${B}?`]],
    ["nothing in a hash of 64 digits", { hash: A + B }, []],
    ["nothing in an address without a service", { url: "https://x.y/arcgis/rest/info" }, []],
  ])("%s", (_, data, expected) => {
    expect(found(data).sort()).toEqual([...expected].sort());
  });

  test("an item's own address and an app's template are told apart", () => {
    expect(found({ url: SERVICE }, "Feature Service", "item.json")).toEqual([`service address ${SERVICE}`]);
    expect(found({ source: A }, "Web Mapping Application")).toEqual([`template ${A}`]);
    expect(found({ source: A }, "Web Map")).toEqual([`mention ${A}?`]);
  });

  test("raw control characters and text that is no JSON are read too", () => {
    expect(found(`{"note":"a \u0001 b","itemId":"${A}"}`)).toEqual([`item ${A}`]);
    expect(found(`<form><submission id="${A}"/></form>`, "Form")).toEqual([`mention ${A}?`]);
  });
});

test.each([
  [`HTTP://Services1.ArcGIS.com/Acme/ArcGIS/rest/services/Wells/featureserver/0?token=abc#x`, SERVICE],
  [`https://user:pw@services1.arcgis.com:443/Acme/arcgis/rest/admin/services/Wells/FeatureServer`, SERVICE],
  [
    `https://services1.arcgis.com/ACME/arcgis/rest/services/Wells/FeatureServer`,
    SERVICE.replace("Acme", "ACME"),
  ],
  [
    `https://h/s/rest/services/Hosted/Road%20Works/MapServer/1`,
    "https://h/s/rest/services/Hosted/Road Works/MapServer",
  ],
  [`https://h/s/rest/services/Hosted/Road%2/MapServer`, "https://h/s/rest/services/Hosted/Road%2/MapServer"],
  ["https://h/rest/services/Wells", undefined],
  ["https://services.example", undefined],
  ["ftp://h/rest/services/Wells/MapServer", undefined],
  ["https:///rest/services/a/MapServer", undefined],
])("serviceKey(%s)", (address, key) => {
  expect(serviceKey(address)).toBe(key);
});

test("findReferences() never throws, finds what is there and invents nothing", () => {
  const key = fc.oneof(
    hostileText,
    fc.constantFrom("__proto__", "constructor", "itemId", "url", "webmap", "toString"),
  );
  fc.assert(
    fc.property(
      fc.uniqueArray(hexId, { maxLength: 5 }),
      fc.array(fc.tuple(key, hostileText), { maxLength: 10 }),
      hostileText,
      (ids, noise, type) => {
        const data: unknown = Object.fromEntries([
          ...noise,
          ["list", ids],
          ["text", ids.map((id) => `(${id})`).join()],
        ]);
        const text = JSON.stringify(data);
        const { references, capped } = findReferences({ type, name: "data", text });
        const told = references.map(({ to }) => to);
        expect(capped).toBe(false);
        expect(new Set(told).size).toBe(told.length);
        for (const id of ids) expect(told).toContain(id);
        for (const to of told) expect(/^[0-9a-f]{32}$/.test(to) || to.startsWith("https://")).toBe(true);
      },
    ),
  );
});

test("findReferences() takes what is deep, long or many in linear time, and says that it was cut", () => {
  const started = performance.now();
  const deep = `${'{"a":['.repeat(100_000)}"${A}"${"]}".repeat(100_000)}`;
  expect(found(deep)).toEqual([`mention ${A}?`]);
  for (const piece of [
    "f",
    "%22",
    "http://",
    "https://h/rest/services/",
    "FeatureSetByPortalItem(Portal(",
    "?id=",
  ]) {
    findReferences({
      type: "Web Map",
      name: "data",
      text: JSON.stringify({ t: piece.repeat(300_000 / piece.length) }),
    });
  }
  const many = Array.from({ length: MOST_REFERENCES + 5 }, (_, n) => n.toString(16).padStart(32, "0"));
  const cut = findReferences({
    type: "Web Map",
    name: "data",
    text: JSON.stringify([...many, { itemId: A }]),
  });
  expect(cut.capped).toBe(true);
  expect(cut.references).toHaveLength(MOST_REFERENCES + 1);
  // What turns out to be sure makes room for another mention.
  const later = [...many.slice(0, MOST_REFERENCES), { note: B }, { itemId: many[0] }];
  const turned = findReferences({ type: "Web Map", name: "data", text: JSON.stringify(later) });
  expect([turned.references.length, turned.capped]).toEqual([MOST_REFERENCES + 1, false]);
  // What is sure has room of its own.
  expect(cut.references).toContainEqual({ to: A, label: "item", sure: true });
  expect(performance.now() - started).toBeLessThan(20_000);
});

test("findReferences() looks into so many objects and lists, and says that there are more", () => {
  const source = { type: "", name: "data", text: `[["${B}"],{},"${A}"]` };
  const told = (most: number) => {
    const { references, capped } = findReferences(source, most);
    return [references.map(({ to }) => to), capped];
  };
  expect(told(2)).toEqual([[A], true]);
  expect(told(3)).toEqual([[A, B], false]);
});

test("addReferences() keeps each once, the better label first, and stays within the cap", () => {
  const mention = findReferences({ type: "", name: "data", text: JSON.stringify([A, B]) });
  const sure = pointers("source layer", [A.toUpperCase(), "no id"]);
  expect(addReferences(addReferences(NOTHING_FOUND, mention), sure)).toEqual({
    references: [
      { to: A, label: "source layer", sure: true },
      { to: B, label: "mention", sure: false },
    ],
    capped: false,
  });
  expect(addReferences(pointers("map", [A]), pointers("layer", [A])).references).toEqual([
    { to: A, label: "layer", sure: true },
  ]);
  expect(addReferences(pointers("layer", [A]), pointers("map", [A])).references).toEqual([
    { to: A, label: "layer", sure: true },
  ]);
  const ids = (from: number) =>
    Array.from({ length: MOST_REFERENCES }, (_, n) => (from + n).toString(16).padStart(32, "0"));
  const full = addReferences(pointers("item", ids(0)), pointers("item", ids(1)));
  expect([full.references.length, full.capped]).toEqual([MOST_REFERENCES, true]);
});
