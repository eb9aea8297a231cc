// The guide against what it describes: every reason, alert, resource and parameter, its links, its queries and its sums.
import { existsSync, readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { FAILURE_REASONS } from "../../src/core/result.ts";
import { analyze } from "./kql.ts";
import { SNAPSHOTS, all, snapshot } from "./snapshots.ts";

const root = path.resolve(import.meta.dirname, "..", "..");
const guide = path.join(root, "docs", "guide");
const pages = readdirSync(guide).filter((file) => file.endsWith(".md"));
const read = (page: string) => readFileSync(path.join(guide, page), "utf8");
const quoted = (page: string) =>
  new Set([...read(page).matchAll(/`([^`\n]+)`/g)].map(([, text = ""]) => text));

test("troubleshooting has a row for every reason of a failure", () => {
  const rows = [...read("troubleshooting.md").matchAll(/^\| `([a-z-]+)` +\|/gm)].map(
    ([, reason = ""]) => reason,
  );
  expect(Object.keys(FAILURE_REASONS).filter((reason) => !rows.includes(reason))).toEqual([]);
});

test("operating explains every alert that is deployed", () => {
  const of = snapshot("defaults");
  const names = [
    ...all(of, "Microsoft.Insights/scheduledQueryRules").map(({ name }) => name.replace("agsbackup-", "")),
    ...all(of, "Microsoft.EventGrid/systemTopics/eventSubscriptions").map(
      ({ name }) => name.split("/")[1] ?? "",
    ),
  ];
  expect(names).toHaveLength(4);
  expect(names.filter((name) => !quoted("operating.md").has(name))).toEqual([]);
});

test("cost lists every kind of resource of every way to deploy", () => {
  const types = new Set(SNAPSHOTS.flatMap(({ resources }) => resources.map(({ type }) => type)));
  expect([...types].filter((type) => !quoted("cost.md").has(type))).toEqual([]);
});

test("the sums of cost are the sums of their rows", () => {
  const tables = read("cost.md")
    .split(/\n(?:[^|\n].*)?\n/)
    .filter((block) => block.includes("**together**"));
  expect(tables).toHaveLength(4);
  for (const table of tables) {
    const amounts = [...table.split("**together**")[0]!.matchAll(/\$([\d.]+) \|$/gm)].map(([, sum]) =>
      Number(sum),
    );
    const together = /\*\*together\*\*.*\*\*\$([\d.]+)\*\*/.exec(table)?.[1];
    expect(amounts.reduce((sum, amount) => sum + amount, 0)).toBeCloseTo(Number(together), 2);
  }
});

test("every parameter that the guide names exists", () => {
  const { parameters } = JSON.parse(readFileSync(path.join(root, "infra", "azuredeploy.json"), "utf8")) as {
    parameters: object;
  };
  const rows = [...read("deploying.md").matchAll(/^\| ((?:`\w+`(?:, )?)+) +\|/gm)];
  const named = rows.flatMap(([, cell = ""]) => [...cell.matchAll(/\w+/g)].map(([name]) => name));
  expect(named.length).toBeGreaterThan(8);
  const given = pages.flatMap((page) =>
    [...read(page).matchAll(/`(\w+)=[^`]*`/g)].map(([, name = ""]) => name),
  );
  const asked = [
    ...read("deploying.md").matchAll(
      /\b(portalUrl|alertEmails|administratorId|scheduleZone|portalUsername)=/g,
    ),
  ];
  const names = [...named, ...given, ...asked.map(([, name = ""]) => name)];
  expect(names.filter((name) => !(name in parameters) && name !== "code")).toEqual([]);
});

test.each(pages)("%s links to pages that exist", (page) => {
  const links = [...read(page).matchAll(/\]\(([^)#]+)[^)]*\)/g)].map(([, link = ""]) => link);
  expect(links.filter((link) => !existsSync(path.join(guide, link)))).toEqual([]);
});

test("the queries of the guide have no problems", () => {
  const queries = pages.flatMap((page) =>
    [...read(page).matchAll(/```kusto\n([\s\S]*?)```/g)].map(([, query = ""]) => query),
  );
  expect(queries).toHaveLength(2);
  for (const query of queries) expect(analyze(query).problems).toEqual([]);
});
