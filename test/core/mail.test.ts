// The mail as the administrator reads it, once for each kind of run, and what must hold whatever a portal sends.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { columns } from "../../src/core/columns.ts";
import { mailOf } from "../../src/core/mail.ts";
import type { ItemLine, RunSummary } from "../../src/core/run.ts";
import type { RunRef } from "../../src/core/standing.ts";
import type { Comparison, Streak } from "../../src/core/standing-comparison.ts";
import type { MissingItem, MissingLabel } from "../../src/core/standing-missing.ts";
import { resultsText } from "../../src/core/results.ts";
import { tellItem } from "../../src/core/told-item.ts";
import { hostileText } from "./arbitrary.ts";
import { aLine, aSummary, id, PORTAL, tallyOf } from "./report-samples.ts";

const schedule = { cron: "0 2 * * *", zone: "America/Denver" };
const NIGHT = Date.UTC(2026, 4, 14, 8, 0);
const times = {
  finishedAt: NIGHT + 134 * 60_000,
  run: { ...aSummary([]).run, openedAt: NIGHT, startedAt: NIGHT },
};

function night(day: number): RunRef {
  return { runId: `nightly-202605${String(day).padStart(2, "0")}T080000Z`, at: Date.UTC(2026, 4, day, 8) };
}

function compared(over: Partial<Comparison> = {}): Comparison {
  return {
    before: night(13),
    failing: {},
    newLosses: { shown: [], rest: 0 },
    knownLosses: {},
    failedRuns: null,
    lastBackup: night(13),
    missing: null,
    shrunk: null,
    mail: null,
    ...over,
  };
}

const streak = (runs: number, day: number, copy: number | null): Streak => ({
  runs,
  since: night(day),
  lastCopy: copy === null ? null : { ...night(copy), withLoss: false },
});

const saved = Array.from({ length: 9 }, (_, n) => aLine(n + 20, "saved"));
const parcels = aLine(
  2,
  "saved",
  { title: "Parcels", type: "Feature Service", owner: "gis_admin" },
  { sizeBytes: 48_200_000_000, tookMs: 52 * 60_000 },
);
const photos = aLine(
  6,
  "saved",
  { title: "Sign Photos", type: "Feature Service" },
  { loss: [{ kind: "attachments-missing", text: "Signs: 12 of 8204 attachments are not in the export" }] },
);
const story = aLine(
  7,
  "saved",
  { title: "Our Rivers", type: "StoryMap" },
  { loss: [{ kind: "resource-missing", text: 'Resource "a.png": Cannot read it: code 500' }] },
);
const hydrants = aLine(
  5,
  "failed",
  { title: "Hydrant Inspections", type: "Feature Service" },
  {
    failure: {
      reason: "export-failed",
      text: 'ArcGIS could not export "Hydrant Inspections": "Error exporting data to filegdb format."',
      next: "Open the item page, Export Data > FGDB. If that fails too, publish the layer again or call Esri.",
      traceId: "0af7651916cd43dd",
    },
  },
);
const survey = aLine(
  8,
  "failed",
  { title: "old_survey.zip", type: "File Geodatabase", owner: "msmith" },
  {
    failure: {
      reason: "wrong-content",
      text: 'ArcGIS sent a web page instead of the file of "old_survey.zip"',
      next: "Download it once from the item page",
    },
  },
);
const aerials = aLine(
  9,
  "failed",
  { title: "Aerials 2023", type: "Map Service", owner: "gis_admin" },
  {
    failure: {
      reason: "not-supported",
      text: "Tiles of hosted tile layers are not exported",
      next: "Keep the original .tpkx as an item",
    },
  },
);

const gone = (n: number, label: MissingLabel, title: string): MissingItem => ({
  id: id(n),
  title,
  type: "Web Map",
  owner: "jdoe",
  label,
});

const skipped = [aLine(30, "skipped"), aLine(31, "skipped", {}, { cause: "view-of-saved-layer" })];
const fine: readonly ItemLine[] = [...saved, parcels, ...skipped];
const bad: readonly ItemLine[] = [...fine, photos, story, hydrants, survey, aerials];
const notReached = {
  failure: { reason: "not-reached", text: "The run was canceled", next: "Start it again." },
} as const;
const half = [...saved, ...Array.from({ length: 30 }, (_, n) => aLine(n + 40, "failed", {}, notReached))];

const runs: Readonly<Record<string, readonly [RunSummary, readonly ItemLine[]]>> = {
  succeeded: [aSummary(fine, { ...times, compared: compared() }), fine],
  "known-loss": [
    aSummary([...fine, photos], { ...times, compared: compared({ knownLosses: { [id(6)]: night(2) } }) }),
    [...fine, photos],
  ],
  partial: [
    aSummary(bad, {
      ...times,
      verdict: "partial",
      portal: { ...PORTAL, seesAllItems: false },
      compared: compared({
        failing: {
          [id(5)]: streak(3, 12, 11),
          [id(8)]: streak(1, 14, 13),
          [id(9)]: streak(1, 14, null),
        },
        newLosses: { shown: [tellItem(story)], rest: 0 },
        knownLosses: { [id(6)]: night(2) },
        missing: {
          since: night(13),
          total: 9,
          items: [
            ...["Old Zoning", "Draft", "Test 1", "Test 2", "Test 3", "Copy of Draft"].map((title, n) =>
              gone(n + 60, "in recycle bin", title),
            ),
            gone(70, "deleted", "Aerials 2009"),
            gone(71, "not listed", "Sewer"),
            gone(72, "not visible", "Budget"),
          ],
        },
        mail: {
          since: night(12),
          last: night(13).runId,
          mails: 2,
          text: "Cannot send the mail: api.sendgrid.com refused the API key (401)",
          next: "Put a valid key",
        },
      }),
      books: {
        walked: bad.length,
        searchTotal: null,
        searchListed: 0,
        differences: [],
        unlisted: [{ username: "rlopez", text: "Cannot list the content: code 500" }],
        notes: [],
      },
      leftBehind: [
        {
          id: id(80),
          title: "TEMP_FOR_BACKUP_x",
          owner: "msmith",
          ours: false,
          text: "Made by another tool",
        },
      ],
    }),
    bad,
  ],
  failed: [
    aSummary([], {
      ...times,
      verdict: "failed",
      portal: null,
      books: null,
      organisation: "acme.maps.arcgis.com",
      failure: {
        reason: "sign-in-refused",
        text: 'https://acme.maps.arcgis.com refused to sign in "backup_svc": Invalid username or password.',
        next: "Check the user name in the profile and the password it names, then start the backup again.",
      },
      compared: compared({ failedRuns: { since: night(12), runs: 2 }, lastBackup: night(11) }),
    }),
    [],
  ],
  canceled: [aSummary(half, { ...times, verdict: "canceled", compared: compared() }), half],
  shrunk: [
    aSummary(fine, {
      ...times,
      compared: compared({
        shrunk: { listed: fine.length, usual: { run: night(10), listed: 412 } },
        failedRuns: { since: night(13), runs: 1 },
        missing: { since: night(11), total: 400, items: [gone(60, "not visible", "Parks")] },
      }),
    }),
    fine,
  ],
  first: [
    aSummary(bad, {
      verdict: "partial",
      compared: compared({
        before: null,
        lastBackup: null,
        newLosses: { shown: [photos, story].map(tellItem), rest: 0 },
      }),
    }),
    bad,
  ],
};

describe.each(Object.entries(runs))("the mail of a run: %s", (name, [summary, lines]) => {
  const options = name === "first" ? {} : { schedule };
  const { subject, text } = mailOf(summary, tallyOf(lines), options);

  test("mailOf() reads as the golden file", async () => {
    await expect(`Subject: ${subject}\n\n${text}`).toMatchFileSnapshot(`golden/mail-${name}.txt`);
  });

  test("mailOf() stays in its columns, addresses apart", () => {
    const wide = text.split("\n").filter((line) => columns(line) > 78 && !line.includes("https://"));
    expect(wide).toEqual([]);
    expect(columns(subject)).toBeLessThanOrEqual(120);
  });
});

test("Results.txt tells streaks, last copies, new and known losses and what is missing", async () => {
  const [summary, lines] = runs["partial"] ?? [aSummary([]), []];
  await expect(resultsText(summary, tallyOf(lines))).toMatchFileSnapshot("golden/results-standing.txt");
});

test("mailOf() names 25 failures and counts the rest by reason, in a bounded text", () => {
  const failure = { reason: "portal-error", text: "漢".repeat(5000), next: "x ".repeat(5000) } as const;
  const lines = Array.from({ length: 5000 }, (_, n) =>
    aLine(n, "failed", { title: "T".repeat(500) }, { failure }),
  );
  const losses = Array.from({ length: 5000 }, (_, n) =>
    aLine(
      n + 5000,
      "saved",
      {},
      { loss: Array(20).fill({ kind: "resource-missing", text: "漢".repeat(5000) }) },
    ),
  );
  const all = [...lines, ...losses];
  const { text } = mailOf(aSummary(all, { verdict: "partial" }), tallyOf(all));
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(100_000);
  expect(text).toContain("... and 4,975 more: see Results.txt and Inventory.csv.");
  expect(text.replaceAll(/\s+/g, " ")).toContain(
    "All 5,000 by reason: The portal answered with an error: 5,000.",
  );
  expect(text.match(/^ ?\d+\. /gm)).toHaveLength(25);
});

/** The mail's text without its line breaks. */
function textOf(lines: readonly ItemLine[], over: Partial<RunSummary>): string {
  return mailOf(aSummary(lines, over), tallyOf(lines), { schedule }).text.replaceAll(/\s+/g, " ");
}

function subjectOf(lines: readonly ItemLine[], over: Partial<RunSummary>): string {
  return mailOf(aSummary(lines, over), tallyOf(lines), { schedule }).subject;
}

const signInFailed = { reason: "sign-in-refused", text: "Refused", next: "Correct it" } as const;

test.each<[string, readonly ItemLine[], Partial<RunSummary>]>([
  ["nothing was listed", [], { verdict: "canceled" }],
  ["NO ITEM FOUND", [], {}],
  ["all 2 items skipped", skipped, {}],
  ["this backup is not complete (", fine, { verdict: "failed", failure: signInFailed }],
  ["nothing was backed up (", [], { verdict: "failed", failure: signInFailed, compared: compared() }],
  [
    "nothing was backed up, 3rd run in a row (",
    [],
    {
      verdict: "failed",
      failure: signInFailed,
      compared: compared({ failedRuns: { since: night(12), runs: 2 } }),
    },
  ],
  ["1 of 1 items not backed up", [hydrants], { verdict: "partial", books: null }],
])("the subject of a mail says: %s", (words, lines, over) => {
  expect(subjectOf(lines, over)).toContain(words);
});

test("mailOf() names no page of an item where no portal was reached", () => {
  const lines = [hydrants];
  expect(textOf(lines, { verdict: "partial" })).toContain(`/home/item.html?id=${id(5)}`);
  expect(textOf(lines, { verdict: "partial", portal: null })).not.toContain("item.html");
});

test("mailOf() names up to five items that were not reached and counts the rest", () => {
  const lines = (count: number) =>
    Array.from({ length: count }, (_, n) => aLine(n, "failed", {}, notReached));
  expect(textOf(lines(2), { verdict: "canceled" })).toMatch(
    /NOT REACHED \(2\) .* Item 0 \(Web Map, jdoe\), Item 1 \(Web Map, jdoe\) [A-Z]/,
  );
  expect(textOf(lines(7), { verdict: "canceled" })).toContain("Item 4 (Web Map, jdoe) and 2 more");
});

test.each([
  [1, "1 tile layer waits for an option"],
  [3, "3 tile layers wait for an option"],
])("mailOf() and Results.txt tell %d tile layers that wait for an option", (count, words) => {
  const failure = { reason: "export-switched-off", text: "Cannot export", next: "Allow it" } as const;
  const lines = Array.from({ length: count }, (_, n) => aLine(n, "failed", {}, { failure }));
  expect(textOf(lines, { verdict: "partial" })).toContain(words);
  expect(resultsText(aSummary(lines), tallyOf(lines))).toContain(words);
});

test.each([
  [1, "Item 0 (Web Map, jdoe): see Results.txt"],
  [7, "Item 4 (Web Map, jdoe) and 2 more: see Results.txt"],
])("mailOf() names layers that were saved by another way than the first: %d", (count, words) => {
  const lines = Array.from({ length: count }, (_, n) => aLine(n, "saved", {}, { rung: "rows" }));
  expect(textOf(lines, {})).toContain("Saved by another way than the first: ");
  expect(textOf(lines, {})).toContain(words);
});

test("mailOf() names five members that could not be listed and counts the rest", () => {
  const unlisted = Array.from({ length: 7 }, (_, n) => ({ username: `user${n}`, text: "code 500" }));
  const books = { ...(aSummary([]).books ?? never()), unlisted };
  const text = textOf(fine, { verdict: "partial", books });
  expect(text).toContain("Not listed in full: user4: code 500");
  expect(text).not.toContain("user5");
  expect(text).toContain("Not listed in full: 2 more members, see Results.txt");
});

test.each([
  [1, "The run before this one failed, since 12 May 2026"],
  [3, "The 3 runs before this one failed, since 12 May 2026"],
])("mailOf() of a good run tells that %d before it failed", (runsBefore, words) => {
  const failedRuns = { since: night(12), runs: runsBefore };
  expect(textOf(fine, { compared: compared({ failedRuns }) })).toContain(words);
});

test("mailOf() tells what of ours lies in ArcGIS still, and what was removed", () => {
  const left = (n: number, ours: boolean) => ({
    id: id(n),
    title: "TEMP",
    owner: "jdoe",
    ours,
    text: "Refused",
  });
  const leftBehind = [left(1, true), left(2, true), left(3, false)];
  expect(textOf(fine, { leftBehind, sweptExports: 1 })).toContain(
    "2 temporary exports of this product still lie in ArcGIS; 1 temporary item of other products, not touched: " +
      "see Results.txt; 1 old one of this product removed",
  );
  expect(textOf(fine, { leftBehind, sweptExports: 0 })).toContain(
    "2 temporary exports could not be removed from ArcGIS.",
  );
  expect(textOf(fine, { sweptExports: 4 })).toContain(
    "nothing in ArcGIS; 4 old ones of this product removed",
  );
});

test("mailOf() counts items that are there and were not listed", () => {
  const missing = (count: number) => ({
    since: night(13),
    total: count,
    items: Array.from({ length: count }, (_, n) => gone(n, "not listed", "Sewer")),
  });
  const text = (count: number) =>
    textOf(fine, { verdict: "partial", compared: compared({ missing: missing(count) }) });
  expect(text(1)).toContain("1 item is not in this backup, as ArcGIS did not list it.");
  expect(text(2)).toContain("2 items are not in this backup, as ArcGIS did not list them.");
});

test("mailOf() of a partial run without any trouble that has words sends the reader on", () => {
  expect(textOf(saved, { verdict: "partial" })).toContain("Not everything went as it should: see below.");
});

test("mailOf() leaves out the next run where no schedule is, and names the place of the report", () => {
  const { text } = mailOf(aSummary(fine), tallyOf(fine), {
    instead: { container: "work", folder: "runs/nightly-20260514T020000Z" },
  });
  expect(text).not.toContain("NEXT RUN");
  expect(text).toContain("WHERE       work/runs/nightly-20260514T020000Z\n");
});

test("mailOf() lets nothing from outside break the subject or a line, and tells the run's own numbers", () => {
  const count = fc.integer({ min: 0, max: 4 });
  fc.assert(
    fc.property(
      hostileText,
      hostileText,
      hostileText,
      count,
      count,
      (title, owner, text, failures, losses) => {
        const failure = { reason: "portal-error", text, next: text, traceId: text } as const;
        const lines = [
          ...Array.from({ length: failures }, (_, n) =>
            aLine(n, "failed", { title, owner, type: owner }, { failure }),
          ),
          ...Array.from({ length: losses }, (_, n) =>
            aLine(
              n + 10,
              "saved",
              { title, type: title },
              { unknownType: true, loss: [{ kind: "resource-missing", text }] },
            ),
          ),
        ];
        const summary = aSummary(lines, {
          verdict: "partial",
          organisation: title,
          portal: { ...PORTAL, username: owner, seesAllItems: false },
          compared: compared({
            failing: Object.fromEntries(lines.map(({ item }) => [item.id, streak(2, 12, 11)])),
            newLosses: { shown: lines.slice(failures).map(tellItem), rest: 0 },
            missing: { since: night(1), total: 300, items: [gone(1, "deleted", title)] },
            mail: { since: night(1), last: "", mails: 1, text, next: text },
          }),
          books: {
            ...(aSummary([]).books ?? never()),
            unlisted: [{ username: owner, text }],
            searchTotal: null,
          },
        });
        const mail = mailOf(summary, tallyOf(lines), { schedule });
        expect(mail.subject).not.toMatch(/[\p{Cc}\u{202A}-\u{202E}\u{2066}-\u{2069}\u{2028}\u{2029}]/u);
        expect(mail.subject.isWellFormed() && mail.text.isWellFormed()).toBe(true);
        expect(columns(mail.subject)).toBeLessThanOrEqual(120);
        expect(mail.subject.length).toBeLessThanOrEqual(200);
        expect(mail.subject).toMatch(/^PARTIAL - .* \(nightly, 13 May 2026\)$/);
        for (const line of mail.text.split("\n")) {
          expect(line).not.toMatch(/[\p{Cc}\u{202A}-\u{202E}\u{2066}-\u{2069}\u{2028}\u{2029}]/u);
        }
        const { listed, saved: kept, failed } = summary.counts;
        const sum = `${String(listed)} listed = ${String(kept)} saved + 0 unchanged + 0 skipped + ${String(failed)} failed`;
        if (listed > 0) expect(mail.text).toContain(sum);
        expect(mail.text.includes(`FAILED (${String(failed)})`)).toBe(failed > 0);
        if (failed > 0)
          expect(mail.subject).toContain(`${String(failed)} of ${String(listed)} items not backed up`);
        if (losses > 0)
          expect(mail.subject).toContain(losses === 1 ? "1 new loss" : `${String(losses)} new losses`);
      },
    ),
    { numRuns: 150 },
  );
});

function never(): never {
  throw new Error("The sample has books");
}
