// What host.json owes to the alerts and to whoever updates: no event is sampled away, and runs know their version.
import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { SNAPSHOTS, settings } from "./snapshots.ts";

interface HostJson {
  readonly logging: {
    readonly logLevel: Readonly<Record<string, string>>;
    readonly applicationInsights: { readonly samplingSettings: { readonly excludedTypes: string } };
  };
  readonly extensions: {
    readonly durableTask: {
      readonly hubName: string;
      readonly defaultVersion: string;
      readonly storageProvider: Readonly<Record<string, unknown>>;
      readonly tracing: Readonly<Record<string, unknown>>;
    };
  };
}
const host = JSON.parse(
  readFileSync(path.resolve(import.meta.dirname, "..", "..", "host.json"), "utf8"),
) as HostJson;
const durable = host.extensions.durableTask;

test("the events of runs, which are traces, and exceptions are never sampled away or filtered by level", () => {
  const excluded = host.logging.applicationInsights.samplingSettings.excludedTypes.split(";");
  expect(excluded).toEqual(expect.arrayContaining(["Trace", "Exception"]));
  expect(host.logging.logLevel["default"]).toBe("Information");
  expect(Object.keys(host.logging.logLevel).filter((name) => name.startsWith("Function"))).toEqual([]);
});

test("orchestrations are traced without their inputs and outputs, and started with a version", () => {
  expect(durable.tracing).toEqual({
    distributedTracingEnabled: true,
    version: "V2",
    traceInputsAndOutputs: false,
  });
  expect(durable.defaultVersion).toMatch(/^\d+\.\d+\.\d+$/);
});

test("without the settings of the scheduler, Durable works on the storage that the templates give the app", () => {
  expect(durable.storageProvider).toMatchObject({
    type: "AzureStorage",
    connectionStringName: "AzureWebJobsStorage",
  });
  for (const of of SNAPSHOTS) {
    const hub =
      settings(of).get("AzureFunctionsJobHost__extensions__durableTask__hubName") ?? durable.hubName;
    expect(hub).toBe(durable.hubName);
  }
});
