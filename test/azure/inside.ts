// Makes the process of a test file an instance of a function app: its environment, and whom it trusts.
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { afterAll, beforeAll } from "vitest";
import { type SampleAzure, startAzure } from "./azure.ts";

const trusted = getCACertificates("default");

/** Starts Azure before the tests of the file and stops it after them. */
export function insideAzure(accounts: readonly string[] = []): () => SampleAzure {
  const kept = new Map<string, string | undefined>();
  let azure: SampleAzure | undefined;
  beforeAll(async () => {
    azure = await startAzure(accounts);
    for (const [name, value] of Object.entries(azure.env)) {
      kept.set(name, process.env[name]);
      process.env[name] = value;
    }
    trust(azure);
  });
  afterAll(async () => {
    setDefaultCACertificates(trusted);
    for (const [name, value] of kept) {
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
    }
    await azure?.stop();
  });
  return () => {
    if (azure === undefined) throw new Error("Azure has not been started");
    return azure;
  };
}

/** undefined: the authority of the sample is not trusted any more. */
export function trust(azure: SampleAzure | undefined): void {
  setDefaultCACertificates([...trusted, ...(azure === undefined ? [] : [azure.authority])]);
}
