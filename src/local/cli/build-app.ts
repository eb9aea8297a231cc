// Builds the app before it is run. tools/ is no part of what may be imported; it is run by its path, as npm would.
import path from "node:path";
import { pathToFileURL } from "node:url";

/** Bundles the app into dist/main.js of the project. */
export async function buildApp(projectRoot: string): Promise<void> {
  const tool = pathToFileURL(path.join(projectRoot, "tools", "build.ts")).href;
  const { build: run } = (await import(tool)) as { build: () => Promise<unknown> };
  await run();
}
