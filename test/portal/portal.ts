// The sample portal: an ArcGIS Online organisation on loopback, with state that tests read and change, and scripted faults.
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { Faults, type FaultScript } from "./faults.ts";
import { defaultSeed } from "./seed/default.ts";
import type { Seed } from "./seed/build.ts";
import { serve, type Served } from "./serving.ts";
import { emptyState, type PortalState } from "./state.ts";

export interface SamplePortalOptions {
  /** 0 = a free one. */
  readonly port?: number;
  /** Sample minutes per real minute; default 60: a minute of export takes a second. */
  readonly scale?: number;
  /** Instead of the scaled clock. Epoch milliseconds. */
  readonly clock?: () => number;
  readonly seed?: Seed;
  readonly faults?: FaultScript;
  /** Of the default account. */
  readonly password?: string;
}

export interface SamplePortal {
  /** `http://127.0.0.1:PORT`; the sharing API lies under `/sharing/rest`. */
  readonly url: string;
  readonly username: string;
  readonly password: string;
  readonly state: PortalState;
  readonly faults: Faults;
  /** The sample's clock, epoch milliseconds. */
  readonly now: () => number;
  /** Cuts every connection and ends. */
  stop(): Promise<void>;
}

export const USERNAME = "backup_admin";
export const DEFAULT_PASSWORD = "sample-password-1";

function listening(server: Server, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    });
  });
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.close((error) => {
      if (error === undefined) resolve();
      else reject(error);
    });
    server.closeAllConnections();
  });
}

/** Starts the portal and, on a second port, the object storage that its downloads redirect to. */
export async function startPortal(options: SamplePortalOptions = {}): Promise<SamplePortal> {
  const { scale = 60, password = DEFAULT_PASSWORD } = options;
  const started = Date.now();
  const now = options.clock ?? ((): number => started + (Date.now() - started) * scale);
  const faults = new Faults();
  faults.add(...(options.faults ?? []));
  const state = emptyState(faults);
  const served: Served = { state, now, origin: "", storage: "" };
  const of = (name: "portal" | "storage"): Server =>
    createServer((request, response) => {
      serve(served, name, request, response).catch((cause: unknown) => {
        // A broken simulator must not look like a broken portal: the text says so.
        const text = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
        if (!response.headersSent) response.writeHead(599, { "content-type": "text/plain" });
        response.end(`The sample portal itself failed: ${text}`);
      });
    });
  const [portal, storage] = [of("portal"), of("storage")];
  served.origin = await listening(portal, options.port ?? 0);
  served.storage = await listening(storage, 0);
  (options.seed ?? defaultSeed)({ state, origin: served.origin, password });
  return {
    url: served.origin,
    username: USERNAME,
    password,
    state,
    faults,
    now,
    stop: async () => {
      await Promise.all([closed(portal), closed(storage)]);
    },
  };
}
