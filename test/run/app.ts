// The built app on a local host of its own process, as the kill tests need it, and its HTTP interface.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { randomUUID } from "node:crypto";
import { inject } from "vitest";
import type { RunStatus } from "../../src/core/run.ts";
import type { Redeliver } from "../../src/local/host/durable/activity-pool.ts";
import { kill } from "../../tools/measuring/ending.ts";

const root = path.resolve(import.meta.dirname, "..", "..");
export const PASSWORD = "s3cret-pass-word-XYZ";

export interface App {
  /** Of the host, and its key. */
  readonly url: string;
  readonly functionKey: string;
  readonly log: () => string;
  /** Of the host's process. */
  readonly pid: number;
  call(method: string, address: string, body?: unknown): Promise<{ status: number; text: string }>;
  /** Ends an orchestration as an operator would, by the durable extension's own address. */
  terminate(instanceId: string): Promise<void>;
  kill(): Promise<void>;
}

export interface AppOptions {
  readonly stateFolder: string;
  /** Of the storage; left out: that of the whole test run. */
  readonly connection?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Folder of the built app; left out: this repository. */
  readonly appRoot?: string;
  readonly redeliver?: Redeliver;
  /** Default: 60, a minute in a second. */
  readonly scale?: number;
  /** Timer triggers fire; only for a storage of one's own, since a tick looks after every profile that it finds. */
  readonly timers?: boolean;
}

/** A profile for the sample portal; a name of its own, so that tests share one `work` container. */
export function sampleProfile(portalUrl: string, container: string, more: object = {}) {
  return {
    name: `t-${randomUUID().slice(0, 8)}`,
    portal: {
      url: portalUrl,
      auth: { kind: "password", username: "backup_admin", secret: "TEST_PORTAL_PASSWORD" },
    },
    destination: { container },
    ...more,
  };
}

export async function stateFolder(): Promise<{ path: string; remove: () => Promise<void> }> {
  const folder = await mkdtemp(path.join(tmpdir(), "backup-test-"));
  return { path: folder, remove: () => rm(folder, { recursive: true, force: true, maxRetries: 5 }) };
}

/** Starts the host; resolves when it answers. */
export async function startApp(profile: object, options: AppOptions): Promise<App> {
  const connection = options.connection ?? inject("azurite");
  const child = spawn(
    process.execPath,
    [
      "--disable-warning=ExperimentalWarning",
      path.join(root, "src", "local", "host", "main.ts"),
      "--app",
      options.appRoot ?? root,
      "--state",
      options.stateFolder,
      "--scale",
      String(options.scale ?? 60),
      "--redeliver",
      options.redeliver ?? "never",
      ...(options.timers === true ? [] : ["--no-timers"]),
    ],
    {
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        ...process.env,
        AzureWebJobsStorage: connection,
        BACKUP_STORAGE: connection,
        SECRET_SOURCE: "environment",
        DEFAULT_PROFILE: JSON.stringify(profile),
        TEST_PORTAL_PASSWORD: PASSWORD,
        ...options.env,
      },
    },
  );
  let log = "";
  child.stderr.on("data", (data: Buffer) => (log += data.toString()));
  const ready = await firstLine(child, () => log);
  const { url, functionKey, masterKey } = JSON.parse(ready) as Record<
    "url" | "functionKey" | "masterKey",
    string
  >;
  return {
    url,
    functionKey,
    log: () => log,
    pid: child.pid ?? 0,
    async call(method, address, body) {
      const reply = await fetch(`${url}/api/${address}`, {
        method,
        headers: { "x-functions-key": functionKey, "content-type": "application/json" },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      return { status: reply.status, text: await reply.text() };
    },
    async terminate(instanceId) {
      const address = `${url}/runtime/webhooks/durabletask/instances/${instanceId}/terminate?reason=test`;
      const reply = await fetch(address, { method: "POST", headers: { "x-functions-key": masterKey } });
      if (reply.status !== 202) throw new Error(`${reply.status} ${await reply.text()}`);
    },
    kill: () => killed(child),
  };
}

/** Starts a run of the profile; its id. */
export async function startRun(app: App, profile: string): Promise<string> {
  const reply = await app.call("POST", "backups", { profile });
  if (reply.status !== 202) throw new Error(`${reply.status} ${reply.text}`);
  return (JSON.parse(reply.text) as { id: string }).id;
}

export async function statusOf(app: App, id: string): Promise<RunStatus> {
  const reply = await app.call("GET", `backups/${id}`);
  if (reply.status !== 200) throw new Error(`${reply.status} ${reply.text}`);
  return JSON.parse(reply.text) as RunStatus;
}

/** Follows a run until `done` says so; every status on the way. */
export async function follow(
  app: App,
  id: string,
  done: (status: RunStatus) => boolean = (status) => status.verdict !== null,
): Promise<RunStatus[]> {
  const seen: RunStatus[] = [];
  for (let n = 0; n < 300; n += 1) {
    const status = await statusOf(app, id);
    seen.push(status);
    if (done(status)) return seen;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  throw new Error(`Run ${id} did not get there: ${JSON.stringify(seen.at(-1))}\n${app.log().slice(-3000)}`);
}

function firstLine(child: ChildProcess, log: () => string): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    child.stdout?.on("data", (data: Buffer) => {
      text += data.toString();
      const end = text.indexOf("\n");
      if (end >= 0) resolve(text.slice(0, end));
    });
    child.once("exit", (code) => reject(new Error(`The host ended with ${code}: ${log()}`)));
  });
}

function killed(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    child.once("exit", () => resolve());
    kill(child);
  });
}
