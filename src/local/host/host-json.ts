// The parts of the app's host.json that the local host follows; the rest is Azure's.
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

export interface HostSettings {
  readonly routePrefix: string;
  readonly hubName: string;
  readonly maxConcurrentActivities: number;
  readonly maxConcurrentOrchestrators: number;
}

function member(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[key] : undefined;
}

function count(value: unknown, name: string, fallback: number): number {
  if (value === undefined) return fallback;
  if (typeof value === "number" && Number.isInteger(value) && value > 0) return value;
  throw new Error(`host.json: ${name} must be a whole number above 0: ${JSON.stringify(value)}`);
}

function text(value: unknown, name: string, fallback: string): string {
  if (value === undefined) return fallback;
  if (typeof value === "string") return value;
  throw new Error(`host.json: ${name} must be a text: ${JSON.stringify(value)}`);
}

/** Reads host.json of an app folder; without one, Azure's defaults hold. */
export function readHostSettings(folder: string): HostSettings {
  const file = path.join(folder, "host.json");
  let content: unknown = {};
  if (existsSync(file)) {
    try {
      content = JSON.parse(readFileSync(file, "utf8"));
    } catch (error) {
      throw new Error(`Cannot read "${file}": ${error instanceof Error ? error.message : String(error)}`, {
        cause: error,
      });
    }
  }
  const extensions = member(content, "extensions");
  const durable = member(extensions, "durableTask");
  const activities = member(durable, "maxConcurrentActivityFunctions");
  const orchestrators = member(durable, "maxConcurrentOrchestratorFunctions");
  return {
    routePrefix: text(member(member(extensions, "http"), "routePrefix"), "routePrefix", "api"),
    hubName: text(member(durable, "hubName"), "hubName", "TestHubName"),
    maxConcurrentActivities: count(activities, "maxConcurrentActivityFunctions", 10),
    maxConcurrentOrchestrators: count(orchestrators, "maxConcurrentOrchestratorFunctions", 10),
  };
}
