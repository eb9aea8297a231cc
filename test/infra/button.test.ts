import { existsSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { buttonLink, packageLink } from "../../tools/button.ts";

test("buttonLink() leads to the template and the form of the tag, both of which exist", () => {
  const link = buttonLink("acme/backup", "v1.2.3");
  const [, template = "", form = ""] = /\/uri\/([^/]+)\/createUIDefinitionUri\/([^/]+)$/.exec(link) ?? [];
  for (const address of [template, form].map(decodeURIComponent)) {
    const [, tag, file = ""] =
      /^https:\/\/raw\.githubusercontent\.com\/acme\/backup\/([^/]+)\/(.+)$/.exec(address) ?? [];
    expect(tag).toBe("v1.2.3");
    expect(existsSync(path.resolve(import.meta.dirname, "..", "..", file)), file).toBe(true);
  }
  expect(packageLink("acme/backup", "v1.2.3")).toMatch(/\/v1\.2\.3\/arcgis-backup-for-azure\.zip$/);
});
