// The queries of the alerts: parsed and type-checked, and held against the lines that the app writes.
import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { eventLine, runEvent } from "../../src/core/telemetry.ts";
import { aSummary } from "../core/report-samples.ts";
import { analyze } from "./kql.ts";

const folder = path.resolve(import.meta.dirname, "..", "..", "infra", "queries");
const files = readdirSync(folder).filter((file) => file.endsWith(".kql"));
const textOf = (file: string) => readFileSync(path.join(folder, file), "utf8");

test.each(files)("%s is a query without problems that tells the profile", (file) => {
  const { problems, columns } = analyze(textOf(file));
  expect(problems).toEqual([]);
  // The alert names the profile by this column: its dimension has to be a string.
  expect(columns).toContain("profile: string");
});

test("the language service finds what is wrong in a query", () => {
  expect(analyze("AppTraces | where Mesage startswith 'x'").problems[0]).toContain("Mesage");
  expect(analyze("AppTraces | where TimeGenerated > Message").problems).not.toEqual([]);
});

test.each(files)(
  "%s reads only fields that the event of a run has, after the prefix that its line has",
  (file) => {
    const line = eventLine(runEvent(aSummary([])));
    const text = textOf(file);
    const prefix = /startswith "([^"]+)"/.exec(text)?.[1] ?? "";
    const skipped = Number(/substring\(Message, (\d+)\)/.exec(text)?.[1]);
    expect(prefix).not.toBe("");
    expect(line.startsWith(prefix)).toBe(true);
    const event = JSON.parse(line.slice(skipped)) as Record<string, unknown>;
    const read = [...text.matchAll(/\brun\.(\w+)/g)].map(([, field = ""]) => field);
    expect(read.filter((field) => !(field in event))).toEqual([]);
    expect(read).toContain("verdict");
  },
);
