import { expect, test } from "vitest";
import { failed, ok } from "../../src/core/result.ts";

test("failed() holds a trace id only where the portal gave one", () => {
  const failure = { reason: "portal-error", text: "Cannot read it", next: "Try again" } as const;
  const { reason, text, next } = failure;
  expect(failed(reason, text, next)).toEqual({ ok: false, failure });
  expect(failed(reason, text, next).failure).not.toHaveProperty("traceId");
  expect(failed(reason, text, next, "0af7")).toEqual({ ok: false, failure: { ...failure, traceId: "0af7" } });
  expect(ok(3)).toEqual({ ok: true, value: 3 });
});
