// What a run of 5,000 items costs in durable actions and history.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { costOf, costText } from "../../src/local/cli/cost.ts";
import { scaledClock } from "../../src/local/host/clock.ts";
import { type Host, startHost } from "../../src/local/host/host.ts";

const ID = "acme-20261124T020000Z";
let host: Host | undefined;
let stateFolder: string;

afterAll(async () => {
  await host?.stop();
  await rm(stateFolder, { recursive: true, force: true, maxRetries: 5 });
});

async function ended(url: string): Promise<{ runtimeStatus: string; output: unknown }> {
  for (;;) {
    const status = (await (await fetch(`${url}/api/status/${ID}`)).json()) as Awaited<
      ReturnType<typeof ended>
    >;
    if (!["Pending", "Running"].includes(status.runtimeStatus)) return status;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

test("5,000 items cost at most 1.2 durable actions each, an export 12, and no history passes 2,000 events", async () => {
  stateFolder = await mkdtemp(path.join(tmpdir(), "backup-cost-"));
  host = await startHost({
    appRoot: path.join(import.meta.dirname, "cost-app.ts"),
    stateFolder,
    port: 0,
    // A quarter of a minute between two looks at an export is not what is measured.
    clock: scaledClock(5000),
    log: () => undefined,
  });
  expect((await fetch(`${host.url}/api/start/${ID}`, { method: "POST" })).status).toBe(202);
  expect(await ended(host.url)).toEqual({ runtimeStatus: "Completed", output: { verdict: "succeeded" } });
  const cost = costOf(host.figures(ID), 0);
  console.log(costText(cost));
  expect(cost.perDirectItem).toBeLessThanOrEqual(1.2);
  expect(cost.perExport).toBeLessThanOrEqual(12);
  expect(cost.longestHistory).toBeLessThan(2000);
}, 60_000);
