import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { emlOf } from "../../../src/local/services/eml.ts";
import { startMailSink, type MailSink } from "../../../src/local/services/mail-sink.ts";

let folder: string;
let sink: MailSink;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "sink-"));
  sink = await startMailSink(path.join(folder, "mails"));
});
afterEach(async () => {
  await sink.stop();
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

const GOOD = {
  personalizations: [{ to: [{ email: "gis@acme.gov" }] }],
  from: { email: "backup@acme.gov" },
  subject: "SUCCEEDED - Acme",
  content: [{ type: "text/plain", value: "all is well\n" }],
};

function post(body: unknown, headers: Record<string, string> = {}, at = "/v3/mail/send"): Promise<Response> {
  return fetch(`${sink.url}${at}`, {
    method: "POST",
    headers: { authorization: "Bearer SG.s3cret", "content-type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
}

test("the sink takes each mail as a file of its own, in order, and keeps no key", async () => {
  for (const subject of ["one", "two", "three"]) {
    const reply = await post({ ...GOOD, subject });
    expect([reply.status, reply.headers.get("x-message-id")?.length]).toEqual([202, 36]);
  }
  const files = await readdir(path.join(folder, "mails"));
  expect(files.sort()).toEqual(sink.received().map((file) => path.basename(file)));
  const texts = await Promise.all(sink.received().map((file) => readFile(file, "utf8")));
  expect(texts.map((text) => /^Subject: (.*)\r$/m.exec(text)?.[1])).toEqual(["one", "two", "three"]);
  expect(texts.join("")).not.toContain("s3cret");
});

describe("the sink refuses as SendGrid does", () => {
  test.each([
    ["without a key", 401, GOOD, { authorization: "" }, undefined],
    ["a form", 415, GOOD, { "content-type": "text/plain" }, undefined],
    ["no JSON", 400, "{", {}, undefined],
    ["no addressee", 400, { ...GOOD, personalizations: [{ to: [] }] }, {}, undefined],
    ["an addressee with a line end", 400, { ...GOOD, from: { email: "a@b\r\nBcc: c@d" } }, {}, undefined],
    ["no subject", 400, { ...GOOD, subject: "" }, {}, undefined],
    ["no text", 400, { ...GOOD, content: [] }, {}, undefined],
    ["what is too large", 413, { ...GOOD, subject: "x".repeat(1_000_001) }, {}, undefined],
    ["another address", 404, GOOD, {}, "/v3/other"],
  ])("%s", async (_, status, body, headers, at) => {
    const reply = await post(body, headers, at);
    expect(reply.status).toBe(status);
    const { errors } = (await reply.json()) as { errors: { message: string }[] };
    expect(errors[0]?.message).not.toBe("");
    expect(sink.received()).toEqual([]);
  });
});

/** Reads a mail as a mail program does. */
function read(eml: string): { readonly headers: Map<string, string>; readonly text: string } {
  const end = eml.indexOf("\r\n\r\n");
  const headers = new Map(
    eml
      .slice(0, end)
      .replaceAll("\r\n ", " ")
      .split("\r\n")
      .map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 2)] as const),
  );
  const subject = (headers.get("Subject") ?? "")
    .replaceAll("?= =?", "?==?")
    .replaceAll(/=\?utf-8\?B\?([^?]*)\?=/g, (_, word: string) =>
      Buffer.from(word, "base64").toString("utf8"),
    );
  const bytes = eml
    .slice(end + 4)
    .replaceAll("=\r\n", "")
    .replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  return { headers: headers.set("Subject", subject), text: Buffer.from(bytes, "latin1").toString("utf8") };
}

test("emlOf() leaves a plain subject readable, and folds a long one between its words", () => {
  const subject = `PARTIAL - City of Acme: ${"3 of 412 items not backed up, ".repeat(3)}(nightly, 14 May 2026)`;
  const eml = emlOf({ from: "a@b.c", to: ["d@e.f"], subject, text: "x", at: 0, id: "1" });
  expect(eml).toContain("Subject: PARTIAL - City of Acme: 3 of 412 items not backed up");
  expect(read(eml).headers.get("Subject")).toBe(subject);
});

const anyText = fc
  .string({ unit: "grapheme", maxLength: 200 })
  .map((text) => text.replaceAll(/[\r\n]/g, "?"));

test("emlOf() writes ASCII in short lines that read back as what was written, and nothing becomes a header", () => {
  fc.assert(
    fc.property(anyText, fc.array(anyText), (subject, lines) => {
      const eml = emlOf({
        from: "a@b.c",
        to: ["d@e.f", "g@h.i"],
        subject: `S${subject}.`,
        text: `${lines.join("\n")}\n`,
        at: Date.UTC(2026, 4, 14, 2, 14),
        id: "x-1",
      });
      expect(eml).toMatch(/^[\x20-\x7e\r\n]*$/);
      expect(eml.replaceAll("\r\n", "")).not.toMatch(/[\r\n]/);
      expect(Math.max(...eml.split("\r\n").map((line) => line.length))).toBeLessThanOrEqual(78);
      const { headers, text } = read(eml);
      expect(headers.get("Subject")).toBe(`S${subject}.`);
      expect(text).toBe(`${lines.join("\r\n")}\r\n`);
      expect(headers.get("Date")).toBe("Thu, 14 May 2026 02:14:00 +0000");
      expect(headers.size).toBe(8);
    }),
    { numRuns: 200 },
  );
});
