import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { columns as widthOf } from "../../src/core/columns.ts";
import { mailOf } from "../../src/core/mail.ts";
import { resultsText } from "../../src/core/results.ts";
import type { ItemLine } from "../../src/core/run.ts";
import { screenSummary } from "../../src/core/screen-summary.ts";
import { aLine, aSummary, HASH, id, PORTAL, tallyOf } from "./report-samples.ts";

const exported: ItemLine = aLine(
  2,
  "saved",
  { title: "Parcels", type: "Feature Service", owner: "gis_admin" },
  {
    strategy: "export-fgdb",
    sizeBytes: 48_200_000_000,
    tookMs: 52 * 60_000,
    artifacts: [
      {
        kind: "bundle",
        path: "items/gis_admin/Parcels_2.zip",
        sizeBytes: 9,
        hash: HASH,
        proof: "stored",
        entries: [],
      },
      {
        kind: "export",
        path: "items/gis_admin/Parcels_2_export.gdb.zip",
        sizeBytes: 48_199_999_991,
        hash: HASH,
        proof: "stored",
        tables: [{ name: "Parcels", rows: 12, layerId: 0, rowsBefore: 12, rowsAfter: 12 }],
      },
    ],
  },
);

const good: readonly ItemLine[] = [
  aLine(1, "saved"),
  exported,
  aLine(3, "skipped", { title: "Parcels view", type: "Feature Service" }, { cause: "view-of-saved-layer" }),
  aLine(4, "skipped", { title: "Streets of the state", type: "Map Service" }),
];

const bad: readonly ItemLine[] = [
  ...good,
  aLine(
    5,
    "failed",
    { title: "Hydrant Inspections", type: "Feature Service" },
    {
      failure: {
        reason: "export-failed",
        text: 'ArcGIS could not export "Hydrant Inspections": "Error exporting data to filegdb format."',
        next: "Open the item page and choose Export Data > FGDB. If that fails too, publish the layer again or call Esri.",
        traceId: "0af7651916cd43dd",
      },
      artifacts: exported.outcome.artifacts.slice(0, 1),
    },
  ),
  aLine(
    6,
    "saved",
    { title: "Sign Photos" },
    {
      loss: [{ kind: "attachments-missing", text: "12 of 8,204 attachments could not be read at ArcGIS" }],
      notes: ["ArcGIS sent the thumbnail as text/html"],
    },
  ),
  aLine(7, "saved", { title: "Something new", type: "Hologram" }, { unknownType: true }),
];

const runs = {
  succeeded: [aSummary(good), tallyOf(good)],
  partial: [
    aSummary(bad, {
      verdict: "partial",
      portal: { ...PORTAL, seesAllItems: false },
      books: {
        walked: 7,
        searchTotal: 6,
        searchListed: 6,
        differences: [
          {
            id: id(6),
            title: "Sign Photos",
            type: "Web Map",
            owner: "jdoe",
            onlyIn: "walk",
            label: "hidden from search",
          },
        ],
        unlisted: [{ username: "msmith", text: "ArcGIS answered with code 500" }],
        notes: [],
      },
      leftBehind: [
        {
          id: id(9),
          title: "TEMP_FOR_BACKUP_x",
          owner: "msmith",
          ours: false,
          text: "Made by another tool; not touched.",
        },
      ],
    }),
    tallyOf(bad),
  ],
  failed: [
    aSummary([], {
      verdict: "failed",
      portal: null,
      books: null,
      organisation: "acme.maps.arcgis.com",
      finishedAt: Date.UTC(2026, 4, 14, 2, 0, 3),
      failure: {
        reason: "sign-in-refused",
        text: 'https://acme.maps.arcgis.com refused to sign in "backup_svc": Invalid username or password.',
        next: "Check the user name in the profile and the password it names, then start the backup again.",
      },
    }),
    tallyOf([]),
  ],
  hostile: hostile(),
} as const;

function hostile(): readonly [ReturnType<typeof aSummary>, ReturnType<typeof tallyOf>] {
  const failure = {
    reason: "wrong-content",
    text: "ArcGIS sent\r\n\u001b[2Ja page",
    next: "Look.\u202Egnp",
  } as const;
  const lines = [
    aLine(1, "failed", { title: "\u202Egpj.exe\u202C\nSUCCEEDED   all is well", owner: "a\tb" }, { failure }),
    aLine(2, "failed", { title: "漢字".repeat(40), type: "\u0000" }, { failure }),
    aLine(3, "failed", { title: "Z\u0301\u0302".repeat(3) + "e" + "\u0301".repeat(500) }, { failure }),
    aLine(4, "saved", { title: "   ", type: "__proto__" }, { unknownType: true, tookMs: 9000 }),
    aLine(5, "saved", { title: "👩‍👩‍👧‍👦 \uD800 خريطة", type: "constructor" }),
  ];
  return [aSummary(lines, { verdict: "partial", organisation: "Acme\u2028\u200B" }), tallyOf(lines)];
}

describe.each(Object.entries(runs))("a run: %s", (name, [summary, tally]) => {
  test("resultsText() reads as the golden file", async () => {
    await expect(resultsText(summary, tally)).toMatchFileSnapshot(`golden/results-${name}.txt`);
  });

  test("screenSummary() reads as the golden file", async () => {
    await expect(`${screenSummary(summary, tally)}\n`).toMatchFileSnapshot(`golden/screen-${name}.txt`);
  });
});

function head(text: string, lines: number): string {
  return text.split("\n").slice(0, lines).join("\n");
}

test("resultsText() of a canceled run tells what was not reached apart", () => {
  const failure = {
    reason: "not-reached",
    text: "The run was canceled",
    next: "Start the backup again.",
  } as const;
  const lines = [aLine(1, "saved"), aLine(2, "failed", {}, { failure }), aLine(3, "failed")];
  const text = resultsText(aSummary(lines, { verdict: "canceled" }), tallyOf(lines));
  expect(head(text, 4).split("\n")).toEqual([
    "CANCELED   City of Acme   14 May 2026 02:00-04:14 UTC   profile nightly",
    "The run was canceled before its end: 1 item was saved until then. 1 item failed and needs you. 1 item was not",
    "reached.",
    "3 listed = 1 saved + 0 unchanged + 0 skipped + 2 failed (1 of them not reached)",
  ]);
  expect(text).toContain("FAILED (1)");
  expect(text).toContain("NOT REACHED (1)");
});

test("resultsText() of a run that failed half-way says that the backup is not complete", () => {
  const text = resultsText(
    aSummary(good, {
      verdict: "failed",
      failure: {
        reason: "storage-refused",
        text: 'Cannot write "backups": 403',
        next: "Give the app the role.",
      },
    }),
    tallyOf(good),
    { container: "work", folder: "runs/nightly-20260514T020000Z" },
  );
  expect(head(text, 2)).toContain("this backup is not complete: 2 items were saved until then.");
  expect(text).toContain("work/runs/nightly-20260514T020000Z");
  expect(text).not.toContain("backups/nightly");
});

test("resultsText() shouts when the counts do not add up, whatever the verdict", () => {
  const counts = { listed: 5, saved: 2, unchanged: 0, skipped: 2, failed: 0 };
  const text = resultsText(aSummary(good, { counts }), tallyOf(good));
  expect(text).toContain("THE COUNTS DO NOT ADD UP: 1 listed item has no outcome.");
  expect(text).toContain("5 listed is not 2 saved + 0 unchanged + 2 skipped + 0 failed");
});

test("resultsText() shouts when the item lines are not what was counted", () => {
  expect(resultsText(aSummary(good), tallyOf(good.slice(1)))).toContain("THE RECORDS DIFFER");
});

test("resultsText() warns of a run that succeeded over nothing", () => {
  expect(resultsText(aSummary([]), tallyOf([]))).toContain("No item was found, so nothing was backed up");
});

test("screenSummary() names what lies where the report could not be written to its destination", () => {
  const instead = { container: "work", folder: "runs/nightly-20260514T020000Z" };
  const screen = screenSummary(aSummary(good), tallyOf(good), instead);
  expect(screen).toContain("Where    work/runs/nightly-20260514T020000Z\nRead     Results.txt there\n");
});

test("resultsText() names no page of an item where no portal was reached, and says whom it asked how often", () => {
  const text = resultsText(aSummary(bad, { portal: null, portalRequests: 0 }), tallyOf(bad));
  expect(text).not.toContain("item.html");
  expect(text).not.toContain("requests to ArcGIS");
  expect(text).toContain("https://acme.maps.arcgis.com (not signed in)");
});

test("resultsText() counts failures by reason where there are many, and cuts what is long", () => {
  const failure = (reason: "truncated" | "transient") => ({ failure: { reason, text: "t", next: "n" } });
  const lines = [
    ...[1, 2, 3].map((n) => aLine(n, "failed", {}, failure("truncated"))),
    aLine(4, "failed", {}, failure("transient")),
  ];
  const grouped = (list: readonly ItemLine[]) =>
    resultsText(aSummary(list), tallyOf(list)).replaceAll(/\s+/g, " ");
  expect(grouped(lines)).toMatch(/FAILED \(4\) The content arrived incomplete: 3 · [^:]*: 1 1\. Item 1/);
  expect(grouped(lines.slice(1))).toContain("FAILED (3) 1. Item 2");
  const many = Array.from({ length: 205 }, (_, n) => aLine(n, "failed"));
  expect(resultsText(aSummary(many), tallyOf(many))).toContain("... and 5 more: see Inventory.csv");
});

test("resultsText() tells ten losses of an item and counts the rest, and where the item lies", () => {
  const loss = Array.from({ length: 12 }, (_, n) => ({
    kind: "resource-missing" as const,
    text: `Loss ${n}`,
  }));
  const { artifacts } = exported.outcome;
  const text = (over: object) => {
    const lines = [aLine(1, "saved", {}, { loss, ...over })];
    return resultsText(aSummary(lines), tallyOf(lines));
  };
  expect(text({ artifacts })).toContain("- Loss 9\n       - and 2 more, see items.jsonl\n");
  expect(text({ artifacts })).toContain("       Saved: items/gis_admin/Parcels_2.zip and 1 more\n");
  expect(text({ artifacts: [] })).not.toContain("       Saved: ");
});

test("resultsText() tells by which way a layer was saved that the first did not give", () => {
  const lines = [aLine(1, "saved", {}, { rung: "shapefile" }), aLine(2, "saved", {}, { rung: "fgdb" })];
  const text = resultsText(aSummary(lines), tallyOf(lines));
  expect(text).toContain("FALLBACK EXPORTS (1)");
  expect(text).toContain("       Saved by: export as a shapefile\n");
});

test("resultsText() cuts long lists and says where the rest is", () => {
  const many = <T>(make: (n: number) => T): readonly T[] => Array.from({ length: 23 }, (_, n) => make(n));
  const what = (n: number) => ({ id: id(n), title: `T${n}`, type: "Web Map", owner: "jdoe" });
  const books = {
    ...{ walked: 40, searchTotal: 70, searchListed: 60, notes: [] },
    differences: many((n) => ({ ...what(n), onlyIn: "search" as const, label: "no access" as const })),
    unlisted: many((n) => ({ username: `user${n}`, text: "code 500" })),
  };
  const since = { runId: "nightly-20260513T020000Z", at: Date.UTC(2026, 4, 13, 2) };
  const text = resultsText(
    aSummary(good, {
      books,
      leftBehind: many((n) => ({ ...what(n), ours: true, text: "Refused" })),
      sweptExports: 2,
      compared: {
        ...{ before: since, failing: {}, newLosses: { shown: [], rest: 0 }, knownLosses: {} },
        ...{ failedRuns: null, lastBackup: since, shrunk: null, mail: null },
        missing: { since, total: 23, items: many((n) => ({ ...what(n), label: "deleted" as const })) },
      },
    }),
    tallyOf(good),
  );
  expect(text).toContain("40 items found member by member; ArcGIS search counts 70.");
  expect(text).toContain("The search named 60 of the 70 it counts.");
  // 60 of the search without its own 23 are 37.
  expect(text).toContain("NOT EXPLAINED: 3 items.");
  expect(text.match(/\(only the search has it\)/g)).toHaveLength(20);
  // Differences, members and what is left behind.
  expect(text.match(/\.\.\. and 3 more: see manifest\.json$/gm)).toHaveLength(3);
  expect(text).toMatch(/^ +\.\.\. and 3 more$/m);
  expect(text.match(/^ +of this product: T\d+ \(jdoe\)/gm)).toHaveLength(20);
  expect(text).toContain("2 temporary exports of earlier runs of this product removed");
});

test("resultsText() says of a quick search that the members' content was not counted", () => {
  const books = {
    ...{ search: "quick" as const, walked: 0, searchTotal: 4, searchListed: 4 },
    ...{ differences: [], unlisted: [], notes: [] },
  };
  const text = resultsText(aSummary(good, { books }), tallyOf(good));
  expect(text).toContain("Quick search: ArcGIS search counts 4 items.\n");
});

test("resultsText() tells of bundles only where there are some", () => {
  const alone = [aLine(1, "saved", {}, { artifacts: exported.outcome.artifacts.slice(1) })];
  expect(resultsText(aSummary(alone), tallyOf(alone))).not.toContain("with a SHA-256 of each entry");
  expect(resultsText(aSummary(good), tallyOf(good))).toContain("2 bundles with a SHA-256 of each entry");
});

test("resultsText() tells what was read for dependencies, and what was cut only where it was", () => {
  const counts = { read: 9, capped: 0, betweenItems: 5, toOutside: 2, outside: 1, leftOut: 0 };
  const text = (over: object) =>
    resultsText(aSummary(good, { dependencies: { ...counts, ...over } }), tallyOf(good));
  expect(text({})).toContain(
    "9 items read for what they use: 5 uses of listed items, 2 of 1 item or service elsewhere\n",
  );
  expect(text({})).not.toMatch(/not read to the end|left out/);
  expect(text({ capped: 1 })).toContain("1 item not read to the end: too large");
  expect(text({ leftOut: 1 })).toContain("1 use was left out: too many to keep");
});

test("resultsText() tells twenty notes of the organisation and counts the rest", () => {
  const organisationKept = {
    ...{ files: [], users: 1, roles: 1, groups: 1, folders: 1, problems: [] },
    notes: Array.from({ length: 22 }, (_, n) => `Group ${n}: may not be seen`),
  };
  const text = resultsText(aSummary(good, { organisationKept }), tallyOf(good));
  expect(text).toContain("- Group 19: may not be seen\n     ... and 2 more\n");
});

const anyText = fc.string({ unit: "binary", maxLength: 60 });

test("resultsText() and screenSummary() let nothing from outside steer the terminal or break a line", () => {
  fc.assert(
    fc.property(
      anyText,
      anyText,
      anyText,
      fc.integer({ min: 20, max: 120 }),
      (title, owner, text, columns) => {
        const failure = { reason: "portal-error", text, next: text, traceId: text } as const;
        const lines = [1, 2, 3, 4].map((n) =>
          aLine(n, "failed", { title, owner, type: owner }, { failure, notes: [text] }),
        );
        const summary = aSummary(lines, { verdict: "partial", organisation: title });
        const screen = screenSummary(summary, tallyOf(lines), undefined, columns);
        expect(screen.split("\n").length).toBeLessThanOrEqual(22);
        for (const line of `${screen}\n${resultsText(summary, tallyOf(lines))}`.split("\n")) {
          expect(line).not.toMatch(/[\p{Cc}\u{202A}-\u{202E}\u{2066}-\u{2069}\u{2028}\u{2029}]/u);
        }
        expect(Math.max(...screen.split("\n").map(widthOf))).toBeLessThanOrEqual(columns);
      },
    ),
    { numRuns: 100 },
  );
});

test("a differential backup says that it is one in Results, screen and mail, and counts what it left as it was", () => {
  const lines = [aLine(1, "saved"), aLine(2, "unchanged"), aLine(3, "unchanged")];
  const plain = aSummary(lines);
  const summary = { ...plain, run: { ...plain.run, changedWithinDays: 7 } };
  const sentence =
    "This backup holds only what changed since 6 May 2026 20:00 UTC: everything else is in earlier restore points.";
  const mail = mailOf(summary, tallyOf(lines));
  for (const text of [
    resultsText(summary, tallyOf(lines)),
    screenSummary(summary, tallyOf(lines)),
    mail.text,
  ]) {
    expect(text.replaceAll(/\s+/g, " ")).toContain(sentence);
    expect(text.replaceAll(/\s+/g, " ")).toContain("3 listed = 1 saved + 2 unchanged + 0 skipped + 0 failed");
  }
  expect(resultsText(plain, tallyOf(lines))).not.toContain("holds only what changed");
  const canceled = { ...aSummary(lines.slice(1), { verdict: "canceled" as const }), run: summary.run };
  expect(resultsText(canceled, tallyOf(lines.slice(1)))).toContain("nothing was saved.");
});

test("a quick listing is told as one, and what the search did not show makes the backup partial", () => {
  const lines = [aLine(1, "saved")];
  const unlisted = [{ username: "ArcGIS search", text: "It counts 9 items and showed 1 of them" }];
  const books = {
    ...{ search: "quick" as const, walked: 9, searchTotal: 9, searchListed: 1, differences: [] },
    ...{ unlisted, notes: ["The members' content counts 9 items, the search found 1"] },
  };
  const summary = aSummary(lines, { verdict: "partial", books });
  const text = resultsText(summary, tallyOf(lines));
  expect(text).toContain("ArcGIS search did not show every item.");
  expect(text).toContain("ArcGIS search: It counts 9 items and showed 1 of them");
  expect(text).toContain("Quick search: ArcGIS search counts 9 items, the members' content 9.");
  expect(text).not.toContain("NOT EXPLAINED");
  expect(mailOf(summary, tallyOf(lines)).subject).toContain("not every item found");
});
