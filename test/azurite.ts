// Azurite for tests: `startAzurite` runs one as a child process, `testStore` gives each test a container of its own.
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { randomUUID } from "node:crypto";
import { createRequire } from "node:module";
import { inject } from "vitest";
import { azureBlobStore } from "../src/clients/store/azure-blob.ts";
import type { Store } from "../src/clients/store/store.ts";

declare module "vitest" {
  export interface ProvidedContext {
    /** Connection string of the Azurite that runs for the whole test run. */
    azurite: string;
  }
}

// Documented by Azurite for everyone: not a secret.
export const AZURITE_ACCOUNT = "devstoreaccount1";
export const AZURITE_KEY =
  "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

export interface RunningAzurite {
  readonly connectionString: string;
  readonly port: number;
  stop(): Promise<void>;
}

/** Blob service only, in memory, on a free loopback port; about a second. `more`: its own options. */
export async function startAzurite(
  more: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Promise<RunningAzurite> {
  const main = createRequire(import.meta.url).resolve("azurite/dist/src/blob/main.js");
  const options = ["--silent", "--inMemoryPersistence", "--disableTelemetry", "--skipApiVersionCheck"];
  const child = spawn(
    process.execPath,
    [main, "--blobHost", "127.0.0.1", "--blobPort", "0", ...options, ...more],
    {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, ...env },
    },
  );
  const endpoint = await listening(child);
  return {
    connectionString:
      `DefaultEndpointsProtocol=http;AccountName=${AZURITE_ACCOUNT};AccountKey=${AZURITE_KEY};` +
      `BlobEndpoint=${endpoint}/${AZURITE_ACCOUNT};`,
    port: Number(new URL(endpoint).port),
    stop: () => stopped(child),
  };
}

/** Connection string of the run's Azurite. */
export function azurite(): string {
  return inject("azurite");
}

/** A store on a fresh container; `connectionString` and `container` open it a second time. */
export async function testStore(): Promise<{
  readonly store: Store;
  readonly container: string;
  readonly connectionString: string;
}> {
  const container = `test-${randomUUID()}`;
  const connectionString = azurite();
  const store = openStore(container, connectionString);
  const ready = await store.ready();
  if (!ready.ok) throw new Error(ready.failure.text);
  return { store, container, connectionString };
}

/** A store on a container that may not exist. */
export function openStore(container: string, connectionString: string = azurite()): Store {
  const store = azureBlobStore({ access: { connectionString }, container });
  if (!store.ok) throw new Error(store.failure.text);
  return store.value;
}

async function listening(child: ChildProcess): Promise<string> {
  return await new Promise((resolve, reject) => {
    let said = "";
    const hear = (data: Buffer): void => {
      said += data.toString();
      const address = /listens on (https?:\/\/[\d.]+:\d+)/.exec(said)?.[1];
      if (address !== undefined) resolve(address);
    };
    child.stdout?.on("data", hear);
    child.stderr?.on("data", hear);
    child.once("error", reject);
    child.once("exit", (code) => {
      reject(new Error(`Azurite ended with code ${code ?? "none"} before it listened: ${said}`));
    });
  });
}

async function stopped(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  child.kill("SIGKILL");
  await gone;
}
