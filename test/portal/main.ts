// node test/portal/main.ts --port N --scale F [--kind online|enterprise]
// [--seed default|small|strange|odd|ladder|tiles|types|trouble|huge]
// [--faults file.json]
// Prints one line of JSON when it is ready: {"url","username","pid"}. Ends on SIGTERM or SIGINT.
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import type { FaultScript } from "./faults.ts";
import { startPortal } from "./portal.ts";
import { SEEDS } from "./seed/seeds.ts";

const { values } = parseArgs({
  options: {
    port: { type: "string", default: "0" },
    scale: { type: "string", default: "60" },
    kind: { type: "string", default: "online" },
    seed: { type: "string", default: "default" },
    faults: { type: "string" },
  },
});
const seed = SEEDS[values.seed];
if (seed === undefined) {
  process.stderr.write(`Unknown seed "${values.seed}": use one of ${Object.keys(SEEDS).join(", ")}\n`);
  process.exit(2);
}
const { kind } = values;
if (kind !== "online" && kind !== "enterprise") {
  process.stderr.write(`Unknown kind "${kind}": use one of online, enterprise\n`);
  process.exit(2);
}
const scripted =
  values.faults === undefined ? [] : (JSON.parse(readFileSync(values.faults, "utf8")) as FaultScript);
const password = process.env["SAMPLE_PORTAL_PASSWORD"];
const portal = await startPortal({
  kind,
  port: Number(values.port),
  scale: Number(values.scale),
  seed: seed.seed,
  faults: [...seed.faults, ...scripted],
  ...(password === undefined ? {} : { password }),
});
process.stdout.write(`${JSON.stringify({ url: portal.url, username: portal.username, pid: process.pid })}\n`);
for (const signal of ["SIGTERM", "SIGINT"] as const) {
  process.once(signal, () => {
    void portal.stop().then(() => process.exit(0));
  });
}
