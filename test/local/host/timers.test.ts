import { afterAll, beforeAll, expect, it } from "vitest";
import type { FixtureHost } from "./fixture-host.ts";
import { clock, removeFolders, START_MS, startFixture, temporaryFolder } from "./fixture-host.ts";

interface Tick {
  readonly isPastDue: boolean;
  readonly scheduleStatus: { readonly last: string; readonly next: string } | null;
}

const MINUTE_MS = 60_000;
let stateFolder: string;

beforeAll(async () => {
  stateFolder = await temporaryFolder();
});
afterAll(removeFolders);

async function ticks(fixture: FixtureHost): Promise<Tick[]> {
  return (await (await fixture.call("GET", "/api/ticks")).json()) as Tick[];
}

it("a timer fires at its time, catches up once for what was missed, and then keeps to its schedule", async () => {
  const time = clock();
  const first = await startFixture({ clock: time, stateFolder });
  expect(await ticks(first)).toHaveLength(0);
  time.advance(Date.parse("2026-11-24T01:05:00Z") - START_MS - 1);
  expect(await ticks(first)).toHaveLength(0);
  time.advance(1);
  expect(await ticks(first)).toEqual([
    { schedule: { adjustForDST: true }, scheduleStatus: null, isPastDue: false },
  ]);
  time.advance(5 * MINUTE_MS);
  const [, second] = await ticks(first);
  expect(second).toMatchObject({
    isPastDue: false,
    scheduleStatus: { last: "2026-11-24T01:05:00.000Z", next: "2026-11-24T01:10:00.000Z" },
  });
  await first.host.stop();

  time.advance(17 * MINUTE_MS);
  const later = await startFixture({ clock: time, stateFolder });
  const caughtUp = (await ticks(later)).slice(2);
  expect(caughtUp).toHaveLength(1);
  expect(caughtUp[0]).toMatchObject({
    isPastDue: true,
    scheduleStatus: { last: "2026-11-24T01:10:00.000Z" },
  });
  time.advance(3 * MINUTE_MS);
  expect((await ticks(later)).slice(3)).toMatchObject([{ isPastDue: false }]);
  await later.host.stop();

  const again = await startFixture({ clock: time, stateFolder });
  expect(await ticks(again)).toHaveLength(4);
  await again.host.stop();
});

it("a host without timers fires one only when it is asked to", async () => {
  const time = clock();
  const fixture = await startFixture({ clock: time, timers: false });
  const before = (await ticks(fixture)).length;
  time.advance(60 * MINUTE_MS);
  expect(await ticks(fixture)).toHaveLength(before);
  const { masterKey } = fixture.host;
  const reply = await fixture.call("POST", "/admin/functions/tick", "{}", { "x-functions-key": masterKey });
  expect(reply.status).toBe(202);
  expect(await ticks(fixture)).toHaveLength(before + 1);
  await fixture.host.stop();
});
