// What the storage's answers hold is taken only as whole as they say that it is.
import { Readable } from "node:stream";
import type { BlobDownloadResponseParsed } from "@azure/storage-blob";
import { describe, expect, test } from "vitest";
import { infoOf, readBody } from "../../../src/clients/store/blob-answers.ts";
import { NoAnswerError } from "../../../src/clients/store/repeating.ts";

const answer = (body: Readable | undefined, contentLength?: number): BlobDownloadResponseParsed =>
  ({ readableStreamBody: body, contentLength }) as unknown as BlobDownloadResponseParsed;

async function* breaking(): AsyncGenerator<string> {
  yield "one";
  throw new Error("aborted");
}

describe("readBody()", () => {
  test.each([
    ["bytes", Readable.from([Buffer.from("one"), Buffer.from("two")]), 6, "onetwo"],
    ["text", Readable.from(["nä", "h"]), 4, "näh"],
    ["no length", Readable.from([Buffer.from("one")]), undefined, "one"],
    ["no body", undefined, 0, ""],
  ])("reads an answer of %s", async (_, body, length, text) => {
    expect(Buffer.from(await readBody(answer(body, length))).toString()).toBe(text);
  });

  test.each([
    ["fewer bytes than it declares", Readable.from([Buffer.from("one")]), "the answer holds 3 of 6 bytes"],
    ["no body where it declares one", undefined, "the answer holds 0 of 6 bytes"],
    ["a body that breaks off", Readable.from(breaking()), "the answer broke off"],
  ])("an answer with %s is asked for again", async (_, body, why) => {
    const read = readBody(answer(body, 6));
    await expect(read).rejects.toThrow(why);
    await expect(read).rejects.toBeInstanceOf(NoAnswerError);
  });
});

test("infoOf() shows names in lower case and hides the mark of the writer; no length is none", () => {
  expect(infoOf("a", undefined, { Sha256: "x", Writer: "w" })).toEqual({
    path: "a",
    sizeBytes: 0,
    metadata: { sha256: "x" },
  });
  expect(infoOf("a", 7, undefined)).toEqual({ path: "a", sizeBytes: 7, metadata: {} });
});
