// The last lines of a backup, for each kind of place that it may lie in.
import { expect, test } from "vitest";
import { whereText } from "../../../src/local/cli/where.ts";
import type { RunStatus } from "../../../src/core/run.ts";

function where(container: string, connectionSecret?: string): string {
  const status = { id: "acme-20260514T020000Z", folder: "acme_20260514T020000Z", container } as RunStatus;
  return whereText({
    ...{ status, stateFolder: "/home/jdoe/state", folder: "/home/jdoe", connectionSecret },
    ...{ logFile: undefined, mailFile: undefined, cost: "little", options: " --profile acme" },
  });
}

test("a backup in a folder is where it is, without an emulator to look through", () => {
  const text = where("D:\\Backups");
  expect(text.split("\n").slice(0, 2)).toEqual([
    "The backup is in ordinary files: D:\\Backups\\acme_20260514T020000Z",
    "A checked copy:     npm run get -- --run acme-20260514T020000Z --profile acme",
  ]);
  expect(text).not.toMatch(/Azurite|emulator|container/i);
});

test("a container is that of the emulator or of another storage account", () => {
  expect(where("backups")).toContain('the container "backups" is in state');
  expect(where("backups", "ACME_STORAGE")).toContain("in the storage account of ACME_STORAGE");
  expect(where("backups", "ACME_STORAGE")).not.toContain("azurite");
});
