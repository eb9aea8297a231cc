import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cleaner } from "../../../src/clients/portal/clean.ts";
import { fileNameOf } from "../../../src/clients/portal/disposition.ts";
import { judgeJson } from "../../../src/clients/portal/errors.ts";
import { parseObject } from "../../../src/clients/portal/json.ts";
import { nextTry, retryAfterMs } from "../../../src/clients/portal/retry.ts";
import { answerOf, wireErrorOf } from "../../../src/clients/portal/wire-error.ts";

const about = { action: "try", target: "GET h/p", jobStatus: false, repeat500: 2, clean: cleaner(() => []) };

function judged(
  body: unknown,
  status = 200,
  headers: Record<string, string> = {},
): ReturnType<typeof judgeJson> {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const header = (name: string): string | null => headers[name] ?? null;
  return judgeJson({ status, header, bytes: new TextEncoder().encode(text), nowMs: 0 }, about);
}

/** `state` or, for what is final, the reason. */
function verdict(answer: ReturnType<typeof judgeJson>): string {
  return answer.state === "final" ? answer.failure.reason : answer.state;
}

describe("judgeJson() knows every shape of an error", () => {
  test.each([
    [
      { error: { code: 400, messageCode: "CONT_0001", message: "Item does not exist", details: [] } },
      "not-found",
    ],
    [{ error: { code: 403, messageCode: "GWM_0003", message: null, details: null } }, "no-access"],
    [{ error: { code: 400, message: "You do not have permissions to access this resource" } }, "no-access"],
    [
      { error: { code: 400, error: "invalid_client_id", error_description: "Invalid client_id" } },
      "portal-error",
    ],
    [{ error: { code: 498, error_description: "refresh_token expired" } }, "token"],
    [{ error: { code: 499, message: "Token Required", messageCode: "GWM_0003" } }, "token"],
    [
      { code: 500, message: "Error getting subscription info", status: "failure", details: null },
      "transient",
    ],
    [
      { success: false, itemId: "1", error: { code: 400, messageCode: "CONT_0298", message: "no" } },
      "portal-error",
    ],
    [{ success: false }, "portal-error"],
    [{ status: "failed", statusMessage: '{"code":404,"message":"gone"}' }, "not-found"],
    [{ status: "failed", statusMessage: "Error exporting data" }, "portal-error"],
    [{ error: "odd" }, "portal-error"],
    [{ error: { message: "Your request has timed out.", code: 504 } }, "transient"],
    [{ error: { code: 429 } }, "transient"],
    [{ error: { code: "503", message: "" } }, "transient"],
    [{ id: "1", status: "ok" }, "good"],
    [{ error: null, id: "1" }, "good"],
    ["<html>x", "transient"],
    ["", "transient"],
    ["[1]", "transient"],
  ])("%j is %s", (body, expected) => {
    expect(verdict(judged(body))).toBe(expected);
  });

  test.each([
    [401, "token"],
    [403, "no-access"],
    [404, "not-found"],
    [429, "transient"],
    [500, "transient"],
    [502, "transient"],
    [503, "transient"],
    [418, "portal-error"],
  ])("HTTP %i without JSON is %s", (status, expected) => {
    expect(verdict(judged("<html>x", status))).toBe(expected);
  });

  test("an error without a code has that of the HTTP status", () => {
    expect(verdict(judged({ error: { message: "busy" } }, 503))).toBe("transient");
  });

  test("the trace id and the portal's words are told, without queries", () => {
    const message = "Cannot read https://h/p?token=abc123&f=json, token=abc123\u0007";
    const answer = judged({ error: { code: 400, message } }, 200, { "x-arcgis-trace-id": "t-1" });
    expect(answer.state).toBe("final");
    if (answer.state !== "final") return;
    expect(answer.failure.traceId).toBe("t-1");
    expect(answer.failure.text).toContain("https://h/p");
    expect(answer.failure.text).not.toContain("abc123");
    expect(answer.failure.text).not.toContain("\u0007");
  });
});

describe("what the network says is an answer, and what may have begun is known", () => {
  test.each([
    ["ENOTFOUND", "transient", "none", "no host of this name is known"],
    ["EAI_AGAIN", "transient", "none", "the name service did not answer"],
    ["ECONNREFUSED", "transient", "none", "the connection was refused"],
    ["ENETUNREACH", "transient", "none", "could not be reached"],
    ["DEPTH_ZERO_SELF_SIGNED_CERT", "portal-error", undefined, "not trusted (DEPTH_ZERO_SELF_SIGNED_CERT)"],
    ["HPE_INVALID_CONSTANT", "truncated", "unknown", "not HTTP"],
    ["ECONNRESET", "transient", "unknown", "broke off (ECONNRESET)"],
    [undefined, "transient", "unknown", "broke off (GET h/p)"],
  ])("%s: %s", (code, reason, effect, text) => {
    const answer = answerOf(wireErrorOf(code), "try", "GET h/p");
    expect(answer.failure).toMatchObject({ reason, text: expect.stringContaining(text) as string });
    expect("effect" in answer ? answer.effect : undefined).toBe(effect);
  });
});

describe("parseObject()", () => {
  test("reads texts with raw control characters and a byte order mark", () => {
    const bytes = new TextEncoder().encode('\ufeff{"title":"a\u0001b\tc\nd"}');
    expect(parseObject(bytes)).toEqual({ title: "a b c d" });
  });

  test("reads what JSON.stringify writes as it is", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const text = JSON.stringify(value);
        expect(parseObject(new TextEncoder().encode(text))).toEqual(JSON.parse(text));
      }),
    );
  });
});

describe("nextTry()", () => {
  const tried = { repeats: 0, spentMs: 0, effect: "unknown", state: "transient" } as const;

  test("whatever happens, it ends within a minute of pauses", () => {
    const after = fc.option(fc.nat(90_000), { nil: undefined });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(after, fc.double({ min: 0, max: 0.99, noNaN: true })), { minLength: 20 }),
        (tries) => {
          let spentMs = 0;
          for (const [repeats, [afterMs, random]] of tries.entries()) {
            const pause = nextTry(
              { ...tried, repeats, spentMs, ...(afterMs === undefined ? {} : { afterMs }) },
              { repeat: "safe" },
              random,
            );
            if (pause === "stop") return;
            if (afterMs !== undefined) expect(pause).toBeGreaterThanOrEqual(afterMs);
            expect(pause).toBeGreaterThan(0);
            spentMs += pause;
            expect(spentMs).toBeLessThanOrEqual(60_000);
          }
          expect.unreachable("it never stopped");
        },
      ),
    );
  });

  test("what has an effect is repeated only when it certainly did not begin", () => {
    expect(nextTry(tried, { repeat: "refused-only" }, 0)).toBe("stop");
    expect(nextTry({ ...tried, effect: "none" }, { repeat: "refused-only" }, 0)).toBeGreaterThan(0);
  });

  test("retryAfterMs() reads seconds and dates", () => {
    expect(retryAfterMs("7", 0)).toBe(7_000);
    expect(retryAfterMs("Thu, 01 Jan 1970 00:00:09 GMT", 2_000)).toBe(7_000);
    expect(retryAfterMs("Thu, 01 Jan 1970 00:00:09 GMT", 20_000)).toBe(0);
    expect(retryAfterMs("soon", 0)).toBeUndefined();
    expect(retryAfterMs(null, 0)).toBeUndefined();
  });
});

describe("fileNameOf()", () => {
  test.each([
    [null, null],
    ["attachment", null],
    ["attachment; filename=parcels.zip", "parcels.zip"],
    ['attachment; filename="a \\"b\\"; c.zip"', 'a "b"; c.zip'],
    ["attachment; filename=x.zip; filename*=UTF-8''na%C3%AFve%20%E2%82%AC.zip", "naïve €.zip"],
    ["attachment; filename*=utf-16''x; filename=plain.zip", "plain.zip"],
    ['attachment; filename="../../etc/passwd"', "passwd"],
    ["attachment; filename*=UTF-8''..%5C..%5Cwin.ini%00", "win.ini"],
    ['attachment; filename=".."', null],
    [`attachment; filename="${Buffer.from("Öl.zip").toString("latin1")}"`, "Öl.zip"],
    ['attachment; filename=""', null],
  ])("%j is %j", (header, name) => {
    expect(fileNameOf(header)).toBe(name);
  });

  test("never throws and never tells a folder", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 60 }), (text) => {
        const name = fileNameOf(`attachment; filename*=UTF-8''${text}; filename="${text}"`);
        expect(name ?? "").not.toMatch(/[/\\]/);
      }),
    );
  });
});

describe("wireErrorOf() tells what broke below HTTP", () => {
  test.each([
    ["ENOTFOUND", "unknown-host"],
    ["EAI_AGAIN", "connect-timeout"],
    ["ECONNREFUSED", "refused-connection"],
    ["EHOSTUNREACH", "connect-timeout"],
    ["ENETUNREACH", "connect-timeout"],
    ["ETIMEDOUT", "connect-timeout"],
    ["HPE_INVALID_CONSTANT", "too-long"],
    ["CERT_HAS_EXPIRED", "certificate"],
    ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", "certificate"],
    ["ECONNRESET", "broken"],
    [undefined, "broken"],
  ])("%s is %s", (code, trouble) => {
    const error = wireErrorOf(code);
    expect(error.trouble).toBe(trouble);
    expect(error.told).not.toContain("undefined");
  });

  test.each([
    ["ECONNREFUSED", "retry"],
    ["CERT_HAS_EXPIRED", "final"],
    ["ENOTFOUND", "retry"],
  ])("of %s every call is told what it means", (code, state) => {
    const answer = answerOf(wireErrorOf(code), "read the item", "GET h/p");
    expect(answer.failure.text).toContain("read the item");
    expect(answer.failure.next).not.toBe("");
    expect(answer.state === "final" ? "final" : "retry").toBe(state);
  });
});
