// The pages of docs/guide that follow from the code: what happens to each type of item, and every option of a profile. Run by
// `npm run guide`; a test holds the pages against this.
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { format } from "prettier";
import { ITEM_TYPES, type ItemType } from "../src/core/item-types.ts";
import { type ListedItem, SKIP_CAUSES, type Strategy } from "../src/core/item.ts";
import { RUNGS, ladderOf } from "../src/core/ladder.ts";
import { planItem } from "../src/core/plan.ts";
import { PROFILE_SCHEMA, EXPECTED } from "../src/core/profile-schema.ts";
import { profileJsonSchema } from "../src/core/profile.ts";
import { PLAN_EVERYTHING } from "./plan-everything.ts";

/** Type keywords that change what is done with an item of some type. */
const CONDITIONS: readonly (readonly [words: string, keywords: readonly string[]])[] = [
  ["hosted", ["Hosted Service"]],
  ["a view", ["Hosted Service", "View Service"]],
  ["a proxy", ["Hosted Service", "Service Proxy"]],
  ["hosted, drawing a feature layer", ["Hosted Service", "Relational"]],
  ["hosted, spatiotemporal", ["Hosted Service", "Spatiotemporal"]],
  ["hosted, tiled imagery", ["Hosted Service", "Tiled Imagery"]],
  ["a style only", ["Vector Tile Style Editor"]],
];

/** Markdown by file name below docs/guide. */
export async function guidePages(): Promise<ReadonlyMap<string, string>> {
  const pages = [
    ["item-types.md", itemTypesPage()],
    ["options.md", optionsPage()],
  ] as const;
  const formatted = pages.map(async ([name, text]) => {
    const page = await format(text, { parser: "markdown", printWidth: 110 });
    return [name, page] as const;
  });
  return new Map(await Promise.all(formatted));
}

function itemTypesPage(): string {
  const rows = ITEM_TYPES.toSorted((a, b) => (a.type < b.type ? -1 : 1)).map(
    (type) => `| ${type.type} | ${type.extension === "" ? "" : `.${type.extension}`} | ${happens(type)} |`,
  );
  const causes = Object.entries(SKIP_CAUSES).map(([cause, words]) => `| \`${cause}\` | ${words} |`);
  return [
    "# What happens to each type of item",
    "",
    "Generated from the program's own table (`npm run guide`). `npm run backup -- --profile FILE --dry-run` shows the same for",
    "every item of your organisation, with the reason.",
    "",
    "Of every item the JSON, `/data`, resources, thumbnail, metadata, groups and relationships are saved, of a skipped reference",
    "the JSON, `/data` and the definition of its service. A type that is not in the table is saved as far as the portal hands it",
    "out, and named in the report.",
    "",
    "## Types",
    "",
    "| type | file | what is done |",
    "| --- | --- | --- |",
    ...rows,
    "",
    "## The ladder of a hosted layer",
    "",
    "What one way does not give, the next one tries, for the layers that still lack something. The report names every layer that",
    "the first way did not give, and what the way that did loses.",
    "",
    ...ladderSection("export-fgdb", "Hosted feature layers", []),
    ...ladderSection("export-fgdb", "Location tracking services, whose geodatabase ArcGIS refuses", [
      "Location Tracking Service",
    ]),
    ...ladderSection("export-tiles", "Tile layers and tiled imagery", []),
    ...ladderSection("export-vector-tiles", "Vector tile layers", []),
    ...ladderSection("export-scene-package", "Scene layers", []),
    "## Causes of a skip",
    "",
    "Closed list; `Inventory` has the cause of each skipped item. A view, a copy and a layer whose package is an item are skipped",
    "only when that other item is itself saved or unchanged in the same run; else they are captured.",
    "",
    "| cause | meaning |",
    "| --- | --- |",
    ...causes,
    "",
  ].join("\n");
}

function ladderSection(strategy: Strategy, title: string, keywords: readonly string[]): readonly string[] {
  const rungs = ladderOf(strategy, keywords).map((rung, n) => `${n + 1}. ${RUNGS[rung]} (\`${rung}\`)`);
  return [`### ${title}`, "", ...rungs, ""];
}

/** What the planner says of an item of the type, and of the conditions under which it says something else. */
function happens(type: ItemType): string {
  const plain = whyOf(type, []);
  const others = CONDITIONS.map(([words, keywords]) => [words, whyOf(type, keywords)] as const);
  const seen = new Set([plain]);
  const distinct = others.filter(([, why]) => !seen.has(why) && seen.add(why));
  if (distinct.length === 0) return plain;
  return [plain, ...distinct.map(([words, why]) => `**${words}**: ${why}`)].join("<br>");
}

function whyOf({ type, extension }: ItemType, typeKeywords: readonly string[]): string {
  const isService = / Service$|^(?:WFS|WCS|WMS|WMTS|OGCFeatureServer|Server|Tool|Elevation Layer)$/.test(
    type,
  );
  const item: ListedItem = {
    ...SOME_ITEM,
    type,
    typeKeywords,
    name: extension === "" || extension === "json" ? null : `file.${extension}`,
    url: isService ? "https://services.example.com/arcgis/rest/services/some/Server" : null,
  };
  const { strategy, why } = planItem(item, PLAN_EVERYTHING);
  return `${why} (\`${strategy}\`)`;
}

const SOME_ITEM: ListedItem = {
  id: "0123456789abcdef0123456789abcdef",
  owner: "jdoe",
  folder: null,
  title: "Some item",
  type: "",
  typeKeywords: [],
  name: null,
  url: null,
  size: 1000,
  access: "org",
  tags: [],
  created: 0,
  modified: 0,
  found: "walk",
};

interface Field {
  readonly description?: string;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, Field>>;
}

function optionsPage(): string {
  const schema = profileJsonSchema() as Field & { readonly required?: readonly string[] };
  const rows = fieldsOf(schema).filter(({ name }) => name !== "$schema");
  const required = new Set(
    Object.entries(PROFILE_SCHEMA.shape).flatMap(([name, field]) =>
      field.safeParse(undefined).success ? [] : [name],
    ),
  );
  return [
    "# Every option of a profile",
    "",
    "Generated from the schema of a profile (`npm run guide`), which is published as",
    "[profile.schema.json](../profile.schema.json). A profile with mistakes is refused whole, and all of them are told at once.",
    "A profile that moves from the Windows utility: `npm run import -- parameters.xlsx` writes it from the sheet.",
    "",
    "| option | meaning | takes | left out |",
    "| --- | --- | --- | --- |",
    ...rows.map(({ name, field }) => {
      const [top = ""] = name.split(".");
      const isNeeded = required.has(top);
      return `| \`${name}\` | ${cell(field.description ?? "")} | ${cell(EXPECTED[name] ?? "")} | ${isNeeded ? "needed" : byDefault(field)} |`;
    }),
    "",
  ].join("\n");
}

function fieldsOf(schema: Field, above = ""): readonly { readonly name: string; readonly field: Field }[] {
  return Object.entries(schema.properties ?? {}).flatMap(([key, field]) => {
    const name = above === "" ? key : `${above}.${key}`;
    return [{ name, field }, ...fieldsOf(field, name)];
  });
}

function byDefault(field: Field): string {
  if (field.properties !== undefined || field.default === undefined) return "";
  return `\`${JSON.stringify(field.default)}\``;
}

/** A text that holds neither a column's end nor a line's. */
function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("\\\\", "\\\\\\\\").replaceAll(/\s+/g, " ");
}

if (import.meta.main) {
  const pages = await guidePages();
  const folder = path.resolve(import.meta.dirname, "..", "docs", "guide");
  for (const [name, text] of pages) await writeFile(path.join(folder, name), text);
  console.log(`Wrote ${pages.size} pages to ${path.relative(process.cwd(), folder)}`);
}
