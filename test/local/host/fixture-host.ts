// Starts the fixture app on a local host with a state folder of its own, and speaks to it over HTTP as a caller would.
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import type { Clock, FrozenClock } from "../../../src/local/host/clock.ts";
import { frozenClock } from "../../../src/local/host/clock.ts";
import type { Host, HostOptions } from "../../../src/local/host/host.ts";
import { startHost } from "../../../src/local/host/host.ts";

export interface Status {
  readonly runtimeStatus: string;
  readonly input: unknown;
  readonly output: unknown;
  readonly customStatus: unknown;
  readonly createdTime: string;
}

export interface Trigger {
  readonly history: readonly { readonly EventType: number; readonly [field: string]: unknown }[];
  readonly isReplaying: boolean;
  readonly input: unknown;
  readonly parentInstanceId: string | null;
}

export interface FixtureHost {
  readonly host: Host;
  readonly logs: string[];
  call(method: string, path: string, body?: string, headers?: Record<string, string>): Promise<Response>;
  start(name: string, id: string, input?: unknown): Promise<{ id?: string; refused?: string }>;
  status(id: string): Promise<Status>;
  /** What the orchestrator was given, replay by replay, and what its activities received. */
  seen(id: string): Promise<{ replays: Trigger[]; activities: { name: string; input?: unknown }[] }>;
}

export const START_MS = Date.parse("2026-11-24T01:02:03.004Z");
const app = path.join(import.meta.dirname, "apps", "app.ts");

const folders: string[] = [];

/** A folder that `removeFolders` takes away again. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(os.tmpdir(), "local-host-"));
  folders.push(folder);
  return folder;
}

export async function removeFolders(): Promise<void> {
  const removing = folders
    .splice(0)
    .map((folder) => rm(folder, { recursive: true, force: true, maxRetries: 3 }));
  await Promise.all(removing);
}

export function clock(): FrozenClock {
  return frozenClock(START_MS);
}

export async function startFixture(
  given: Partial<HostOptions> & { readonly clock: Clock },
): Promise<FixtureHost> {
  const logs: string[] = [];
  const stateFolder = given.stateFolder ?? (await temporaryFolder());
  const log = (level: string, category: string, text: string): void => {
    logs.push(`${level} ${category}: ${text}`);
  };
  const host = await startHost({ appRoot: app, stateFolder, port: 0, log, ...given });
  const call: FixtureHost["call"] = (method, where, body, headers = {}) =>
    fetch(`${host.url}${where}`, { method, headers, ...(body === undefined ? {} : { body }) });
  const json = async <T>(response: Promise<Response>): Promise<T> => (await (await response).json()) as T;
  return {
    host,
    logs,
    call,
    start: (name, id, input = {}) => json(call("POST", `/api/start/${name}/${id}`, JSON.stringify(input))),
    status: (id) => json(call("GET", `/api/status/${id}`)),
    seen: (id) => json(call("GET", `/api/seen/${id}`)),
  };
}
