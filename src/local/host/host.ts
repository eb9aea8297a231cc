// The local host: runs a function app on this machine as Azure does, as far as this app goes, and refuses the rest by
// name. One host per state folder; an app registers once per process, so a later host on it reuses the functions.
import type { Log } from "./app.ts";
import { loadApp } from "./app.ts";
import type { Clock } from "./clock.ts";
import type { RpcData } from "./core-api.ts";
import type { Redeliver } from "./durable/activity-pool.ts";
import type { ClientApi } from "./durable/client-api.ts";
import type { ClientAddresses } from "./durable/client-binding.ts";
import { clientBinding, managementUrls } from "./durable/client-binding.ts";
import { Engine } from "./durable/engine.ts";
import type { OrchestratorFigures } from "./durable/figures.ts";
import { Store } from "./durable/store.ts";
import { FrontDoor } from "./front-door.ts";
import type { AppFunction } from "./functions.ts";
import { readHostSettings } from "./host-json.ts";
import type { HttpAnswer, HttpRequest } from "./http-server.ts";
import { MAX_BODY_BYTES, startHttpServer } from "./http-server.ts";
import { httpTriggers } from "./http-triggers.ts";
import { invoke, runAppHooks } from "./invoke.ts";
import { hostKeys, openStateFolder } from "./state-folder.ts";
import { Timers } from "./timers.ts";

export interface HostOptions {
  /** The folder of the app (its package.json names the entry point as `main`), or the entry module itself. */
  readonly appRoot: string;
  readonly stateFolder: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly clock: Clock;
  /** Delivers every activity twice, to prove that it may be; see activity-pool.ts. Default: never. */
  readonly redeliver?: Redeliver;
  /** Durable timers fire so much before they are due, as Azure's may. Default: 0. */
  readonly earlyTimersMs?: number;
  /** False: timer triggers fire only when they are asked to (POST /admin/functions/{name}). Default: true. */
  readonly timers?: boolean;
  readonly log: Log;
}

export interface Host {
  /** `http://127.0.0.1:port` */
  readonly url: string;
  readonly functionKey: string;
  readonly masterKey: string;
  functionNames(): readonly string[];
  /** What the orchestrations cost whose instance ids begin so. */
  figures(idPrefix: string): readonly OrchestratorFigures[];
  /**
   * Resolves when no orchestrator and no activity runs or could run now. Durable timers and timer triggers that wait do
   * not count; an activity that runs does.
   */
  idle(): Promise<void>;
  /** Ends the host; what runs has five seconds of real time to end, the rest is delivered again by the next host. */
  stop(): Promise<void>;
}

const GRACE_MS = 5000;

/** Starts an app; rejects with one sentence when the app, its state folder or the port cannot be used. */
export async function startHost(options: HostOptions): Promise<Host> {
  const { clock, log } = options;
  const app = await loadApp(options.appRoot, log);
  const settings = readHostSettings(app.folder);
  const db = openStateFolder(options.stateFolder);
  const undo: (() => unknown)[] = [
    () => {
      db.close();
    },
  ];
  try {
    const keys = hostKeys(db);
    const store = new Store(db);
    // Known once the server listens; nothing is invoked before.
    let url = "";
    const addresses = (): ClientAddresses => ({ url, hubName: settings.hubName, ...keys });
    const run = (fn: AppFunction, trigger: RpcData | null, triggerMetadata: Record<string, RpcData> = {}) =>
      invoke({ app, fn, trigger, triggerMetadata, client: () => clientBinding(addresses()), log });
    const engine = new Engine({
      ...settings,
      store,
      functions: app.functions,
      clock,
      redeliver: options.redeliver ?? "never",
      earlyTimersMs: options.earlyTimersMs ?? 0,
      invoke: (kind, name, trigger, metadata) => {
        const fn = app.functions.find(kind, name);
        return fn === undefined
          ? Promise.reject(new Error(`The function '${name}' is not registered any more`))
          : run(fn, trigger, metadata);
      },
      log,
    });
    const timers = new Timers({
      db,
      clock,
      functions: app.functions.ofType("timerTrigger"),
      invoke: async (fn, json) => {
        await run(fn, { json });
      },
      log,
    });
    const triggers = httpTriggers({
      functions: app.functions.ofType("httpTrigger"),
      routePrefix: settings.routePrefix,
      functionKey: keys.functionKey,
      masterKey: keys.masterKey,
      invoke: run,
      log,
    });
    const api: ClientApi = { engine, store, urls: (id) => managementUrls(addresses(), id) };
    const door = new FrontDoor({ api, app, keys, timers, triggers });
    const onError = (error: unknown): void => {
      log("error", "Host.Http", error instanceof Error ? (error.stack ?? error.message) : String(error));
    };
    const answer = (request: HttpRequest): Promise<HttpAnswer> => door.answer(request);
    const server = await startHttpServer({
      port: options.port,
      maxBodyBytes: MAX_BODY_BYTES,
      answer,
      onError,
    });
    url = server.url;
    undo.push(() => server.close(0));
    await runAppHooks(app, "appStart");
    engine.start();
    if (options.timers !== false) timers.start();
    door.open();
    log(
      "information",
      "Host",
      `Listening on ${server.url} with ${String(app.functions.names().length)} functions`,
    );
    let stopping: Promise<void> | undefined;
    const stop = async (): Promise<void> => {
      // The server goes last: what still runs may use the durable client.
      await Promise.all([timers.stop(GRACE_MS), engine.stop(GRACE_MS)]);
      await server.close(GRACE_MS);
      await runAppHooks(app, "appTerminate");
      db.close();
    };
    return {
      url: server.url,
      functionKey: keys.functionKey,
      masterKey: keys.masterKey,
      functionNames: () => app.functions.names(),
      figures: (idPrefix) => store.figures.of(idPrefix),
      idle: () => engine.idle(),
      stop: () => (stopping ??= stop()),
    };
  } catch (error) {
    for (const one of undo.reverse()) await one();
    throw error;
  }
}
