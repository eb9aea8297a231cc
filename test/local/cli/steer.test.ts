// How the command line begins a run, cancels it and shows its plan, against the app's answers.
import { expect, test } from "vitest";
import type { RunStatus } from "../../../src/core/run.ts";
import type { Answer, CallApp } from "../../../src/local/cli/app-calls.ts";
import { askToCancel, beginRun } from "../../../src/local/cli/steer.ts";
import { tellPlan } from "../../../src/local/cli/tell.ts";
import type { Screen } from "../../../src/local/cli/screen.ts";
import { azurite, openStore } from "../../azurite.ts";

const OPEN = "steered-20260514T020000Z";
const NEW = "steered-20260515T020000Z";

interface Fake {
  readonly call: CallApp;
  readonly asked: readonly string[];
  readonly screen: Screen;
  readonly shown: () => string;
}

/** An app that gives these answers, by method and path; anything else is 404. */
function app(answers: Readonly<Record<string, Answer | undefined>>, columns?: number): Fake {
  const asked: string[] = [];
  const lines: string[] = [];
  return {
    asked,
    call: async (method, path, body) => {
      asked.push(`${method} ${path}${body === undefined ? "" : ` ${JSON.stringify(body)}`}`);
      return answers[`${method} ${path}`] ?? { status: 404, text: "" };
    },
    screen: { line: (text) => lines.push(text), progress: () => undefined, columns },
    shown: () => lines.join("\n"),
  };
}

function status(more: Partial<RunStatus>): Answer {
  return { status: 200, text: JSON.stringify({ phase: "saving", verdict: null, ...more }) };
}

function conflict(detail: unknown, code = "run-in-progress"): Answer {
  return { status: 409, text: JSON.stringify({ error: { code, message: "Not now", details: [detail] } }) };
}

const ground = { profile: { name: "steered", text: "" }, storage: azurite() };
const started = { status: 202, text: JSON.stringify({ id: NEW }) };

test("beginRun() asks for a dry run as one, and tells what the last run came to when it was canceled", async () => {
  const work = openStore("work");
  await work.ready();
  await work.put("state/steered.json", JSON.stringify({ openRun: null, lastRun: OPEN }));
  const last = status({ id: OPEN, phase: "sealed", verdict: "canceled" });
  const fake = app({ "POST backups": started, [`GET backups/${OPEN}`]: last });
  expect(await beginRun(fake.call, ground, true, fake.screen)).toEqual({ ok: true, value: NEW });
  expect(fake.asked[0]).toContain('"dryRun":true');
  expect(fake.shown()).toContain(`${OPEN}, was canceled`);
  expect(fake.shown()).toContain("nothing will be saved");
});

test("beginRun() goes on with an open run and says when that was canceled before", async () => {
  const open = status({ id: OPEN, cancelRequested: true });
  for (const detail of [OPEN, { text: `GET /api/backups/${OPEN} tells how it stands`, runId: OPEN }]) {
    const fake = app({ "POST backups": conflict(detail), [`GET backups/${OPEN}`]: open });
    expect(await beginRun(fake.call, ground, false, fake.screen)).toEqual({ ok: true, value: OPEN });
    expect(fake.shown()).toMatch(/going on with it\.\nIt was canceled before/);
  }
});

test("beginRun() says when the profile is not free, and every mistake that the app found", async () => {
  const closing = app({
    "POST backups": conflict({ text: "It is being closed", runId: OPEN }, "run-closing"),
  });
  const refused = await beginRun(closing.call, ground, false, closing.screen);
  expect(refused).toMatchObject({ ok: false, failure: { reason: "transient" } });
  const details = [{ text: "lanes: too many" }, "name: too long"];
  const wrong = { status: 422, text: JSON.stringify({ error: { code: "bad-profile", details } }) };
  const bad = app({ "POST backups": wrong });
  const begun = await beginRun(bad.call, ground, false, bad.screen);
  expect(begun.ok ? "" : begun.failure.text).toMatch(/lanes: too many\n {2}name: too long/);
});

test("beginRun() makes no plan while a run is open that saves", async () => {
  const fake = app({ "POST backups": conflict(OPEN), [`GET backups/${OPEN}`]: status({ dryRun: false }) });
  const begun = await beginRun(fake.call, ground, true, fake.screen);
  expect(begun).toMatchObject({ ok: false, failure: { reason: "bad-input" } });
});

test("askToCancel() tells a run that is asked from one that cannot be, and tries again what may pass", async () => {
  const path = `POST backups/${OPEN}/cancel`;
  const accepted = app({ [path]: { status: 202, text: "" } });
  expect(await askToCancel(accepted.call, OPEN, accepted.screen)).toBe(true);
  expect(accepted.asked).toEqual([`${path} {"by":"command-line"}`]);
  const ended = app({ [path]: { status: 409, text: "" } });
  expect(await askToCancel(ended.call, OPEN, ended.screen)).toBe(true);
  const absent = app({});
  expect(await askToCancel(absent.call, OPEN, absent.screen)).toBe(false);
  expect(absent.asked).toHaveLength(1);
  expect(absent.shown()).toContain("goes on when it is started again");
  const broken = app({ [path]: { status: 502, text: "" } });
  expect(await askToCancel(broken.call, OPEN, broken.screen)).toBe(false);
  expect(broken.asked).toHaveLength(3);
});

test("tellPlan() cuts lines on a narrow terminal alone, and says how to see them whole", () => {
  const plan = `PLAN\n${"x".repeat(110)}`;
  const sealed = JSON.parse(status({ verdict: "succeeded" }).text) as RunStatus;
  const narrow = app({}, 80);
  tellPlan(sealed, plan, narrow.screen);
  expect(
    Math.max(
      ...narrow
        .shown()
        .split("\n")
        .map((line) => line.length),
    ),
  ).toBe(80);
  expect(narrow.shown()).toContain("cut at 80 columns");
  const file = app({});
  tellPlan(sealed, plan, file.screen);
  expect(file.shown()).toBe(`\n${plan}`);
});
