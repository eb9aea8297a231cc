import { describe, expect, test } from "vitest";
import { type ExportLook, afterBadFile, judgeExport, nextPollSeconds } from "../../src/core/export-job.ts";
import { type FailureReason, failed } from "../../src/core/result.ts";

const MINUTE = 60_000;
const whole = { sizeBytes: 5000, name: "x.zip" };
const unknownSize = { sizeBytes: -1, name: "x.zip" };
const says = (status: string, message = "") => ({ ok: true, value: { status, message } }) as const;
const item = (value: { sizeBytes: number; name: string | null }) => ({ ok: true, value }) as const;
const fails = (reason: FailureReason, text = "400 Error updating file item") => failed(reason, text, "n");

function look(over: Partial<ExportLook>): ExportLook {
  return {
    title: "Parcels",
    status: says("processing"),
    item: item(whole),
    previous: whole,
    tried: null,
    elapsedMs: MINUTE,
    timeoutMs: 120 * MINUTE,
    hardLimitMs: 24 * 60 * MINUTE,
    ...over,
  };
}

describe("judgeExport()", () => {
  test.each<[string, Partial<ExportLook>, "wait" | "save" | "failed"]>([
    ["waits while the portal works", {}, "wait"],
    ["waits for words that it does not know", { status: says("queued") }, "wait"],
    ["saves what is completed and has stopped growing", { status: says("completed") }, "save"],
    ["looks twice at what is completed", { status: says("completed"), previous: null }, "wait"],
    [
      "waits while a completed file still grows",
      { status: says("completed"), previous: { ...whole, sizeBytes: 4000 } },
      "wait",
    ],
    [
      "saves a completed file whose size is never told",
      { status: says("completed"), item: item(unknownSize), previous: unknownSize },
      "save",
    ],
    ["ends with the job", { status: says("failed", "Error exporting data to filegdb format") }, "failed"],
    [
      "goes on when the status answers an error and the file grows",
      { status: fails("portal-error"), previous: { ...whole, sizeBytes: 1 } },
      "wait",
    ],
    ["saves a steady file though its status cannot be read", { status: fails("portal-error") }, "save"],
    ["saves a steady file though its job is forgotten", { status: fails("not-found") }, "save"],
    [
      "waits for a first byte when only the bytes can tell",
      { status: fails("portal-error"), item: item(unknownSize), previous: unknownSize },
      "wait",
    ],
    [
      "waits when nothing can be read for a while",
      { status: fails("transient"), item: fails("transient"), previous: null },
      "wait",
    ],
    [
      "ends when the temporary item was deleted",
      { status: fails("not-found"), item: fails("not-found") },
      "failed",
    ],
    [
      "gives a portal time to know its new item",
      { status: fails("not-found"), item: fails("not-found"), previous: null },
      "wait",
    ],
    ["ends when the sign-in is refused", { status: fails("sign-in-refused") }, "failed"],
    [
      "does not fetch a file again that was not whole",
      { status: says("completed"), tried: { sizeBytes: 5000, looksAgo: 1 } },
      "wait",
    ],
    [
      "fetches it again after some looks",
      { status: says("completed"), tried: { sizeBytes: 5000, looksAgo: 5 } },
      "save",
    ],
    [
      "fetches it again when its size has changed",
      { status: says("completed"), tried: { sizeBytes: 9, looksAgo: 1 } },
      "save",
    ],
    ["asks the bytes once overdue, whatever the status says", { elapsedMs: 121 * MINUTE }, "save"],
    [
      "waits past the timeout while there is no file",
      { elapsedMs: 121 * MINUTE, item: item({ ...whole, sizeBytes: 0 }) },
      "wait",
    ],
    [
      "saves what is ready at the hard limit",
      { status: says("completed"), elapsedMs: 1441 * MINUTE },
      "save",
    ],
    ["ends at the hard limit", { elapsedMs: 1440 * MINUTE, previous: null }, "failed"],
  ])("%s", (_, over, decision) => {
    expect(judgeExport(look(over)).do).toBe(decision);
  });

  test("says when an export is overdue", () => {
    const empty = item({ sizeBytes: 0, name: null });
    expect(judgeExport(look({ item: empty }))).toMatchObject({ overdue: false });
    expect(judgeExport(look({ item: empty, elapsedMs: 120 * MINUTE }))).toMatchObject({ overdue: true });
  });

  test("names the item, what the portal said and what to do next", () => {
    const decision = judgeExport(
      look({ status: says("failed", " Error exporting data to filegdb format ") }),
    );
    expect(decision).toMatchObject({
      failure: {
        reason: "export-failed",
        text: 'Cannot export "Parcels": Error exporting data to filegdb format',
        next: expect.stringContaining("item page") as string,
      },
    });
    expect(judgeExport(look({ elapsedMs: 1440 * MINUTE, previous: null }))).toMatchObject({
      failure: {
        reason: "export-timeout",
        text: 'Cannot export "Parcels": not finished after 24 hours: the portal says processing, the file may still grow (5000 bytes)',
      },
    });
    const limits = { hardLimitMs: 90 * MINUTE, timeoutMs: 60 * MINUTE };
    expect(judgeExport(look({ ...limits, elapsedMs: 90 * MINUTE, previous: null }))).toMatchObject({
      failure: { text: expect.stringContaining("not finished after 90 minutes") as string },
    });
  });

  test("says so where the portal says nothing", () => {
    expect(judgeExport(look({ status: says("failed") }))).toMatchObject({
      failure: { text: 'Cannot export "Parcels": the portal gives no reason' },
    });
    expect(judgeExport(look({ status: says("") }))).toMatchObject({ why: "the portal says nothing" });
  });
});

describe("afterBadFile()", () => {
  const file = { tries: 1, saidCompleted: true, elapsedMs: MINUTE, hardLimitMs: 24 * 60 * MINUTE };
  test.each([
    ["a part of a zip may become whole", { ...file, reason: "truncated", tries: 90 }, "wait"],
    [
      "nothing is no file yet",
      { ...file, reason: "export-timeout", saidCompleted: false, tries: 90 },
      "wait",
    ],
    ["a completed job without a file has none", { ...file, reason: "export-timeout", tries: 5 }, "failed"],
    ["a page of a completed job may go away", { ...file, reason: "wrong-content", tries: 4 }, "wait"],
    ["a page that stays is no export", { ...file, reason: "wrong-content", tries: 5 }, "failed"],
    ["the hard limit ends it", { ...file, reason: "truncated", elapsedMs: file.hardLimitMs }, "failed"],
    ["what is not about the bytes is told at once", { ...file, reason: "no-access" }, "failed"],
  ] as const)("%s", (_, bad, next) => {
    expect(afterBadFile(bad)).toBe(next);
  });
});

describe("nextPollSeconds()", () => {
  test.each([
    [0, -1, 15],
    [20_000, 1000, 20],
    [90_000, -1, 90],
    [3 * 3_600_000, 2 ** 40, 300],
    [0, 2 ** 27, 45],
    [0, 2 ** 31, 120],
  ])("after %d ms and for %d bytes of source: %d", (elapsedMs, sourceBytes, seconds) => {
    expect(nextPollSeconds(elapsedMs, sourceBytes)).toBe(seconds);
  });
});
