import { expect, test } from "vitest";
import { equalRuns, type SealedRun } from "../../src/core/equal-runs.ts";
import type { Artifact } from "../../src/core/outcome.ts";
import type { ItemLine } from "../../src/core/run.ts";
import { aLine, aSummary, HASH, id } from "./report-samples.ts";

const OTHER = `sha256:${"cd".repeat(32)}`;

function sealed(...items: ItemLine[]): SealedRun {
  return { manifest: aSummary(items), items };
}

function artifact(kind: Artifact["kind"], over: Partial<Artifact> = {}): Artifact {
  return { kind, path: `p.${kind}`, sizeBytes: 5, hash: HASH, proof: "stored", ...over };
}

const saved = (...artifacts: Artifact[]): ItemLine => aLine(1, "saved", {}, { artifacts });

test("equalRuns() overlooks times, attempts, notes, order, and the bytes of exports", () => {
  const tables = [{ name: "Parcels", rows: 3 }];
  const a = sealed(saved(artifact("bundle"), artifact("export", { tables })), aLine(2, "skipped"));
  const b = sealed(
    aLine(2, "skipped", { found: "search", size: 7 }, { tookMs: 99 }),
    aLine(
      1,
      "saved",
      {},
      {
        artifacts: [
          artifact("export", { tables, hash: OTHER, sizeBytes: 6 }),
          artifact("bundle", { proof: "transit" }),
        ],
        sizeBytes: 11,
        tookMs: 1,
        notes: ["second attempt"],
      },
    ),
  );
  expect(equalRuns(a, b)).toEqual([]);
});

test.each<[string, ItemLine, ItemLine, string]>([
  [
    "content of a bundle",
    saved(artifact("bundle")),
    saved(artifact("bundle", { hash: OTHER })),
    `p.bundle hash: "${HASH}" against "${OTHER}"`,
  ],
  [
    "rows of an export",
    saved(artifact("export", { tables: [{ name: "P", rows: 3 }] })),
    saved(artifact("export", { tables: [{ name: "P", rows: 2 }] })),
    "P: 3 rows",
  ],
  ["a missing artifact", saved(artifact("bundle"), artifact("data")), saved(artifact("bundle")), "p.data"],
  ["a path", saved(artifact("data")), saved(artifact("data", { path: "q" })), "artifacts q: nothing against"],
  ["the outcome", aLine(1, "saved"), aLine(1, "failed"), 'state: "saved" against "failed"'],
  ["the strategy", aLine(1, "saved"), aLine(1, "saved", {}, { strategy: "download-file" }), "strategy"],
  ["the cause", aLine(1, "skipped"), aLine(1, "skipped", {}, { cause: "no-content" }), "cause"],
  [
    "a loss",
    aLine(1, "saved"),
    aLine(1, "saved", {}, { loss: [{ kind: "resource-missing", text: "a.png" }] }),
    "loss",
  ],
  [
    "tables that one run could not read",
    saved(artifact("export", { tables: [{ name: "P", rows: 3 }] })),
    saved(artifact("export")),
    'artifacts p.export tables: ["P: 3 rows"] against []',
  ],
  [
    "the run that an unchanged item lies in",
    aLine(1, "unchanged"),
    aLine(1, "unchanged", {}, { since: "nightly-20260501T020000Z" }),
    'since: "nightly-20260513T020000Z" against "nightly-20260501T020000Z"',
  ],
  ["the title", aLine(1, "saved"), aLine(1, "saved", { title: "Other" }), "item title"],
])("equalRuns() tells %s", (_criterion, a, b, named) => {
  expect(equalRuns(sealed(a), sealed(b)).join("\n")).toContain(named);
});

test("equalRuns() tells items that one run lacks or has twice", () => {
  const told = equalRuns(sealed(aLine(1, "saved"), aLine(1, "saved")), sealed(aLine(2, "saved"))).join("\n");
  expect(told).toContain(`${id(1)} "Item 1": only in the first run`);
  expect(told).toContain(`${id(2)} "Item 2": only in the second run`);
  expect(told).toContain("more than once in the first run");
});
