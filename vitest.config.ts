import { tmpdir } from "node:os";
import path from "node:path";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

// Each test file is a process of its own, and many start hosts: what V8 has compiled once serves all of them.
process.env["NODE_COMPILE_CACHE"] ??= path.join(tmpdir(), "arcgis-backup-compile-cache");

/** Whole runs last longest and are small files, which would come last where nothing is known of earlier times. */
class RunsFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isRun = ({ moduleId }: TestSpecification): boolean => /\/test\/(?:run|local\/cli)\//.test(moduleId);
    return [...sorted.filter(isRun), ...sorted.filter((file) => !isRun(file))];
  }
}

const each = { testTimeout: 30_000, hookTimeout: 60_000, pool: "forks" } as const;
/** Tests of what is pure: they leave nothing behind in a process, so they share them. */
const PURE = ["test/core/**/*.test.ts"];

export default defineConfig({
  test: {
    maxWorkers: 5,
    sequence: { sequencer: RunsFirst },
    projects: [
      { test: { ...each, name: "core", include: PURE, isolate: false } },
      {
        test: {
          ...each,
          name: "app",
          include: ["test/**/*.test.ts"],
          exclude: PURE,
          globalSetup: ["test/global-setup.ts"],
        },
      },
    ],
  },
});
