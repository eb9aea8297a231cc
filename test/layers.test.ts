// Who may import whom (README "Code map"): the rule that keeps core pure and the app free of the local host.
import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";

const src = path.resolve(import.meta.dirname, "..", "src");

interface Rule {
  /** Folders or files of src that may be imported. */
  readonly own: readonly string[];
  /** The same, for `import type` alone. */
  readonly types?: readonly string[];
  /** Packages; `node:` stands for Node's own modules. */
  readonly packages: readonly string[];
}

const RULES: Readonly<Record<string, Rule>> = {
  core: { own: ["core"], packages: ["zod", "croner"] },
  clients: {
    own: ["core", "clients"],
    packages: [
      "node:",
      "@azure/storage-blob",
      "@azure/identity",
      "@azure/keyvault-secrets",
      "node-fetch",
      "jszip",
      "@sendgrid/mail",
    ],
  },
  activities: { own: ["core", "activities"], types: ["clients", "deps"], packages: [] },
  orchestrators: { own: ["core", "orchestrators"], types: ["activities"], packages: ["durable-functions"] },
  functions: {
    own: ["core", "activities", "orchestrators", "functions", "config", "deps"],
    packages: ["@azure/functions", "durable-functions", "zod"],
  },
  local: {
    own: ["core", "clients", "local", "config", "deps"],
    packages: ["node:", "zod", "read-excel-file/node"],
  },
  config: { own: ["core", "config"], packages: [] },
  deps: { own: ["core", "clients", "config", "version"], packages: [] },
  version: { own: [], packages: [] },
};

interface Import {
  readonly from: string;
  readonly to: string;
  readonly isType: boolean;
}

function sources(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => path.join(folder, file));
}

function roomOf(file: string): string {
  const [first = ""] = path.relative(src, file).split(path.sep);
  return first.replace(/\.ts$/, "");
}

function importsOf(file: string): readonly Import[] {
  const text = readFileSync(file, "utf8");
  const found = text.matchAll(/^(?:import|export)\s+(type\s)?(?:[^;'"]*?from\s+)?["']([^"']+)["']/gms);
  return [...found].map(([whole, type, to = ""]) => ({
    from: file,
    to,
    isType: type !== undefined || onlyTypes(whole),
  }));
}

/** `import { type A, type B } from` imports nothing at run time. */
function onlyTypes(statement: string): boolean {
  const names = /\{([^}]*)\}/s.exec(statement)?.[1];
  return (
    names !== undefined && names.split(",").every((name) => name.trim() === "" || /^\s*type\s/.test(name))
  );
}

function breaks({ from, to, isType }: Import): boolean {
  const rule = RULES[roomOf(from)];
  if (rule === undefined) return true;
  if (!to.startsWith(".")) {
    return !rule.packages.some((name) => to === name || (name.endsWith(":") && to.startsWith(name)));
  }
  const room = roomOf(path.resolve(path.dirname(from), to));
  return !(rule.own.includes(room) || (isType && (rule.types ?? []).includes(room)));
}

test("every import of src stays within the layers", () => {
  const broken = sources(src)
    .flatMap(importsOf)
    .filter(breaks)
    .map(({ from, to }) => `${path.relative(src, from)} imports ${to}`);
  expect(broken).toEqual([]);
});

test("the rule sees what it is to forbid", () => {
  const bad: Import = { from: path.join(src, "core", "plan.ts"), to: "../clients/bundle.ts", isType: false };
  expect(breaks(bad)).toBe(true);
  expect(breaks({ ...bad, to: "node:fs" })).toBe(true);
  expect(breaks({ from: path.join(src, "activities", "saveItem.ts"), to: "../deps.ts", isType: false })).toBe(
    true,
  );
  expect(
    breaks({ from: path.join(src, "functions", "main.ts"), to: "../local/host/host.ts", isType: false }),
  ).toBe(true);
});
