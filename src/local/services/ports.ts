// Loopback ports for child processes: chosen once and kept, so below the range that the system hands out to others.
import { createServer } from "node:net";
import { randomInt } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";

const LOWEST = 20_000;
const HIGHEST = 32_000;
const TRIES = 200;
const LOOKS = 40;
const LOOK_EVERY_MS = 50;

/** Whether a server could listen on this port of 127.0.0.1 now. */
export function portIsFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen({ host: "127.0.0.1", port, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/** Whether the port is free, or is within two seconds: a process that has just been killed may still hold it. */
export async function portBecomesFree(port: number): Promise<boolean> {
  for (let looks = 0; looks < LOOKS; looks++) {
    if (await portIsFree(port)) return true;
    await wait(LOOK_EVERY_MS);
  }
  return false;
}

/** A free port between 20,000 and 32,000 that is not in `taken`. Throws when 200 random ones are all in use. */
export async function choosePort(taken: readonly number[] = []): Promise<number> {
  for (let tries = 0; tries < TRIES; tries++) {
    const port = randomInt(LOWEST, HIGHEST);
    if (!taken.includes(port) && (await portIsFree(port))) return port;
  }
  throw new Error(`Cannot find a free port between ${LOWEST} and ${HIGHEST}: ${TRIES} were tried`);
}
