// Laying out: names as people expect them, and no path that leaves its place, whatever stands in a backup.
import fc from "fast-check";
import { expect, test } from "vitest";
import { type LaidOutItem, layOutItem } from "../../src/core/lay-out.ts";
import type { Artifact } from "../../src/core/outcome.ts";
import { fold } from "../../src/core/resource-paths.ts";
import type { ItemLine } from "../../src/core/run.ts";
import { hostileText } from "./arbitrary.ts";
import { HASH, aLine, id } from "./report-samples.ts";

const BASE = `items/jdoe/Water/Hydrants_${id(7)}`;

function artifact(kind: Artifact["kind"], path: string, more: Partial<Artifact> = {}): Artifact {
  return { kind, path, sizeBytes: 1, hash: HASH, proof: "stored", ...more };
}

function bundle(path: string, ...names: readonly string[]): Artifact {
  return artifact("bundle", path, { entries: names.map((name) => ({ name, sizeBytes: 1, hash: HASH })) });
}

function line(artifacts: readonly Artifact[], more: object = {}, title = "Hydrants"): ItemLine {
  return aLine(7, "saved", { title }, { artifacts, ...more });
}

function pathsOf({ bundles, files }: LaidOutItem): readonly string[] {
  return [
    ...bundles.flatMap(({ entries }) => entries.map(({ path }) => path)),
    ...files.map(({ path }) => path),
  ];
}

test("layOutItem() unpacks the bundles of a layer into its folder and names the export after its title", () => {
  const parts = [
    bundle(`${BASE}.zip`, "item.json", "info/thumbnail/t.png"),
    bundle(`${BASE}.2.zip`, "resources/a/b.json"),
    artifact("export", `${BASE}_export.gdb.zip`),
    artifact("resource", `${BASE}_resource_003_film.mp4`, { name: "videos/film.mp4" }),
  ];
  expect(pathsOf(layOutItem(line(parts, { strategy: "export-fgdb" })))).toEqual([
    `${BASE}/item.json`,
    `${BASE}/info/thumbnail/t.png`,
    `${BASE}/resources/a/b.json`,
    `${BASE}/Hydrants.gdb.zip`,
    `${BASE}/resources/videos/film.mp4`,
  ]);
});

test("layOutItem() gives a file its portal's name, and a hash where a bundle's entry has it", () => {
  const of = (name: string) =>
    pathsOf(
      layOutItem(
        line([bundle(`${BASE}.zip`, "item.json"), artifact("data", `${BASE}_data.json`, { name })], {
          strategy: "download-file",
        }),
      ),
    ).at(-1);
  expect(of("Survey 2019.geojson")).toBe(`${BASE}/Survey 2019.geojson`);
  expect(of("Item.JSON")).toMatch(/\/Item_[0-9a-f]{8}\.JSON$/);
  expect(of("../../../etc/passwd")).toBe(`${BASE}/__.._.._etc_passwd`);
});

test("layOutItem() lays large JSON data out as the entry it stands for", () => {
  const parts = [
    bundle(`${BASE}.zip`, "item.json"),
    artifact("data", `${BASE}_data.json`, { name: "Hydrants" }),
  ];
  expect(pathsOf(layOutItem(line(parts, { strategy: "export-fgdb" }))).at(-1)).toBe(`${BASE}/data`);
});

test("layOutItem() keeps names under what a disk takes, also in letters of three bytes", () => {
  const title = "消防栓".repeat(40);
  const path = `items/jdoe/_root/${title}_${id(7)}_data.gdb.zip`;
  const [laid = ""] = pathsOf(
    layOutItem(
      line([artifact("data", path, { name: `${title}.gdb.zip` })], { strategy: "download-file" }, title),
    ),
  );
  for (const segment of laid.split("/")) expect(Buffer.byteLength(segment)).toBeLessThan(250);
  expect(laid.split("/").at(-2)).toContain(id(7));
  expect(laid.endsWith(".gdb.zip")).toBe(true);
});

test("layOutItem() gives a folder a hash where a file is called like it, and a file where a folder is", () => {
  const of = (...names: readonly string[]) => pathsOf(layOutItem(line([bundle(`${BASE}.zip`, ...names)])));
  const [file, inside] = of("a", "a/b.json");
  expect(file).toBe(`${BASE}/a`);
  expect(inside).toMatch(/\/a_[0-9a-f]{8}\/b\.json$/);
  expect(of("a/b.json", "A")[1]).toMatch(/\/A_[0-9a-f]{8}$/);
});

test("layOutItem() makes one name of what is too deep, and some name of what is none", () => {
  const of = (name: string) => pathsOf(layOutItem(line([bundle(`${BASE}.zip`, name)])))[0];
  expect(of("1/2/3/4/5/6/7/8/9.json")).toBe(`${BASE}/1_2_3_4_5_6_7_8_9.json`);
  expect(of("///")).toBe(`${BASE}/_`);
  expect(of(".json")).toMatch(/\/[^/.][^/]*$/);
});

test("layOutItem() finds a name for what has none, from its path", () => {
  const strategy = { strategy: "download-file" };
  const parts = [
    artifact("bundle", `${BASE}.zip`),
    artifact("data", `${BASE}_data.json`),
    artifact("attachment", `${BASE}_attachment_0_12_photo.jpg`),
    artifact("resource", `${BASE}_resource_003_film.mp4`),
  ];
  const laid = layOutItem(line(parts, strategy));
  expect(laid.bundles.map(({ entries }) => entries)).toEqual([[]]);
  expect(pathsOf(laid)).toEqual([
    `${BASE}/data.json`,
    `${BASE}/attachments/0_12_photo.jpg`,
    `${BASE}/resources/_resource_003_film.mp4`,
  ]);
});

test("layOutItem() names the folder after the item where no artifact tells one", () => {
  expect(layOutItem(line([]))).toEqual({ folder: `items/Hydrants_${id(7)}`, bundles: [], files: [] });
  const { folder } = layOutItem(line([bundle(`_${id(7)}.zip`, "item.json")]));
  expect(folder).toBe(`items/Hydrants_${id(7)}`);
});

const RESERVED = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\.|$)/i;

test("layOutItem() makes only legal, distinct paths below items/ and the item's own folder, from whatever it is given", () => {
  const kinds = fc.constantFrom<Artifact["kind"]>("bundle", "data", "export", "resource");
  const part = fc.record({
    kind: kinds,
    path: fc.oneof(
      hostileText,
      hostileText.map((text) => `${BASE}${text}`),
    ),
    name: hostileText,
    names: fc.array(
      fc.oneof(
        hostileText,
        fc.array(hostileText, { maxLength: 12 }).map((all) => all.join("/")),
      ),
      { maxLength: 5 },
    ),
  });
  fc.assert(
    fc.property(fc.array(part, { minLength: 1, maxLength: 5 }), hostileText, (parts, title) => {
      const artifacts = parts.map(({ kind, path, name, names }) =>
        kind === "bundle" ? bundle(path, ...names) : artifact(kind, path, { name }),
      );
      const laid = layOutItem(line(artifacts, { strategy: "download-file" }, title));
      const paths = pathsOf(laid);
      expect(laid.folder).toMatch(new RegExp(`^items/.*_${id(7)}$`, "s"));
      expect(new Set(paths.map(fold)).size).toBe(paths.length);
      for (const path of paths) {
        expect(path.startsWith(`${laid.folder}/`)).toBe(true);
        for (const segment of path.split("/")) {
          expect(segment).not.toMatch(/^\.{0,2}$|[. ]$|[\p{Cc}<>:"\\|?*]/u);
          expect(segment).not.toMatch(RESERVED);
          expect(Buffer.byteLength(segment)).toBeLessThan(256);
        }
        // No path is the folder of another.
        expect(paths.some((other) => fold(other).startsWith(`${fold(path)}/`))).toBe(false);
      }
    }),
    { numRuns: 300 },
  );
});
