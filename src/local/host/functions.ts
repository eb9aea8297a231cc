// The functions that an app registered: what each one is triggered by. What the local host cannot speak is refused by name.
import type { Binding, FunctionCallback, FunctionMetadata } from "./core-api.ts";

const TRIGGERS = ["httpTrigger", "timerTrigger", "orchestrationTrigger", "activityTrigger"] as const;
export type TriggerType = (typeof TRIGGERS)[number];

export interface AppFunction {
  readonly name: string;
  readonly metadata: FunctionMetadata;
  readonly callback: FunctionCallback;
  readonly triggerType: TriggerType;
  readonly triggerName: string;
  readonly trigger: Binding;
  /** Names of the input bindings that want the durable client. */
  readonly clientInputs: readonly string[];
}

function isTriggerType(type: string): type is TriggerType {
  return (TRIGGERS as readonly string[]).includes(type);
}

/** Reads what an app registered; throws a sentence that names what the local host does not speak. */
export function toAppFunction(metadata: FunctionMetadata, callback: FunctionCallback): AppFunction {
  const { name, bindings } = metadata;
  if (metadata.retryOptions !== undefined) {
    throw new Error(`Function "${name}" has a retry policy, which the local host does not speak`);
  }
  const found: { type: TriggerType; name: string; binding: Binding }[] = [];
  const clientInputs: string[] = [];
  for (const [bindingName, binding] of Object.entries(bindings)) {
    if (isTriggerType(binding.type)) found.push({ type: binding.type, name: bindingName, binding });
    else if (binding.type === "durableClient" && binding.direction === "in") clientInputs.push(bindingName);
    else if (!(binding.type === "http" && binding.direction === "out")) {
      throw new Error(
        `Function "${name}" has a binding of type "${binding.type}" (${binding.direction}), which the local host ` +
          `does not speak; it speaks ${TRIGGERS.join(", ")}, http (out) and durableClient (in)`,
      );
    }
  }
  const trigger = found[0];
  if (trigger === undefined || found.length > 1) {
    throw new Error(`Function "${name}" has ${String(found.length)} triggers instead of one`);
  }
  return {
    name,
    metadata,
    callback,
    triggerType: trigger.type,
    triggerName: trigger.name,
    trigger: trigger.binding,
    clientInputs,
  };
}

/** The functions of one app; names are compared without case, as Azure does. */
export class FunctionTable {
  readonly #byName = new Map<string, AppFunction>();

  /** Adds a function; throws when its name is taken. */
  add(one: AppFunction): void {
    const key = one.name.toLowerCase();
    if (this.#byName.has(key)) throw new Error(`The function name "${one.name}" is registered twice`);
    this.#byName.set(key, one);
  }

  /** The function of that name and trigger, if there is one. */
  find(triggerType: TriggerType, name: string): AppFunction | undefined {
    const one = this.#byName.get(name.toLowerCase());
    return one?.triggerType === triggerType ? one : undefined;
  }

  ofType(triggerType: TriggerType): readonly AppFunction[] {
    return [...this.#byName.values()].filter((one) => one.triggerType === triggerType);
  }

  names(): readonly string[] {
    return [...this.#byName.values()].map((one) => one.name).sort();
  }
}
