// FORMAT.md is what a stranger restores by: its examples must be read by the program's own readers.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { SKIP_CAUSES, STRATEGIES } from "../../src/core/item.ts";
import { parseItemLine } from "../../src/core/item-line.ts";
import type { Relation } from "../../src/core/relation-types.ts";
import { MANIFEST_VERSION, parseManifest } from "../../src/core/manifest.ts";

const doc = readFileSync(new URL("../../src/core/FORMAT.md", import.meta.url), "utf8").replaceAll(
  "\r\n",
  "\n",
);
const examples = [...doc.matchAll(/```json\n([\s\S]*?)```/g)].map(([, text]) => text ?? "");

/** Names of all fields at every depth. */
function fieldsOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(fieldsOf);
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [key, ...fieldsOf(inner)]);
}

test("FORMAT.md's manifest is one that parseManifest() reads, field for field", () => {
  const read = parseManifest(examples[0] ?? "");
  expect(read).toEqual({ ok: true, value: JSON.parse(examples[0] ?? "") as unknown });
});

test("FORMAT.md's item is one that parseItemLine() reads, field for field", () => {
  const read = parseItemLine(examples[1] ?? "", 1);
  expect(read).toEqual({ ok: true, value: JSON.parse(examples[1] ?? "") as unknown });
});

test("FORMAT.md explains every field of its examples, every strategy and the version", () => {
  const prose = doc.replaceAll(/```json\n[\s\S]*?```/g, "");
  const own = new Set([
    "id",
    "base",
    "kind",
    "startedAt",
    "finishedAt",
    "profile",
    "container",
    "folder",
    "portalUrl",
  ]);
  const ofPortal = new Set([
    "owner",
    "title",
    "type",
    "typeKeywords",
    "url",
    "access",
    "tags",
    "username",
    "onlyIn",
  ]);
  const told = new Set([
    ...fieldsOf(JSON.parse(examples[0] ?? "")),
    ...fieldsOf(JSON.parse(examples[1] ?? "")),
  ]);
  const silent = [...told].filter(
    (field) => !own.has(field) && !ofPortal.has(field) && !prose.includes(field),
  );
  expect(silent).toEqual([]);
  expect(STRATEGIES.filter((strategy) => !prose.includes(`\`${strategy}\``))).toEqual([]);
  expect(prose).toContain(`# The format of a backup, version ${String(MANIFEST_VERSION)}`);
});

test("FORMAT.md names only causes that exist", () => {
  const row = doc.split("\n").find((line) => line.startsWith("| `cause`")) ?? "";
  const named = [...row.matchAll(/`([a-z]+(?:-[a-z]+)+)`/g)].map(([, cause]) => cause ?? "");
  expect(named.length).toBeGreaterThan(0);
  expect(named.filter((cause) => !Object.hasOwn(SKIP_CAUSES, cause))).toEqual([]);
});

test("FORMAT.md names every entry of a bundle, and every field of what this program writes into one", () => {
  for (const entry of ["item.json", "data", "groups.json", "resources.json", "related.json", "service.json"])
    expect(doc).toContain(`| \`${entry}\``);
  const relation: Record<keyof Relation, string> = {
    relationshipType: "",
    direction: "",
    id: "",
    title: "",
    type: "",
    owner: "",
  };
  const told = doc.slice(doc.indexOf("- **`related.json`**"));
  expect(Object.keys(relation).filter((field) => !told.slice(0, 900).includes(`\`${field}\``))).toEqual([]);
});
