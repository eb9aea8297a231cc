// Artifacts that are stored twice: a delivery that repeats another one's work, a destination that may not be read, and
// somebody else who writes there.
import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { type Destination, keepBytes, keepStream } from "../../../src/activities/run/artifacts.ts";
import { writeRecord } from "../../../src/activities/run/records.ts";
import type { Store } from "../../../src/clients/store/store.ts";
import { failed, ok } from "../../../src/core/result.ts";
import { runPaths } from "../../../src/core/work-paths.ts";
import { aSummary } from "../../core/report-samples.ts";
import { faultyStore } from "../../faulty-store.ts";
import { memoryStore } from "../../memory-store.ts";

const { run: record } = aSummary([]);
const paths = runPaths(record.runId);
const PATH = "items/jdoe/Roads.zip";
const BLOB = `${record.folder}/${PATH}`;
const KIND = { kind: "bundle", proof: "stored" } as const;
const hashOf = (text: string) => `sha256:${createHash("sha256").update(text).digest("hex")}`;

/** The two ways to store a text: as bytes, and as a stream. */
const WAYS = {
  keepBytes: (at: Destination, text: string) =>
    keepBytes(at, PATH, Buffer.from(text), { ...KIND, hash: hashOf(text) }),
  keepStream: (at: Destination, text: string) =>
    keepStream(
      at,
      PATH,
      (async function* () {
        yield Buffer.from(text);
      })(),
      KIND,
      () => ok(undefined),
    ),
};
const EACH = Object.entries(WAYS);

function place(backups: Store = memoryStore("backups"), work: Store = memoryStore("work")): Destination {
  return { record, paths, work, backups };
}

/** Hands nothing out: a destination that takes writes alone. */
function writeOnly(store: Store): Store {
  const refusal = failed("storage-refused", "No permission to read", "Allow it").failure;
  return faultyStore(store, ({ method }) => (method === "info" ? refusal : undefined)).store;
}

async function textOf(store: Store): Promise<string | undefined> {
  const blob = await store.get(BLOB);
  return blob.ok && blob.value !== undefined ? Buffer.from(blob.value.bytes).toString() : undefined;
}

describe.each(EACH)("%s()", (_name, keep) => {
  test.each([false, true])(
    "that is delivered twice keeps the first content and tells of that (destination writes alone: %s)",
    async (isBlind) => {
      const backups = memoryStore("backups");
      const at = place(isBlind ? writeOnly(backups) : backups);
      const first = await keep(at, "first");
      expect(first).toMatchObject({ ok: true, value: { path: PATH, sizeBytes: 5, hash: hashOf("first") } });
      expect(await keep(at, "first")).toEqual(first);
      expect(await keep(at, "second, as the item was changed meanwhile")).toEqual(first);
      expect(await textOf(backups)).toBe("first");
    },
  );

  test("whose earlier delivery died before its commit stores its own content", async () => {
    const at = place();
    const died = { ...KIND, path: PATH, sizeBytes: 4, hash: hashOf("died") };
    await writeRecord(at.work, paths.artifact(PATH), died);
    expect(await keep(at, "mine")).toMatchObject({ ok: true, value: { hash: hashOf("mine") } });
    expect(await textOf(at.backups)).toBe("mine");
  });

  test("adopts its own content where the record of it was lost", async () => {
    const backups = memoryStore("backups");
    const first = await keep(place(backups), "same");
    const forgetful: Store = { ...memoryStore("work"), put: async () => ok("written") };
    expect(await keep(place(backups, forgetful), "same")).toEqual(first);
  });

  test("takes no blob of somebody else for its own", async () => {
    const backups = memoryStore("backups");
    await backups.put(BLOB, "theirs", { metadata: { sha256: hashOf("theirs").slice(7) } });
    const kept = await keep(place(backups), "mine");
    expect(kept).toMatchObject({ ok: false, failure: { reason: "already-exists" } });
    expect(!kept.ok && kept.failure.text).toBe(
      `Cannot store "${PATH}": another blob lies there, and this run has no record of its content`,
    );
    expect(await textOf(backups)).toBe("theirs");
  });

  test("believes no storage that says that a blob exists and shows none", async () => {
    const backups = memoryStore("backups");
    const liar: Store = {
      ...backups,
      put: async () => ok("exists"),
      putStream: async (path, body, before) => {
        const put = await backups.putStream(path, body, before);
        await backups.delete(path);
        return put.ok ? ok({ ...put.value, written: "exists" as const }) : put;
      },
    };
    expect(await keep(place(liar), "mine")).toMatchObject({
      ok: false,
      failure: { reason: "transient", text: expect.stringContaining("and there is none") as string },
    });
  });
});
