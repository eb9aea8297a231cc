import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseProfile, parseProfileText, profileJsonSchema } from "../../src/core/profile.ts";
import { EXPECTED } from "../../src/core/profile-schema.ts";

const auth = { kind: "password", username: "gis_admin", secret: "PORTAL_PASSWORD" };
const least = { name: "nightly", portal: { url: "https://acme.maps.arcgis.com", auth } };

function problems(json: unknown) {
  const parsed = parseProfile(json);
  return parsed.ok ? [] : parsed.problems;
}

const paths = (json: unknown) => problems(json).map(({ path }) => path);

describe("parseProfile()", () => {
  test("fills in every default", () => {
    expect(parseProfile({ ...least, $schema: "profile.schema.json" })).toEqual({
      ok: true,
      profile: {
        ...least,
        exports: { timeoutMinutes: 120, hardLimitHours: 24, lanes: 3 },
        lanes: 4,
        layout: "owner-folder",
        search: "deep",
        views: "definition",
        emptyServices: true,
        serviceDefinitions: true,
        dependencies: false,
        tiles: { switchExportOn: false, most: 500_000 },
        folderPrefix: "nightly",
        destination: { container: "backups" },
      },
    });
  });

  test("keeps what a profile says, and is the same when it is read again", () => {
    const full = {
      ...least,
      organisation: "City of Acme",
      exports: { timeoutMinutes: 30, hardLimitHours: 2, lanes: 1 },
      lanes: 16,
      layout: "type",
      folderPrefix: "ACME_Online",
      destination: { container: "acme-backups", connectionSecret: "acme-storage" },
      schedule: { cron: "30 1 * * 1-5", zone: "America/Denver" },
      select: { owners: ["jdoe"], types: ["Web Map", "Dashboard"], groups: ["Water"] },
      exclude: { tags: ["draft"] },
      search: "quick",
      changedWithinDays: 7,
      views: "data",
      emptyServices: false,
      serviceDefinitions: false,
      dependencies: true,
      tiles: { switchExportOn: true, most: 1000 },
      mail: { to: ["gis@acme.org"], on: ["partial", "failed"] },
    };
    expect(parseProfile(full)).toEqual({ ok: true, profile: full });
  });

  test("names every problem at once, each with what is accepted", () => {
    const wrong = {
      name: "-Nightly",
      portal: { url: "https://user:hunter2@acme.org", auth: { ...auth, kind: "oauth", user: "x" } },
      exports: { lanes: 99, timeout: 5 },
      layout: "by owner",
      destination: { container: "a--b" },
      lanes: "4",
    };
    expect(paths(wrong).toSorted()).toEqual(
      [
        "destination.container",
        "exports.lanes",
        "exports.timeout",
        "lanes",
        "layout",
        "name",
        "portal.auth.kind",
        "portal.auth.user",
        "portal.url",
      ].toSorted(),
    );
    for (const { text, expected, found } of problems(wrong)) {
      expect(found).not.toBe("");
      expect(text).toContain(expected.replace(/^one of /, ""));
    }
  });

  test("asks whether another key is meant", () => {
    const textOf = (json: unknown) =>
      problems(json)
        .map(({ text }) => text)
        .join("\n");
    expect(textOf({ ...least, exports: { timeout: 5 } })).toContain("did you mean exports.timeoutMinutes?");
    expect(textOf({ ...least, Layout: "flat" })).toContain("did you mean layout?");
    expect(textOf({ ...least, container: "x" })).toContain("did you mean destination.container?");
    expect(textOf({ ...least, zzz: 1 })).not.toContain("did you mean");
  });

  test.each([
    ["name", ["a", "a-1", "x".repeat(40)], ["", "A", "a_b", "-a", "a-", "x".repeat(41), "a\n"]],
    ["folderPrefix", ["ACME_1-x"], ["", "a b", "../x", "a.b", "_a", "x".repeat(61)]],
    [
      "destination.container",
      ["abc", "a-b-1"],
      ["ab", "a--b", "-ab", "ab-", "Abc", "$logs", "work", "x".repeat(64)],
    ],
    [
      "portal.url",
      ["acme", "gis.acme.org/portal", "http://127.0.0.1:7000"],
      ["", "a b", "https://u:p@x.org", "https://x.org?token=abc"],
    ],
    [
      "portal.auth.secret",
      ["PW", "portal-password_1", `portal/${"0a".repeat(16)}`],
      ["", "portal/newest", "hunter 2", "p@ss", "1abc", "x".repeat(128)],
    ],
    ["portal.auth.username", ["jdoe", "Jane Doe", "jane@acme.org"], ["", " jdoe", "jdoe ", "x".repeat(129)]],
    ["exports.timeoutMinutes", [1, 1440], [0, 1441, 1.5, "120", null]],
    ["exports.hardLimitHours", [2, 72], [0, 73, -1]],
    [
      "destination.folder",
      ["D:\\Backups", "\\\\nas\\gis backups\\acme", "/srv/backups", "d:/x"],
      ["", "Backups", "D:", "\\\\nas", "/srv/../etc", "C:\\..", "x".repeat(121), "https://a.b/c"],
    ],
    ["organisation", ["City of Acme", "Zürich"], ["", "  ", "a\u0007b", "x".repeat(101)]],
  ])("knows what %s takes", (path, right, wrong) => {
    for (const value of right) expect(paths(withValue(path, value))).toEqual([]);
    for (const value of wrong) expect(paths(withValue(path, value))).toEqual([path]);
  });

  test("wants a hard limit that is not shorter than the timeout", () => {
    const exports = { timeoutMinutes: 121, hardLimitHours: 2, lanes: 99 };
    expect(paths({ ...least, exports })).toEqual(["exports.lanes", "exports.hardLimitHours"]);
  });

  test("takes a folder or a container", () => {
    const both = { folder: "/srv/backups", container: "backups", connectionSecret: "x" };
    expect(paths({ ...least, destination: both })).toEqual([
      "destination.container",
      "destination.connectionSecret",
    ]);
    const parsed = parseProfile({ ...least, destination: { folder: "/srv/backups" } });
    expect(parsed).toMatchObject({ profile: { destination: { folder: "/srv/backups" } } });
  });

  test("refuses a folder where the program has no disk for it, with everything else that is wrong", () => {
    const parsed = parseProfile({ ...least, lanes: 99, destination: { folder: "/srv/backups" } }, false);
    const problems = parsed.ok ? [] : parsed.problems;
    expect(problems.map(({ path }) => path)).toEqual(["lanes", "destination.folder"]);
    expect(problems[1]?.text).toContain("on Azure");
  });

  test("takes anything without throwing, and says of it that it is no profile", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (json) => {
        expect(problems(json).length).toBeGreaterThan(0);
      }),
    );
    expect(paths(JSON.parse('{"__proto__": {"name": "a"}}'))).toEqual(
      expect.arrayContaining(["name", "portal"]),
    );
  });

  test("echoes no secret, wherever it was pasted", () => {
    const secret = fc.stringMatching(/^[A-Za-z]{3}[0-9]{3}[!@#$ %^&*"\\-]{0,4}[A-Za-z0-9]{6,12}$/);
    const place = fc.constantFrom(
      ...Object.keys(EXPECTED).filter((path) => path !== "" && path !== "$schema"),
      "portal.auth.password",
      "portal.token",
      "destination.connectionString",
      "pasword",
    );
    fc.assert(
      fc.property(secret, place, (value, path) => {
        const parsed = parseProfile(withValue(path, value));
        const told = JSON.stringify(parsed.ok ? [] : parsed.problems);
        expect(told).not.toContain(JSON.stringify(value).slice(1, -1));
        expect(told).not.toContain(value.slice(0, 6));
      }),
    );
  });
});

describe("parseProfileText()", () => {
  test("reads text with the byte order mark that Windows editors write", () => {
    expect(parseProfileText(`\uFEFF${JSON.stringify(least)}`).ok).toBe(true);
  });

  test("tells line and column of what is no JSON, and nothing of the text", () => {
    const parsed = parseProfileText('{\n  "name": "a",\n  "secret": hunter2\n}');
    expect(parsed).toMatchObject({ ok: false, problems: [{ path: "", expected: "JSON" }] });
    expect(JSON.stringify(parsed)).toContain("line 3, column 13");
    expect(JSON.stringify(parsed)).not.toContain("hunter2");
  });
});

describe("profileJsonSchema()", () => {
  test("is what docs/profile.schema.json publishes", () => {
    const published: unknown = JSON.parse(
      readFileSync(new URL("../../docs/profile.schema.json", import.meta.url), "utf8"),
    );
    expect(published).toEqual(profileJsonSchema());
  });

  test("describes every field, and the problems know what each takes", () => {
    const fields = fieldsOf(profileJsonSchema());
    expect(fields.filter(({ description }) => description === undefined)).toEqual([]);
    expect(fields.map(({ path }) => path).toSorted()).toEqual(
      Object.keys(EXPECTED)
        .filter((path) => path !== "")
        .toSorted(),
    );
  });
});

function withValue(path: string, value: unknown): unknown {
  const copy: Record<string, unknown> = structuredClone(least);
  const keys = path.split(".");
  let at = copy;
  for (const key of keys.slice(0, -1)) at = (at[key] ??= {}) as Record<string, unknown>;
  at[keys.at(-1) ?? ""] = value;
  return copy;
}

interface Field {
  readonly path: string;
  readonly description: string | undefined;
}

function fieldsOf(schema: unknown, above = ""): readonly Field[] {
  const { properties = {} } = schema as { properties?: Record<string, { description?: string }> };
  return Object.entries(properties).flatMap(([key, field]) => {
    const path = above === "" ? key : `${above}.${key}`;
    return [{ path, description: field.description }, ...fieldsOf(field, path)];
  });
}
