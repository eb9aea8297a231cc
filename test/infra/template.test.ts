// The compiled template and what leads to it: the form of the portal and the parameters of azd.
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { BICEP_VERSION, ridOf } from "../../tools/bicep-compiler.ts";

const infra = path.resolve(import.meta.dirname, "..", "..", "infra");
const read = (file: string): unknown => JSON.parse(readFileSync(path.join(infra, file), "utf8"));

interface Template {
  readonly metadata: { readonly _generator: { readonly version: string } };
  readonly parameters: Readonly<
    Record<
      string,
      { type: string; defaultValue?: unknown; allowedValues?: unknown[]; metadata?: { description?: string } }
    >
  >;
  readonly outputs: Readonly<Record<string, { type: string; metadata?: { description?: string } }>>;
}
const template = read("azuredeploy.json") as Template;

interface Element {
  readonly name: string;
  readonly defaultValue?: string | number | boolean;
  readonly constraints?: {
    readonly regex?: string;
    readonly allowedValues?: { label: string; value: string }[];
  };
}
const form = (
  read("createUiDefinition.json") as {
    parameters: {
      basics: Element[];
      steps: { name: string; elements: Element[] }[];
      outputs: Record<string, string>;
    };
  }
).parameters;

describe("azuredeploy.json", () => {
  test("is compiled by the pinned compiler", () => {
    expect(template.metadata._generator.version.startsWith(`${BICEP_VERSION}.`)).toBe(true);
  });

  test("describes every parameter and output, and asks for three things only", () => {
    const undescribed = Object.entries({ ...template.parameters, ...template.outputs })
      .filter(([, { metadata }]) => (metadata?.description ?? "").length < 10)
      .map(([name]) => name);
    expect(undescribed).toEqual([]);
    const needed = Object.entries(template.parameters).filter(([, entry]) => !("defaultValue" in entry));
    expect(needed.map(([name]) => name)).toEqual(["portalUrl", "portalUsername", "alertEmails"]);
  });

  test("has no parameter for a secret: the vault gets them after the deployment", () => {
    const secure = Object.entries(template.parameters).filter(([, { type }]) => /^secure/i.test(type));
    expect(secure).toEqual([]);
  });

  test("gives backups no way out of safety by default", () => {
    const byDefault = (name: string) => template.parameters[name]?.defaultValue;
    expect(byDefault("alertsEnabled")).toBe(true);
    expect(byDefault("watchSecretExpiry")).toBe(true);
    expect(byDefault("allowRetention")).toBe(false);
    expect(byDefault("redundancy")).toBe("Standard_ZRS");
    expect(byDefault("softDeleteDays")).toBe(30);
  });
});

describe("createUiDefinition.json", () => {
  test("fills every parameter that has no default, and only parameters that exist", () => {
    const filled = Object.keys(form.outputs);
    const needed = Object.entries(template.parameters).filter(([, entry]) => !("defaultValue" in entry));
    expect(needed.map(([name]) => name).filter((name) => !filled.includes(name))).toEqual([]);
    expect(filled.filter((name) => !(name in template.parameters))).toEqual([]);
  });

  test("every output reads an element that is there, and every element is read", () => {
    const elements = [
      ...form.basics.map(({ name }) => `basics('${name}')`),
      ...form.steps.flatMap((step) => step.elements.map(({ name }) => `steps('${step.name}').${name}`)),
    ];
    const outputs = Object.values(form.outputs).filter((text) => text !== "[location()]");
    const readOnes = outputs.map((text) => /basics\('\w+'\)|steps\('\w+'\)\.\w+/.exec(text)?.[0]);
    expect([...readOnes].sort()).toEqual([...elements].sort());
  });

  test("offers only values that the template takes, and accepts its own defaults and placeholders", () => {
    const redundancy =
      form.steps[0]?.elements[0]?.constraints?.allowedValues?.map(({ value }) => value) ?? [];
    expect(redundancy).not.toEqual([]);
    expect(
      redundancy.filter((value) => !template.parameters["redundancy"]?.allowedValues?.includes(value)),
    ).toEqual([]);
    for (const { name, defaultValue, constraints } of form.basics) {
      const given =
        defaultValue ??
        { portalUrl: "https://acme.maps.arcgis.com", alertEmail: "a@acme.example" }[name] ??
        "acme";
      expect(String(given), name).toMatch(new RegExp(constraints?.regex ?? ""));
    }
  });
});

test("azd asks for parameters that azd.bicep has, and leaves none out that has no default", () => {
  const { parameters } = read("azd.parameters.json") as { parameters: Record<string, { value: string }> };
  const source = readFileSync(path.join(infra, "azd.bicep"), "utf8");
  const declared = [...source.matchAll(/^param (\w+) \w+( =)?/gm)].map(([, name = "", byDefault]) => ({
    name,
    byDefault,
  }));
  expect(Object.keys(parameters).filter((name) => !declared.some((one) => one.name === name))).toEqual([]);
  const needed = declared.filter(({ byDefault }) => byDefault === undefined).map(({ name }) => name);
  expect(needed).toContain("portalUrl");
  expect(needed.filter((name) => !(name in parameters))).toEqual([]);
});

test("ridOf() names the compiler's package of each platform", () => {
  expect(ridOf("linux", "x64", false)).toBe("linux-x64");
  expect(ridOf("linux", "arm64", true)).toBe("linux-musl-arm64");
  expect(ridOf("darwin", "arm64", false)).toBe("osx-arm64");
  expect(ridOf("win32", "x64", false)).toBe("win-x64");
});
