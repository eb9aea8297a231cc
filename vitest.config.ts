import { tmpdir } from "node:os";
import path from "node:path";
import { defineConfig } from "vitest/config";

// Each test file is a process of its own, and many start hosts: what V8 has compiled once serves all of them.
process.env["NODE_COMPILE_CACHE"] ??= path.join(tmpdir(), "arcgis-backup-compile-cache");

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/global-setup.ts"],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    pool: "forks",
    maxWorkers: 4,
  },
});
