// The local host as a process of its own: `node src/local/host/main.ts --app DIR --state DIR [--port N] [--scale F]
// [--redeliver MODE] [--no-timers]`. Prints one JSON line when it is ready; everything else goes to stderr.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import type { Clock } from "./clock.ts";
import { realClock, scaledClock } from "./clock.ts";
import { REDELIVER } from "./durable/activity-pool.ts";
import { startHost } from "./host.ts";

/** A scaled clock counts from its first start, so that a restarted host's time does not jump back. */
function clockOf(stateFolder: string, factor: number): Clock {
  if (factor === 1) return realClock();
  mkdirSync(stateFolder, { recursive: true });
  const file = path.join(stateFolder, "clock-origin.txt");
  try {
    writeFileSync(file, String(Date.now()), { flag: "wx" });
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  }
  return scaledClock(factor, Number(readFileSync(file, "utf8")));
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      app: { type: "string" },
      state: { type: "string" },
      port: { type: "string", default: "0" },
      scale: { type: "string", default: "1" },
      redeliver: { type: "string", default: "never" },
      "no-timers": { type: "boolean", default: false },
    },
  });
  const redeliver = REDELIVER.find((one) => one === values.redeliver);
  if (values.app === undefined || values.state === undefined || redeliver === undefined) {
    throw new Error(`--app and --state are needed; --redeliver is one of ${REDELIVER.join(", ")}`);
  }
  const host = await startHost({
    appRoot: values.app,
    stateFolder: values.state,
    port: Number(values.port),
    clock: clockOf(values.state, Number(values.scale)),
    redeliver,
    timers: !values["no-timers"],
    log: (level, category, text) => {
      process.stderr.write(`${level} ${category}: ${text}\n`);
    },
  });
  const { url, functionKey, masterKey } = host;
  process.stdout.write(`${JSON.stringify({ url, functionKey, masterKey, pid: process.pid })}\n`);
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => {
      void host.stop().then(() => process.exit(0));
    });
  }
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
