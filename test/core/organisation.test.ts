import fc from "fast-check";
import { expect, test } from "vitest";
import {
  FIRST_STEP,
  markOf,
  nextPart,
  type OrganisationKept,
  ORGANISATION_PARTS,
  type OrganisationStep,
  toldFailure,
  withoutSecrets,
} from "../../src/core/organisation.ts";
import { resultsText } from "../../src/core/results.ts";
import { subjectOf } from "../../src/core/mail-subject.ts";
import { failed } from "../../src/core/result.ts";
import { hostileText } from "./arbitrary.ts";
import { aLine, aSummary, tallyOf } from "./report-samples.ts";

test("markOf() tells pages apart by a short mark of their first entry", () => {
  expect(markOf({ id: "a" })).toBe('{"id":"a"}');
  expect(markOf({ id: "a" })).not.toBe(markOf({ id: "b" }));
  expect(markOf({ text: "x".repeat(5000) })).toHaveLength(200);
  expect(markOf(undefined)).toBe("");
});

test("withoutSecrets() leaves out keys, tokens and passwords at every depth, and nothing else", () => {
  expect(
    withoutSecrets({
      urlKey: "acme",
      bingKey: "x",
      requiresToken: true,
      emptyToken: null,
      user: { username: "jdoe", token: "t", refresh_token: "t", privileges: ["portal:admin:viewUsers"] },
      list: [{ clientSecret: "s", clientId: "c", Password: "p", userCredentials: {} }],
      url: "https://h/x?a=1&token=abc&b=2#c",
      keys: ["k"],
      keyboard: 1,
    }),
  ).toEqual({
    urlKey: "acme",
    requiresToken: true,
    emptyToken: null,
    user: { username: "jdoe", privileges: ["portal:admin:viewUsers"] },
    list: [{ clientId: "c" }],
    url: "https://h/x?a=1&token=removed&b=2#c",
    keyboard: 1,
  });
});

test("withoutSecrets() keeps what holds no secret as it is, whatever it is called, and ends in what is deep", () => {
  const plain = fc.dictionary(
    hostileText.filter((key) => !/(?:key|token|secret|password|passphrase|credentials?)s?$/i.test(key)),
    fc.oneof(
      fc.integer(),
      fc.boolean(),
      hostileText.filter((text) => !text.includes("=")),
    ),
  );
  fc.assert(
    fc.property(plain, (value) => {
      const sent: unknown = JSON.parse(JSON.stringify({ a: [value] }));
      expect(withoutSecrets(sent)).toEqual(sent);
    }),
  );
  const deep: unknown = JSON.parse(`${"[".repeat(100_000)}1${"]".repeat(100_000)}`);
  expect(JSON.stringify(withoutSecrets(deep))).toBe(`${"[".repeat(60)}null${"]".repeat(60)}`);
});

test("nextPart() goes through every part once", () => {
  const seen: string[] = [];
  for (let at: OrganisationStep | null = FIRST_STEP; at !== null; at = nextPart(at)) seen.push(at.part);
  expect(seen).toEqual(ORGANISATION_PARTS);
});

test("toldFailure() calls serious what is neither refused nor missing from an old portal", () => {
  const serious = (part: Parameters<typeof toldFailure>[0], reason: Parameters<typeof failed>[0]) =>
    toldFailure(part, part, failed(reason, "text", "next").failure).serious;
  expect(serious("users", "no-access")).toBe(false);
  expect(serious("roles", "portal-error")).toBe(false);
  expect(serious("group categories", "not-found")).toBe(false);
  expect(serious("groups", "portal-error")).toBe(true);
  expect(serious("roles", "transient")).toBe(true);
});

test("the report and the mail's subject tell what of the organisation is not saved, and what is", () => {
  const lines = [aLine(1, "saved")];
  const kept: OrganisationKept = {
    files: [{ name: "organisation/users.json", sizeBytes: 2, hash: `sha256:${"0".repeat(64)}` }],
    users: 7,
    roles: 0,
    groups: 1,
    folders: 2,
    notes: ["roles: Cannot read the roles: no permission\u202E"],
    problems: ["groups: Cannot search the organisation's groups: 503"],
  };
  const dependencies = { read: 9, capped: 1, betweenItems: 12, toOutside: 3, outside: 2, leftOut: 0 };
  const summary = aSummary(lines, { verdict: "partial", organisationKept: kept, dependencies });
  const text = resultsText(summary, tallyOf(lines));
  expect(text).toContain("Members, groups and roles of the organisation are not saved in full.");
  expect(text).toMatch(/ORGANISATION NOT SAVED IN FULL \(1\)\n {5}- groups: Cannot search/);
  expect(text).toMatch(
    /ORGANISATION\n {5}7 members, 1 group, 0 roles, 2 folders\n {5}- roles: .*\\u\{202E\}/,
  );
  expect(text).toMatch(
    /DEPENDENCIES\n {5}9 items read for what they use: 12 uses of listed items, 3 of 2 items/,
  );
  expect(text).toContain("1 item not read to the end");
  expect(text).toMatch(/\n {5}dependencies\.\* /);
  expect(text).toMatch(/\n {5}organisation\/ /);
  expect(subjectOf(summary, tallyOf(lines), "UTC")).toContain("members and groups not saved in full");
});
