import { describe, expect, it } from "vitest";
import { frozenClock, realClock, scaledClock } from "../../../src/local/host/clock.ts";
import { clock, removeFolders, startFixture } from "./fixture-host.ts";

function reached(time: { at(atMs: number, wake: () => void): () => void }, atMs: number): Promise<void> {
  return new Promise((resolve) => {
    time.at(atMs, resolve);
  });
}

describe("frozenClock()", () => {
  it("wakes in the order of time, each at its moment, and not before", () => {
    const time = frozenClock(1000);
    const seen: string[] = [];
    const note = (name: string) => () => {
      seen.push(`${name}@${String(time.now())}`);
      if (name === "a") time.at(1150, note("set by a"));
    };
    time.at(1200, note("b"));
    time.at(1100, note("a"));
    const forget = time.at(1150, note("forgotten"));
    forget();
    time.at(1301, note("later"));
    time.advance(300);
    expect(seen).toEqual(["a@1100", "set by a@1150", "b@1200"]);
    expect(time.now()).toBe(1300);
  });

  it("wakes for a moment that is past without being advanced", async () => {
    await reached(frozenClock(1000), 999);
  });
});

describe("scaledClock()", () => {
  it("agrees with the machine at its origin and runs as many times faster", async () => {
    const originMs = Date.now() - 1000;
    const time = scaledClock(100, originMs);
    expect(Math.abs(time.now() - (originMs + 100_000))).toBeLessThan(20_000);
    const target = time.now() + 2000;
    await reached(time, target);
    expect(time.now()).toBeGreaterThanOrEqual(target);
  });

  it("refuses a factor that is not above 0", () => {
    expect(() => scaledClock(0)).toThrow("above 0");
    expect(() => scaledClock(Number.NaN)).toThrow("above 0");
  });
});

describe("realClock()", () => {
  it("is the machine's time, and forgets a wait of months without a trace", () => {
    const time = realClock();
    expect(Math.abs(time.now() - Date.now())).toBeLessThan(1000);
    const forget = time.at(time.now() + 100 * 24 * 3600 * 1000, () => {
      throw new Error("fired");
    });
    forget();
  });
});

it("earlyTimersMs: durable timers come early, as on Azure", async () => {
  const time = clock();
  const fixture = await startFixture({ clock: time, earlyTimersMs: 800 });
  await fixture.start("times", "early");
  await fixture.host.idle();
  time.advance(4200);
  await fixture.host.idle();
  const { output } = await fixture.status("early");
  const [first = 0, second = 0] = output as number[];
  expect(second - first).toBe(4200);
  await fixture.host.stop();
  await removeFolders();
});
