// The sample portal: an ArcGIS Online organisation or an ArcGIS Enterprise on loopback, with state that tests read and
// change, and scripted faults.
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { Faults, type FaultScript } from "./faults.ts";
import { placesOf } from "./places.ts";
import { defaultSeed } from "./seed/default.ts";
import type { Seed } from "./seed/build.ts";
import { serve, type Served } from "./serving.ts";
import { emptyState, type PortalKind, type PortalState, type ServerName } from "./state.ts";

export interface SamplePortalOptions {
  /** Default `online`. */
  readonly kind?: PortalKind;
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
  /** `http://127.0.0.1:PORT`, for Enterprise `http://127.0.0.1:PORT/portal`; the sharing API is below, at `/sharing/rest`. */
  readonly url: string;
  readonly kind: PortalKind;
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

/** Starts the portal and, on ports of their own, its object storage and its federated server. */
export async function startPortal(options: SamplePortalOptions = {}): Promise<SamplePortal> {
  const { kind = "online", scale = 60, password = DEFAULT_PASSWORD } = options;
  const started = Date.now();
  const now = options.clock ?? ((): number => started + (Date.now() - started) * scale);
  const faults = new Faults();
  faults.add(...(options.faults ?? []));
  const state = emptyState(faults, kind);
  const origins = { portal: "", storage: "", hosting: "" };
  const served: Served = { state, now, places: placesOf(kind, state.org.id, origins) };
  const of = (name: ServerName): Server =>
    createServer((request, response) => {
      serve(served, name, request, response).catch((cause: unknown) => {
        // A broken simulator must not look like a broken portal: the text says so.
        const text = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
        if (!response.headersSent) response.writeHead(599, { "content-type": "text/plain" });
        response.end(`The sample portal itself failed: ${text}`);
      });
    });
  const servers = { portal: of("portal"), storage: of("storage"), hosting: of("hosting") };
  origins.portal = await listening(servers.portal, options.port ?? 0);
  origins.storage = await listening(servers.storage, 0);
  origins.hosting = await listening(servers.hosting, 0);
  served.places = placesOf(kind, state.org.id, origins);
  (options.seed ?? defaultSeed)({ state, places: served.places, password });
  return {
    url: served.places.portal,
    kind,
    username: USERNAME,
    password,
    state,
    faults,
    now,
    stop: async () => {
      await Promise.all(Object.values(servers).map(closed));
    },
  };
}
