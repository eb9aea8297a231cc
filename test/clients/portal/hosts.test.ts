import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { mayGetToken, mayReach } from "../../../src/clients/portal/hosts.ts";

const online = new URL("https://acme.maps.arcgis.com/");
const enterprise = new URL("https://gis.acme.org/portal");
const sample = new URL("http://127.0.0.1:5000/");

describe("mayGetToken()", () => {
  test.each([
    [online, "https://services1.arcgis.com/x/arcgis/rest/services/A/FeatureServer"],
    [online, "https://WWW.ArcGIS.com/sharing/rest"],
    [online, "https://arcgis.com/"],
    [enterprise, "https://gis.acme.org/server/rest/services"],
    [enterprise, "https://gis.acme.org:6443/arcgis/rest/services"],
    [sample, "http://127.0.0.1:5000/rest/services/A/FeatureServer"],
  ])("%s gives it to %s", (portal, url) => {
    expect(mayGetToken(portal, new URL(url))).toBe(true);
  });

  test.each([
    [online, "https://arcgis.com.evil.example/"],
    [online, "https://evil.example/.arcgis.com"],
    [online, "https://evil.example/?x=.arcgis.com"],
    [online, "https://evilarcgis.com/"],
    [online, "https://services1.arcgis.com@evil.example/"],
    [online, "https://user:pw@services1.arcgis.com/"],
    [online, "https://services1.аrcgis.com/"],
    [online, "https://services1.arcgis.com:8443/"],
    [online, "http://services1.arcgis.com/"],
    [online, "https://services1.arcgis.com./"],
    [online, "https://evil.example\\.arcgis.com/"],
    [enterprise, "http://gis.acme.org/server"],
    [enterprise, "https://gis.acme.org:9999/"],
    [enterprise, "https://sub.gis.acme.org/"],
    [enterprise, "https://services1.arcgis.com/"],
    [sample, "http://127.0.0.1:5001/"],
    [sample, "https://127.0.0.1:5000/"],
    [sample, "http://localhost:5000/"],
    [sample, "https://services1.arcgis.com/"],
  ])("%s keeps it from %s", (portal, url) => {
    expect(mayGetToken(portal, new URL(url))).toBe(false);
  });

  test("an address that the portal gives itself counts as its own", () => {
    const inner = new URL("https://portalhost:7443/arcgis");
    expect(mayGetToken(inner, new URL("https://gis.acme.org/server"))).toBe(false);
    expect(mayGetToken(inner, new URL("https://gis.acme.org/server"), [enterprise])).toBe(true);
  });

  test("whatever looks like ArcGIS Online elsewhere in an address, only the hostname counts", () => {
    const bait = fc.constantFrom(".arcgis.com", "www.arcgis.com", "acme.maps.arcgis.com", "arcgis.com");
    const foreign = fc.domain().filter((domain) => !/(^|\.)arcgis\.com$/i.test(domain));
    const shapes: ((bait: string, host: string) => string)[] = [
      (b, h) => `https://${h}/${b}`,
      (b, h) => `https://${h}/?${b}`,
      (b, h) => `https://${h}/#${b}`,
      (b, h) => `https://${b.replace(/^\./, "")}.${h}/`,
      (b, h) => `https://${b}@${h}/`,
      (b, h) => `https://x:${b}@${h}/`,
      (b, h) => `https://${h}:443/${b}:443`,
      (b, h) => `https:\\\\${h}\\${b}`,
    ];
    fc.assert(
      fc.property(bait, foreign, fc.constantFrom(...shapes), (b, host, shape) => {
        const text = shape(b, host);
        if (!URL.canParse(text)) return;
        for (const portal of [online, enterprise, sample]) {
          expect(mayGetToken(portal, new URL(text), [])).toBe(false);
        }
      }),
    );
  });
});

describe("mayReach()", () => {
  test("only https, and http within this machine for a portal on it", () => {
    expect(mayReach(online, new URL("http://storage.example/x"))).toBe(false);
    expect(mayReach(online, new URL("http://127.0.0.1/x"))).toBe(false);
    expect(mayReach(online, new URL("https://storage.example/x"))).toBe(true);
    expect(mayReach(sample, new URL("http://127.0.0.1:1/x"))).toBe(true);
    expect(mayReach(sample, new URL("http://storage.example/x"))).toBe(false);
    expect(mayReach(online, new URL("file:///etc/passwd"))).toBe(false);
  });
});
