// Stands in for `@azure/functions-core`, the module that the Functions worker injects into an app.
// It must be in place before the app loads: the library caches its first answer, a missing module too.
import Module from "node:module";

/** One value on the wire between host and app; only the kinds that the local host speaks. */
export interface RpcData {
  readonly string?: string;
  readonly json?: string;
  readonly bytes?: Uint8Array;
  readonly int?: number;
  readonly double?: number;
  readonly http?: RpcHttp;
}

export interface RpcHttp {
  readonly method?: string;
  readonly url?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly params?: Readonly<Record<string, string>>;
  readonly body?: RpcData | null;
  readonly statusCode?: string;
  readonly cookies?: readonly unknown[];
}

export interface Binding {
  readonly type: string;
  readonly direction: string;
  readonly [option: string]: unknown;
}

export interface FunctionMetadata {
  readonly name: string;
  readonly bindings: Readonly<Record<string, Binding>>;
  readonly retryOptions?: unknown;
}

export type FunctionCallback = (...inputs: unknown[]) => unknown;
export type HookCallback = (context: Record<string, unknown>) => unknown;

export interface InvocationModel {
  getArguments(): Promise<{ context: unknown; inputs: unknown[] }>;
  invokeFunction(context: unknown, inputs: unknown[], callback: FunctionCallback): Promise<unknown>;
  getResponse(context: unknown, result: unknown): Promise<{ returnValue?: RpcData | null | undefined }>;
}

export interface ProgrammingModel {
  getInvocationModel(invocation: Record<string, unknown>): InvocationModel | Promise<InvocationModel>;
  getCapabilities(capabilities: Record<string, string>): Promise<Record<string, string>>;
}

/** What an app says while it loads, and what it logs outside of an invocation. */
export interface AppListener {
  registerFunction(metadata: FunctionMetadata, callback: FunctionCallback): void;
  registerHook(name: string, callback: HookCallback): () => void;
  log(level: string, category: string, text: string): void;
}

class Disposable {
  readonly #forget: () => void;
  constructor(forget: () => void) {
    this.#forget = forget;
  }
  dispose(): void {
    this.#forget();
  }
}

let listener: AppListener | undefined;
let model: ProgrammingModel | undefined;

function present(): AppListener {
  if (listener === undefined) throw new Error("No function app is being loaded");
  return listener;
}

const coreApi = {
  version: "3.9.1",
  hostVersion: "4.1037.0",
  Disposable,
  registerFunction: (metadata: FunctionMetadata, callback: FunctionCallback) => {
    present().registerFunction(metadata, callback);
    return new Disposable(() => {
      throw new Error(`Cannot take back function "${metadata.name}": the local host does not speak that`);
    });
  },
  registerHook: (name: string, callback: HookCallback) =>
    new Disposable(present().registerHook(name, callback)),
  setProgrammingModel: (value: ProgrammingModel) => {
    model = value;
  },
  getProgrammingModel: () => model,
  log: (level: string, category: string, text: string) => {
    present().log(level, category, text);
  },
};

let installed = false;

/** Makes `require("@azure/functions-core")` answer with this process's core, whoever asks from wherever. */
export function installCoreApi(): void {
  if (installed) return;
  installed = true;
  // A proxy, as the worker's: Node calls it with the module as `this`.
  // eslint-disable-next-line @typescript-eslint/unbound-method -- the proxy passes `this` on
  Module.prototype.require = new Proxy(Module.prototype.require, {
    apply: (target, self: unknown, args: [string]): unknown =>
      args[0] === "@azure/functions-core" ? coreApi : Reflect.apply(target, self, args),
  });
}

/** Sends what the app registers from now on to `next`. */
export function listenToApp(next: AppListener): void {
  listener = next;
}

/** The programming model of the `@azure/functions` copy that was loaded last; each copy announces itself only once. */
export function programmingModel(): ProgrammingModel | undefined {
  return model;
}
