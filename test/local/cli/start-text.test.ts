// What `npm start` shows, and that it tells each run once.
import { expect, test } from "vitest";
import { parseProfile, type Profile } from "../../../src/core/profile.ts";
import type { RunStatus } from "../../../src/core/run.ts";
import type { ProfileRuns } from "../../../src/local/cli/profile-states.ts";
import { scheduleLines, upText } from "../../../src/local/cli/start-text.ts";
import { watchRuns } from "../../../src/local/cli/watch-runs.ts";

const NOW = Date.UTC(2026, 4, 14, 1, 0);

function profile(name: string, schedule?: { cron: string; zone: string }): Profile {
  const auth = { kind: "password", username: "u", secret: "P" };
  const parsed = parseProfile({ name, portal: { url: "acme", auth }, ...(schedule && { schedule }) });
  if (!parsed.ok) throw new Error("The profile of the test is wrong");
  return parsed.profile;
}

test("scheduleLines() tells the next run in the zone it is meant in, the earliest first", () => {
  const lines = scheduleLines(
    [
      profile("by-hand"),
      profile("denver", { cron: "0 2 * * *", zone: "America/Denver" }),
      profile("zurich", { cron: "30 3 * * *", zone: "Europe/Zurich" }),
    ],
    NOW,
  );
  expect(lines).toEqual([
    "  zurich: next 2026-05-14 03:30 in Europe/Zurich (30 3 * * *)",
    "  denver: next 2026-05-14 02:00 in America/Denver (0 2 * * *)",
    "  by-hand: runs only when it is started",
  ]);
});

test("upText() says where the key lies and how to start a run, also without a profile", () => {
  const up = {
    url: "http://127.0.0.1:7071",
    keyFile: ".local/server/function-key",
    stateOption: "",
    now: NOW,
  };
  const shown = upText({ ...up, profiles: [profile("acme")] });
  for (const part of [up.url, up.keyFile, "x-functions-key", '{"profile": "acme"}'])
    expect(shown).toContain(part);
  expect(upText({ ...up, profiles: [] })).toContain("none yet");
});

function statusOf(id: string, verdict: RunStatus["verdict"]): RunStatus {
  return { id, profile: "acme", verdict } as RunStatus;
}

test("watchRuns() tells each start and end once: of runs that were open, that it saw, and that it missed", async () => {
  const told: string[] = [];
  let states: readonly ProfileRuns[] | undefined;
  const ended = new Set<string>();
  const look = watchRuns({
    states: () => Promise.resolve(states),
    status: (id) => Promise.resolve(statusOf(id, ended.has(id) ? "succeeded" : null)),
    started: ({ id }) => told.push(`started ${id}`),
    ended: ({ id }) => Promise.resolve(void told.push(`ended ${id}`)),
  });
  const at = async (openRun: string | null, lastRun: string | null) => {
    states = [{ profile: "acme", openRun, lastRun }];
    if (lastRun !== null) ended.add(lastRun);
    await look();
  };
  await look();
  await at("acme-1", "acme-0");
  await at("acme-1", "acme-0");
  await at(null, "acme-1");
  await at(null, "acme-2");
  await at("acme-3", "acme-2");
  await at("acme-4", "acme-3");
  expect(told).toEqual([
    "started acme-1",
    "ended acme-1",
    "started acme-2",
    "ended acme-2",
    "started acme-3",
    "ended acme-3",
    "started acme-4",
  ]);
});
