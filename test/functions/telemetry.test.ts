import { expect, test } from "vitest";
import { tellBy } from "../../src/functions/telemetry.ts";

test("tellBy() writes a failed item as one warning of the invocation's log", () => {
  const lines: string[] = [];
  const at = (level: string) => (text: string) => void lines.push(`${level}: ${text}`);
  const tell = tellBy({ info: at("info"), warn: at("warn"), error: at("error") });
  const itemId = "a".repeat(32);
  tell({ name: "BackupItemFailed", runId: "r-1", profile: "r", itemId, reason: "truncated" });
  expect(lines).toEqual([
    `warn: BackupItemFailed {"runId":"r-1","profile":"r","itemId":"${itemId}","reason":"truncated"}`,
  ]);
});
