import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { itemLineText, parseItemLine } from "../../src/core/item-line.ts";
import { manifestOf, manifestText, parseManifest } from "../../src/core/manifest.ts";
import { aLine, aSummary, HASH } from "./report-samples.ts";

const text = fc.string({ unit: "binary", maxLength: 30 });
const count = fc.nat();
const files = [
  { name: "items.jsonl", sizeBytes: 5, hash: HASH },
  { name: "Inventory.csv", sizeBytes: 3, hash: HASH },
];

const summaries = fc
  .record({
    organisation: text,
    verdict: fc.constantFrom("succeeded", "partial", "failed", "canceled"),
    counts: fc.record({ listed: count, saved: count, unchanged: count, skipped: count, failed: count }),
    failure: fc.option(
      fc.record({ reason: fc.constantFrom("transient", "sign-in-refused"), text, next: text }),
    ),
    leftBehind: fc.array(fc.record({ id: text, title: text, owner: text, ours: fc.boolean(), text }), {
      maxLength: 3,
    }),
  } as const)
  .map((over) => aSummary([], over));

describe("manifest.json", () => {
  test("parseManifest() reads what manifestText() wrote", () => {
    fc.assert(
      fc.property(summaries, (summary) => {
        const read = parseManifest(manifestText(summary, files));
        expect(read).toEqual({ ok: true, value: manifestOf(summary, files) });
      }),
    );
  });

  test("manifestText() is the same text whatever the order of keys and files", () => {
    const summary = aSummary([aLine(1, "saved")]);
    const turned = Object.fromEntries(Object.entries(summary).reverse()) as unknown as typeof summary;
    expect(manifestText(turned, [...files].reverse())).toBe(manifestText(summary, files));
  });

  test("parseManifest() says that a newer version needs a newer app", () => {
    const newer = manifestText(aSummary([]), files).replace('"version": 1', '"version": 7');
    expect(parseManifest(newer)).toMatchObject({
      ok: false,
      failure: { reason: "not-supported", text: "Cannot read manifest.json: version 7 is newer than 1" },
    });
  });

  test.each([
    ["not JSON", "<html>", "not JSON"],
    ["another file", '{"version":1}', "format"],
    [
      "a damaged one",
      manifestText(aSummary([]), files).replace('"verdict": "succeeded"', '"verdict": 5'),
      "verdict",
    ],
  ])("parseManifest() tells %s", (_criterion, content, named) => {
    const read = parseManifest(content);
    expect(read).toMatchObject({ ok: false, failure: { reason: "wrong-content" } });
    expect(JSON.stringify(read)).toContain(named);
  });
});

test("manifestOf() keeps what the run took, and since when changes were taken", () => {
  const { run } = aSummary([]);
  const lists = { select: { owners: ["jdoe"] }, exclude: { groups: ["Board"], tags: ["draft"] } };
  const summary = aSummary([], { run: { ...run, ...lists, changedWithinDays: 7 } });
  const expected = { ...lists, changedWithinDays: 7, changedSince: "2026-05-06T20:00:00.000Z" };
  expect(manifestOf(summary, files).run).toMatchObject(expected);
  expect(manifestOf(aSummary([]), files).run).not.toHaveProperty("changedSince");
});

describe("items.jsonl", () => {
  const states = fc.constantFrom("saved", "unchanged", "skipped", "failed");

  test("parseItemLine() reads what itemLineText() wrote, on one line for every reader", () => {
    fc.assert(
      fc.property(fc.nat(), states, text, text, (n, state, title, note) => {
        const line = aLine(n, state, { title, tags: [note] }, { notes: [note], unknownType: true });
        const written = itemLineText(line);
        expect(written.endsWith("\n")).toBe(true);
        expect(written.slice(0, -1)).not.toMatch(/[\n\r\v\f\u{85}\u{2028}\u{2029}]/u);
        expect(parseItemLine(written, 1)).toEqual({ ok: true, value: line });
      }),
    );
  });

  test.each([
    ["text that is not JSON", "{", "line 3: not JSON"],
    [
      "a state that no outcome has",
      itemLineText(aLine(1, "saved")).replace('"saved"', '"lost"'),
      "outcome.state",
    ],
    [
      "a hash of another form",
      itemLineText(aLine(1, "saved")).replace("sha256:", "md5:"),
      "artifacts.0.hash",
    ],
    ["a text where an item belongs", '"items"', "line 3: (whole): "],
    ["a line of which nothing fits", '{"item":{},"outcome":{"state":"saved"}}', "more"],
  ])("parseItemLine() refuses %s by line and field", (_criterion, content, named) => {
    const read = parseItemLine(content, 3);
    expect(read).toMatchObject({ ok: false, failure: { reason: "wrong-content" } });
    expect(JSON.stringify(read)).toContain(named);
  });
});
