import { describe, expect, it } from "vitest";
import { dueOccurrence } from "../../src/core/due.ts";
import { nextRuns } from "../../src/core/next-runs.ts";
import { parseProfile } from "../../src/core/profile.ts";

const NIGHTLY = { cron: "0 2 * * *", zone: "Europe/Berlin" };
const at = (text: string): number => Date.parse(`2026-11-${text}:00Z`);

describe("dueOccurrence()", () => {
  const ask = (since: string, last: string | undefined, now: string, schedule = NIGHTLY) =>
    dueOccurrence({
      schedule,
      since: at(since),
      lastOccurrence: last === undefined ? undefined : at(last),
      now: at(now),
    });

  it("runs nothing that was before the profile", () => {
    expect(ask("10T01:00", undefined, "11T00:59")).toBeUndefined();
    expect(ask("10T12:00", undefined, "10T12:05")).toBeUndefined();
    expect(ask("10T12:00", undefined, "11T01:00")?.at).toBe(at("11T01:00"));
  });

  it("runs each occurrence once, from its very second on", () => {
    expect(ask("01T00:00", "10T01:00", "11T00:59")).toBeUndefined();
    expect(ask("01T00:00", "10T01:00", "11T01:00")).toEqual({
      at: at("11T01:00"),
      missed: 0,
      text: "the occurrence of 2026-11-11T01:00:00.000Z is due",
    });
    expect(ask("01T00:00", "11T01:00", "11T01:00")).toBeUndefined();
  });

  it("catches up the latest of those that were missed, and says how many were before it", () => {
    expect(ask("01T00:00", "10T01:00", "12T20:00")).toMatchObject({
      at: at("12T01:00"),
      missed: 1,
      text: expect.stringContaining("caught up: the one before it was missed") as string,
    });
    expect(ask("01T00:00", "10T01:00", "14T20:00")).toMatchObject({
      at: at("14T01:00"),
      text: expect.stringContaining("the 3 occurrences before it were missed") as string,
    });
    const often = ask("01T00:00", undefined, "29T00:00", { cron: "* * * * *", zone: "UTC" });
    expect(often).toMatchObject({ at: at("29T00:00"), missed: 100 });
    expect(often?.text).toContain("the 100 occurrences or more before it");
  });

  it("counts a changed schedule from the change, whatever ran before", () => {
    expect(ask("10T12:00", "09T01:00", "10T20:00")).toBeUndefined();
    expect(ask("10T12:00", "09T01:00", "11T01:00")).toMatchObject({ at: at("11T01:00"), missed: 0 });
  });
});

describe("nextRuns()", () => {
  it("tells the profiles with a schedule, the earliest first, in their own time and in UTC", () => {
    const profile = (name: string, schedule?: object) => {
      const auth = { kind: "password", username: "a", secret: "S" };
      const parsed = parseProfile({ name, portal: { url: "acme", auth }, ...(schedule && { schedule }) });
      if (!parsed.ok) throw new Error(parsed.problems[0]?.text);
      return parsed.profile;
    };
    const profiles = [
      profile("denver", { cron: "0 2 * * *", zone: "America/Denver" }),
      profile("by-hand"),
      profile("berlin", NIGHTLY),
    ];
    expect(nextRuns(profiles, at("24T12:00")).map(({ profile, text }) => [profile, text])).toEqual([
      ["berlin", "berlin: Wed 25 Nov 2026, 02:00 in Europe/Berlin (2026-11-25T01:00:00.000Z)"],
      ["denver", "denver: Wed 25 Nov 2026, 02:00 in America/Denver (2026-11-25T09:00:00.000Z)"],
    ]);
    const together = ["b", "a", "c"].map((name) => profile(name, NIGHTLY));
    expect(nextRuns(together, at("24T12:00")).map((run) => run.profile)).toEqual(["a", "b", "c"]);
  });
});
