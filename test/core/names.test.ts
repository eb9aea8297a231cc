import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  LAYOUTS,
  PATH_LIMIT,
  RESOURCE_NAME_BYTES,
  SUFFIX_ROOM,
  fileExtension,
  itemPath,
} from "../../src/core/names.ts";
import { cutText, safeName } from "../../src/core/safe-name.ts";
import { anItem, hostileText, listedItem } from "./arbitrary.ts";

const ID = "0123456789abcdef0123456789abcdef";

/** What Windows, Azure Blob Storage or a terminal would refuse or be fooled by. */
function faultOf(segment: string): string | undefined {
  if (segment === "") return "empty";
  if (!segment.isWellFormed()) return "lone surrogate";
  if (segment !== segment.normalize("NFC")) return "not NFC";
  if (/[<>:"/\\|?*]/.test(segment)) return "sign that Windows refuses";
  if (/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Noncharacter_Code_Point}]/u.test(segment)) return "unprintable";
  if (/^[ .]|[ .]$/.test(segment)) return "dot or space at an end";
  if (/^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$) *(\.|$)/i.test(segment)) return "device";
  return undefined;
}

const DEPTH = { "owner-folder": 4, type: 3, "owner-type": 4, "owner-folder-type": 5, flat: 2 };

describe("itemPath()", () => {
  test("lays items out by owner and folder, by type, or flat", () => {
    const item = anItem({ title: "Hydrants / 2024: north?" });
    expect(itemPath("owner-folder", item)).toBe(`items/jdoe/Projects/Hydrants _ 2024_ north__${ID}`);
    expect(itemPath("type", item)).toBe(`items/Web Map/Hydrants _ 2024_ north__${ID}`);
    expect(itemPath("owner-type", item)).toBe(`items/jdoe/Web Map/Hydrants _ 2024_ north__${ID}`);
    expect(itemPath("owner-folder-type", item)).toBe(
      `items/jdoe/Projects/Web Map/Hydrants _ 2024_ north__${ID}`,
    );
    expect(itemPath("flat", item)).toBe(`items/Hydrants _ 2024_ north__${ID}`);
    expect(itemPath("owner-folder", anItem({ folder: null }))).toBe(`items/jdoe/_root/Parcels_${ID}`);
    expect(itemPath("owner-folder-type", anItem({ folder: null }))).toBe(
      `items/jdoe/_root/Web Map/Parcels_${ID}`,
    );
  });

  test("is legal on Windows and in Blob Storage, short with room for suffixes, and carries the id, whatever the item says", () => {
    fc.assert(
      fc.property(fc.constantFrom(...LAYOUTS), listedItem, (layout, item) => {
        const path = itemPath(layout, item);
        const segments = path.split("/");
        expect(segments.map(faultOf).filter((fault) => fault !== undefined)).toEqual([]);
        expect(segments).toHaveLength(DEPTH[layout]);
        expect(path.length + SUFFIX_ROOM).toBeLessThan(PATH_LIMIT);
        const most = Math.max(...segments.map((segment) => Buffer.byteLength(segment)));
        expect(most + "_resource_0000_".length + RESOURCE_NAME_BYTES).toBeLessThanOrEqual(255);
        expect(path.endsWith(`_${item.id}`)).toBe(true);
        expect(itemPath(layout, { ...item })).toBe(path);
      }),
      { numRuns: 400 },
    );
  });

  test("differs for two items that agree in everything but their id", () => {
    const other = anItem({ id: ID.replace("0", "f") });
    expect(itemPath("flat", other)).not.toBe(itemPath("flat", anItem()));
  });

  test("leaves room for suffixes on systems that count bytes, also for titles of three bytes a letter", () => {
    const path = itemPath("flat", anItem({ title: "地図".repeat(100) }));
    expect(path).toBe(`items/${"地図".repeat(20)}_${ID}`);
  });

  test("keeps most of a long title and uses the room that short folders leave", () => {
    const path = itemPath("flat", anItem({ title: "x".repeat(300) }));
    expect(path.length).toBe(PATH_LIMIT - 1 - SUFFIX_ROOM);
  });

  test("refuses an id that the listing would not let through", () => {
    expect(() => itemPath("flat", anItem({ id: "../../x" }))).toThrow("id");
  });
});

describe("safeName()", () => {
  test("keeps letters of every script and emoji, and cuts between graphemes", () => {
    expect(safeName("Übersicht 地図 🗺️", 60)).toBe("Übersicht 地図 🗺️");
    expect(safeName("ab🇩🇪🇫🇷", 7)).toBe("ab🇩🇪");
    expect(safeName("ne\u0301e\u0301", 2)).toBe("né");
  });

  test("tears no character apart where not even one grapheme fits", () => {
    expect(cutText("👨‍👩‍👧‍👦 family", 1)).toBe("");
    expect(cutText("👨‍👩‍👧‍👦 family", 3)).toBe("👨\u200D");
    expect(cutText("family", 3)).toBe("fam");
  });

  test("never exceeds its limit, also for graphemes longer than that", () => {
    fc.assert(
      fc.property(hostileText, fc.integer({ min: 8, max: 80 }), (text, most) => {
        const name = safeName(text, most);
        expect(name.length).toBeLessThanOrEqual(most);
        expect(faultOf(name)).toBeUndefined();
      }),
      { numRuns: 400 },
    );
  });
});

describe("fileExtension()", () => {
  test("takes the file's own, else the download's, else the type's", () => {
    expect(fileExtension("parcels.ZIP", "File Geodatabase")).toBe(".zip");
    expect(fileExtension("photo.PNG", "Image", "x.jpg")).toBe(".png");
    expect(fileExtension(null, "Image", "x.tif")).toBe(".tif");
    expect(fileExtension("no extension", "PDF", null)).toBe(".pdf");
    expect(fileExtension("a.rft.xml", "Raster function template")).toBe(".rft.xml");
    expect(fileExtension(null, "Legend")).toBe("");
    expect(fileExtension(null, "A New Type")).toBe("");
  });

  test("is letters and digits only, whatever the names are", () => {
    fc.assert(
      fc.property(fc.option(hostileText), fc.option(hostileText), (name, disposition) => {
        expect(fileExtension(name, "A New Type", disposition)).toMatch(/^(?:|\.[A-Za-z0-9]{1,16})$/);
      }),
    );
  });
});
