import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { contentKind, TEXT_OR_ZIP, ZIP, expectation, judgeContent } from "../../src/core/formats.ts";

const text = (content: string): Uint8Array => new TextEncoder().encode(content);
const hex = (digits: string): Uint8Array =>
  Uint8Array.from(digits.match(/../g) ?? [], (pair) => parseInt(pair, 16));

const PAGE = '\r\n<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0">\n<html><head><title>Sign In</title>';
const ERROR = '{"error":{"code":498,"message":"Invalid token.","details":[]}}';

describe("contentKind()", () => {
  test.each([
    ["zip", hex("504b030414000600")],
    ["zip", hex("504b0506000000000000")],
    ["pdf", text("%PDF-1.7\n")],
    ["pdf", text("\r\n  %PDF-1.4\n")],
    ["png", hex("89504e470d0a1a0a0000")],
    ["jpeg", hex("ffd8ffe000104a46")],
    ["gif", text("GIF89a")],
    ["sqlite", text("SQLite format 3\0")],
    ["gzip", hex("1f8b0800")],
    ["7z", hex("377abcaf271c0004")],
    ["ole", hex("d0cf11e0a1b11ae1")],
    ["empty", text("")],
    ["html", text(PAGE)],
    ["html", text("\ufeff<HTML>")],
    ["html", text('<?xml version="1.0"?><!DOCTYPE html><html xmlns="x">')],
    ["xml", text('<?xml version="1.0" encoding="UTF-8"?><kml>')],
    ["portal-error", text(ERROR)],
    ["portal-error", text('{ "error" : { "message": "Item does not exist" } }\n')],
    ["json", text('{"version":"2.30","baseMap":{}}')],
    ["json", text('{"error":{"code":1,"message":"a page of a story"},"version":1}')],
    ["json", text("[1,2]")],
    ["text", text("id,name\n1,Ärger")],
    ["text", text("<id>,<name>")],
    ["binary", hex("49492a0008000000")],
  ])("finds %s", (kind, head) => {
    expect(contentKind(head)).toBe(kind);
  });

  test("has an answer for any bytes", () => {
    fc.assert(fc.property(fc.uint8Array(), (head) => contentKind(head).length > 0));
  });
});

describe("judgeContent()", () => {
  const zip = expectation("Shapefile", "roads.zip");

  test.each([
    ["a sign-in page", text(PAGE), "a web page instead of a zip"],
    ["an ArcGIS error", text(ERROR), "an error message instead of a zip"],
    ["other JSON", text('{"status":"processing"}'), "JSON instead of a zip"],
    ["a gateway's sentence", text("upstream connect error"), "plain text instead of a zip"],
    ["nothing", text(""), "nothing instead of a zip"],
  ])("refuses %s for a zip", (_, head, why) => {
    expect(judgeContent(zip, head)).toBe(why);
    expect(judgeContent(ZIP, head)).toBe(why);
  });

  test("refuses binary bytes for a table as text, but not a zip of tables", () => {
    expect(judgeContent(TEXT_OR_ZIP, hex("49492a0008000000"))).toBe("binary instead of CSV");
    expect(judgeContent(TEXT_OR_ZIP, hex("504b030414000600"))).toBeUndefined();
  });

  test("takes what only looks odd: another binary format under the name of a zip", () => {
    expect(judgeContent(zip, hex("377abcaf271c0004"))).toBeUndefined();
    expect(judgeContent(zip, hex("00ff00ff"))).toBeUndefined();
  });

  test.each([
    ["Notebook", "a.ipynb", text(PAGE), "a web page instead of JSON"],
    ["GeoJson", null, text(ERROR), "an error message instead of JSON"],
    ["Notebook", "a.ipynb", text('\ufeff{"cells":[]}'), undefined],
    ["CSV", "a.csv", text("<Name>,<Id>\n"), undefined],
    ["CSV", "a.csv", text("<html> is the first cell"), undefined],
    ["CSV", "a.csv", text(ERROR), "an error message instead of the content"],
    ["Microsoft Excel", "table.xls", text("<html><table>"), undefined],
    ["Microsoft Word", "letter.docx", hex("d0cf11e0a1b11ae1"), undefined],
    ["Image", "a.jpg", hex("89504e470d0a1a0a0000"), undefined],
    ["PDF", "a.pdf", text("  %PDF-1.3"), undefined],
    ["Web Map", null, text('{"operationalLayers":[]}'), undefined],
    ["Never Heard Of", "a.unknown", text(PAGE), undefined],
    ["File Geodatabase", null, text(PAGE), "a web page instead of a zip"],
  ])("judges a %s named %s", (type, name, head, said) => {
    expect(judgeContent(expectation(type, name), head)).toBe(said);
  });
});
