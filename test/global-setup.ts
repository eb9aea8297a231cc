// What the whole test run shares: one Azurite. Each test takes a container of its own from it (test/azurite.ts).
import type { TestProject } from "vitest/node";
import { startAzurite } from "./azurite.ts";

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  return await provideAzurite(project);
}

async function provideAzurite(project: TestProject): Promise<() => Promise<void>> {
  const running = await startAzurite();
  project.provide("azurite", running.connectionString);
  return running.stop;
}
