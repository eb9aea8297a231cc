// What the whole test run shares: one Azurite, of which each test takes a container of its own (test/azurite.ts), and the
// app's bundle as it is now.
import type { TestProject } from "vitest/node";
import { build } from "../tools/build.ts";
import { startAzurite } from "./azurite.ts";

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  await build();
  return await provideAzurite(project);
}

async function provideAzurite(project: TestProject): Promise<() => Promise<void>> {
  const running = await startAzurite();
  project.provide("azurite", running.connectionString);
  return running.stop;
}
