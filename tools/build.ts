// Bundles the app into dist/main.js: the one file that the local host runs and that deploys.
import { mkdir, rename, writeFile } from "node:fs/promises";
import { randomUUID } from "node:crypto";
import path from "node:path";
import { build as bundle } from "esbuild";

const root = path.resolve(import.meta.dirname, "..");

export interface Built {
  /** Absolute path of the bundle. */
  readonly entry: string;
  /** Its source map as JSON, when it was asked for: it lies nowhere, and the bundle does not name it. */
  readonly map: string | undefined;
}

/** Bundles src/functions/main.ts. Replaces the old bundle in one step; with a map or without, its bytes are the same. */
export async function build({ withMap = false } = {}): Promise<Built> {
  const entry = path.join(root, "dist", "main.js");
  const result = await bundle({
    entryPoints: [path.join(root, "src", "functions", "main.ts")],
    outfile: entry,
    bundle: true,
    write: false,
    platform: "node",
    format: "esm",
    target: "node22",
    // The host provides it at run time; the SDK reaches it through require.
    external: ["@azure/functions-core"],
    // Bundled CommonJS packages call require for node's own modules, which ESM does not have.
    banner: {
      js: "import { createRequire as bundleRequire } from 'node:module'; const require = bundleRequire(import.meta.url);",
    },
    keepNames: true,
    legalComments: "none",
    logLevel: "warning",
    metafile: false,
    sourcemap: withMap ? "external" : false,
  });
  await mkdir(path.dirname(entry), { recursive: true });
  let map: string | undefined;
  for (const file of result.outputFiles) {
    if (file.path.endsWith(".map")) {
      map = file.text;
      continue;
    }
    // Two builds at once (tests in parallel processes) each write a whole file and rename it into place.
    const half = `${file.path}.${randomUUID()}`;
    await writeFile(half, file.contents);
    await rename(half, file.path);
  }
  return { entry, map };
}

if (import.meta.main) {
  const { entry } = await build();
  console.log(`Built ${path.relative(root, entry)}`);
}
