import { describe, expect, test } from "vitest";
import { destinationCheck, privilegeCheck, scheduleCheck } from "../../src/core/profile-check.ts";

const ALL = [
  "portal:admin:viewUsers",
  "portal:admin:viewItems",
  "portal:user:createItem",
  "portal:admin:updateItems",
  "portal:admin:deleteItems",
];

describe("privilegeCheck()", () => {
  test("is content with the privileges of an administrator, whatever the role is called", () => {
    expect(privilegeCheck("jdoe", [...ALL, "portal:user:joinGroup"]).state).toBe("ok");
  });

  test.each(ALL)("names %s and what is lost without it", (missing) => {
    const check = privilegeCheck(
      "jdoe",
      ALL.filter((privilege) => privilege !== missing),
    );
    expect(check.state).toBe("warning");
    expect(check.text).toMatch(new RegExp(`lacks ${missing} \\(.{20,}\\)$`));
  });
});

test("scheduleCheck() tells the next run, in UTC and as it is meant", () => {
  const now = Date.parse("2026-11-24T12:00:00Z");
  expect(scheduleCheck({ cron: "0 2 * * *", zone: "America/Denver" }, now)).toEqual({
    ...{ check: "schedule", state: "ok" },
    text: "Next run 2026-11-25T09:00:00.000Z (0 2 * * * in America/Denver)",
  });
  expect(scheduleCheck(undefined, now).state).toBe("ok");
  expect(scheduleCheck({ cron: "0 2 30 2 *", zone: "UTC" }, now)).toEqual({
    ...{ check: "schedule", state: "failed", text: "Next run never (0 2 30 2 * in UTC)" },
    next: "Correct schedule.cron in the profile",
  });
});

test("destinationCheck() tells a destination that hands nothing out from one that does", () => {
  expect([destinationCheck("backups", true).state, destinationCheck("backups", false).state]).toEqual([
    "ok",
    "warning",
  ]);
});
