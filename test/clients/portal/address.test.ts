import { describe, expect, test } from "vitest";
import { parseAddress } from "../../../src/clients/portal/address.ts";

function basesOf(typed: string): string[] {
  const address = parseAddress(typed);
  if (!address.ok) throw new Error(address.failure.text);
  return address.value.candidates.map((candidate) => candidate.base.href.replace(/\/$/, ""));
}

describe("parseAddress() understands what people type", () => {
  test.each([
    ["acme", ["https://acme.maps.arcgis.com"]],
    ["  Acme ", ["https://acme.maps.arcgis.com"]],
    ["arcgis.com", ["https://www.arcgis.com"]],
    ["https://www.arcgis.com/home/item.html?id=1#overview", ["https://www.arcgis.com"]],
    ["acme.maps.arcgis.com/home/content.html?view=list#my", ["https://acme.maps.arcgis.com"]],
    ["http://acme.maps.arcgis.com/apps/mapviewer/index.html?webmap=1", ["https://acme.maps.arcgis.com"]],
    ["<https://acme.maps.arcgis.com/sharing/rest>", ["https://acme.maps.arcgis.com"]],
    ["https://storymaps.arcgis.com/stories/1", ["https://storymaps.arcgis.com", "https://www.arcgis.com"]],
    [
      "https://gis.acme.org",
      ["https://gis.acme.org/portal", "https://gis.acme.org/arcgis", "https://gis.acme.org"],
    ],
    [
      "gis.acme.org/maps/home/index.html",
      [
        "https://gis.acme.org/maps",
        "https://gis.acme.org/portal",
        "https://gis.acme.org/arcgis",
        "https://gis.acme.org",
      ],
    ],
  ])("%s", (typed, bases) => {
    expect(basesOf(typed)).toEqual(bases);
  });

  test.each([
    ["http://gis.acme.org/portal/sharing/rest", "https://gis.acme.org/portal"],
    ["https://gis.acme.org/portal/apps/dashboards/1", "https://gis.acme.org/portal"],
    ["portalhost:7443/arcgis", "https://portalhost:7443/arcgis"],
    ["https://portalhost:7443/arcgis/portaladmin/", "https://portalhost:7443/arcgis"],
    ["https://gis.acme.org/home", "https://gis.acme.org"],
    ["http://127.0.0.1:8080/portal", "http://127.0.0.1:8080/portal"],
    ["localhost:8080/portal", "https://localhost:8080/portal"],
  ])("%s is first asked at %s", (typed, base) => {
    expect(basesOf(typed)[0]).toBe(base);
  });

  test("http is kept for this machine only", () => {
    expect(basesOf("localhost:8080")).toContain("http://localhost:8080");
    for (const typed of ["http://127.0.0.1.evil.example", "http://localhost.example", "http://10.0.0.1"]) {
      for (const base of basesOf(typed)) expect(base).toMatch(/^https:/);
    }
  });

  test("a service's address is asked for its portal", () => {
    const address = parseAddress("https://gis.acme.org/server/rest/services/A/FeatureServer/0?f=json");
    expect(address.ok && address.value.serverInfo?.href).toBe("https://gis.acme.org/server/rest/info");
  });

  test("the organisation's name is asked to be the one in the address", () => {
    for (const typed of ["acme", "https://acme.maps.arcgis.com/home"]) {
      const address = parseAddress(typed);
      expect(address.ok && address.value.candidates.map((candidate) => candidate.urlKey)).toEqual(["acme"]);
    }
  });

  test.each([
    "",
    "  ",
    "ftp://gis.acme.org",
    "https://",
    "https://user:hush-hush@gis.acme.org",
    "https://a b",
  ])("%j is refused with a next step and without repeating a secret", (typed) => {
    const address = parseAddress(typed);
    expect(address.ok).toBe(false);
    if (address.ok) return;
    expect(address.failure.reason).toBe("bad-input");
    expect(address.failure.next).toContain("https://acme.maps.arcgis.com");
    expect(JSON.stringify(address)).not.toContain("hush-hush");
  });
});
