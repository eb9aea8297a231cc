import { describe, expect, test } from "vitest";
import type { ListedItem } from "../../src/core/item.ts";
import { isOnServer, isOwnService, serviceOf } from "../../src/core/own-service.ts";
import { anItem } from "./arbitrary.ts";

const ONLINE = { id: "AcmeOrg", base: "https://acme.maps.arcgis.com", kind: "online" } as const;
const ENTERPRISE = { id: "0123", base: "https://gis.acme.org/portal", kind: "enterprise" } as const;

function own(url: string, self: Parameters<typeof isOwnService>[2], more: Partial<ListedItem> = {}) {
  const planned = { item: anItem({ type: "Map Service", url, ...more }) };
  const address = serviceOf(planned);
  return address && isOwnService(planned, address, self);
}

describe("isOwnService()", () => {
  test.each([
    ["https://services1.arcgis.com/acmeorg/arcgis/rest/services/A/FeatureServer", true],
    ["https://tiles.arcgis.com/tiles/AcmeOrg/arcgis/rest/services/A/MapServer", true],
    ["https://services1.arcgis.com/Other/arcgis/rest/services/A/FeatureServer", false],
    ["https://evil.example/AcmeOrg/arcgis/rest/services/A/FeatureServer", false],
    ["https://services1.arcgis.com.evil.example/AcmeOrg/A/FeatureServer", false],
    ["https://county.example/arcgis/rest/services/A/MapServer", false],
  ])("tells by host and organisation at ArcGIS Online: %s", (url, expected) => {
    expect(own(url, ONLINE)).toBe(expected);
  });

  test("knows the portal's own host at ArcGIS Enterprise and leaves others to the list of servers", () => {
    expect(own("https://gis.acme.org:6443/arcgis/rest/services/A/MapServer", ENTERPRISE)).toBe(true);
    expect(own("https://maps.acme.org/arcgis/rest/services/A/MapServer", ENTERPRISE)).toBeUndefined();
    const nowhere = { ...ENTERPRISE, base: "gis.acme.org" };
    expect(own("https://gis.acme.org/arcgis/rest/services/A/MapServer", nowhere)).toBeUndefined();
    expect(
      own("https://maps.acme.org/x/rest/services/A/MapServer", ENTERPRISE, {
        typeKeywords: ["Hosted Service"],
      }),
    ).toBe(true);
  });
});

describe("serviceOf()", () => {
  test.each<[string, Partial<ListedItem>]>([
    ["an app", { type: "Web Mapping Application", url: "https://a/FeatureServer" }],
    ["a proxy", { type: "Feature Service", url: "https://a/FeatureServer", typeKeywords: ["Service Proxy"] }],
    [
      "a proxy by its address",
      { type: "Feature Service", url: "https://a/sharing/servers/x/rest/services/A/FeatureServer" },
    ],
    ["a type that nobody knows", { type: "Hologram", url: "https://a/FeatureServer" }],
    ["no address", { type: "Feature Service", url: null }],
  ])("finds no service that could be asked in %s", (_, item) => {
    expect(serviceOf({ item: anItem(item) })).toBeUndefined();
  });
});

test("isOnServer() compares whole parts of the path, whatever the scheme and letter case", () => {
  const planned = {
    item: anItem({ type: "Map Service", url: "http://Maps.acme.org/Arcgis/rest/services/A/MapServer" }),
  };
  const address = serviceOf(planned);
  if (address === undefined) throw new Error("no address");
  expect(isOnServer(address, ["https://maps.acme.org:443/arcgis/"])).toBe(true);
  expect(isOnServer(address, ["https://maps.acme.org/arc", "https://other/arcgis", "no address", ""])).toBe(
    false,
  );
});
