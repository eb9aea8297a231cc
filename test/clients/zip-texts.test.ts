import { expect, test } from "vitest";
import { zipTexts } from "../../src/clients/zip-texts.ts";
import { ok } from "../../src/core/result.ts";
import { zip } from "../portal/zip.ts";

const isJson = (name: string) => name.endsWith(".json");

function textsOf(bytes: Uint8Array) {
  const read = async (offset: number, length: number) => ok(bytes.subarray(offset, offset + length));
  return zipTexts(read, bytes.length, isJson);
}

test("zipTexts() reads the wanted texts, packed or not, and leaves the rest where it is", async () => {
  const bytes = zip([
    { name: "a/b.json", bytes: '{"é":1}' },
    { name: "c.json", bytes: "[]", store: true },
    { name: "d.png", bytes: "no text" },
  ]);
  expect(await textsOf(bytes)).toEqual(
    ok({
      texts: [
        { name: "a/b.json", text: '{"é":1}' },
        { name: "c.json", text: "[]" },
      ],
      whole: true,
    }),
  );
});

test("zipTexts() passes over what is too large or too many, and says so; what is no zip is a failure", async () => {
  const big = zip([
    { name: "big.json", bytes: Buffer.alloc(5 * 1024 * 1024, " ") },
    { name: "small.json", bytes: "1" },
  ]);
  expect(await textsOf(big)).toEqual(ok({ texts: [{ name: "small.json", text: "1" }], whole: false }));
  const many = zip(Array.from({ length: 31 }, (_, n) => ({ name: `${n}.json`, bytes: "1" })));
  const found = await textsOf(many);
  expect(found.ok && [found.value.texts.length, found.value.whole]).toEqual([30, false]);
  expect(await textsOf(Buffer.from("<html>"))).toMatchObject({ ok: false });
});

test("zipTexts() gives no text of an entry whose bytes are not those that were packed", async () => {
  const bytes = Buffer.from(zip([{ name: "a.json", bytes: "[1]", store: true }]));
  bytes[bytes.indexOf("[1]") + 1] = 0x32;
  expect(await textsOf(bytes)).toMatchObject({
    ok: false,
    failure: { reason: "wrong-content", text: expect.stringContaining("checksum") as string },
  });
});
