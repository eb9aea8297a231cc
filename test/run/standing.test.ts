// Nights of one profile, sealed and mailed by the activities themselves over records in memory: what stands, what the mail
// tells, and that neither is counted twice.
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { mailOutcome, type MailRecord } from "../../src/activities/run/mail.ts";
import { readRecord, writeRecord } from "../../src/activities/run/records.ts";
import { sealRun } from "../../src/activities/sealRun.ts";
import { sendMail } from "../../src/activities/sendMail.ts";
import { type Mailer, sendGridMailer } from "../../src/clients/mail.ts";
import type { Store } from "../../src/clients/store/store.ts";
import { zipStream } from "../../src/clients/zip-stream.ts";
import { NOTHING_KEPT } from "../../src/core/organisation.ts";
import type { Profile } from "../../src/core/profile.ts";
import { failed, ok } from "../../src/core/result.ts";
import type { Books, ItemLine, RunRecord, RunSummary } from "../../src/core/run.ts";
import type { Selection } from "../../src/core/select.ts";
import type { Standing } from "../../src/core/standing.ts";
import { partName, runPaths, standingPath } from "../../src/core/work-paths.ts";
import type { Deps } from "../../src/deps.ts";
import { depsWithout } from "../deps-without.ts";
import { type MailSink, startMailSink } from "../../src/local/services/mail-sink.ts";
import { aLine, aSummary, id, PORTAL } from "../core/report-samples.ts";
import { memoryStore } from "../memory-store.ts";

const DAY = 24 * 60 * 60 * 1000;
const KEY = "SG.s3cret-key";
const profile: Profile = {
  name: "nightly",
  portal: { url: PORTAL.base, auth: { kind: "password", username: "backup_svc", secret: "P" } },
  exports: { timeoutMinutes: 120, hardLimitHours: 24, lanes: 1 },
  lanes: 1,
  layout: "flat",
  search: "deep",
  views: "definition",
  emptyServices: true,
  serviceDefinitions: true,
  dependencies: false,
  tiles: { switchExportOn: false, most: 500_000 },
  folderPrefix: "nightly",
  destination: { container: "backups" },
  mail: { to: ["gis@acme.gov"], on: ["succeeded", "partial", "failed"] },
};

let folder: string;
let sink: MailSink;
let work: Store;
let backups: Store;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "standing-"));
  sink = await startMailSink(folder);
});
afterAll(async () => {
  await sink.stop();
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});
beforeEach(() => {
  work = memoryStore("work");
  backups = memoryStore("backups");
});

function mailer(baseUrl: string): Mailer {
  return sendGridMailer({
    from: "backup@acme.gov",
    baseUrl,
    key: async () => ok(KEY),
    now: () => 0,
    wait: async () => undefined,
  });
}

function deps(over: Partial<Deps> = {}): Deps {
  return {
    ...depsWithout("Sealing asks no portal"),
    work,
    profile: () => ok(profile),
    backups: async () => ok(backups),
    mail: mailer(sink.url),
    zipStream,
    now: () => 99 * DAY,
    wait: async () => undefined,
    ...over,
  };
}

interface Night {
  readonly dryRun?: true;
  readonly select?: Selection;
  /** The run is opened, and nothing else is known of it. */
  readonly unlisted?: true;
  readonly mail?: Profile["mail"];
}

/** Leaves the records of a run that is ready to be sealed; its id. */
async function night(day: number, lines: readonly ItemLine[], over: Night = {}): Promise<string> {
  const summary = aSummary(lines);
  const runId = `nightly-202605${String(day).padStart(2, "0")}T020000Z`;
  const { select, dryRun, unlisted } = over;
  const run: RunRecord = {
    ...summary.run,
    runId,
    folder: runId,
    startedAt: day * DAY,
    openedAt: day * DAY,
    ...(dryRun && { dryRun }),
    ...(select && { select }),
  };
  const paths = runPaths(runId);
  await writeRecord(work, paths.run, run);
  await writeRecord(work, paths.profile, over.mail === undefined ? profile : { ...profile, mail: over.mail });
  if (unlisted) return runId;
  await writeRecord(work, paths.portal, PORTAL);
  await writeRecord(work, paths.books, summary.books satisfies Books | null);
  await writeRecord(work, paths.organisation, { ...NOTHING_KEPT, problems: [] });
  const kept = lines.map(({ item, outcome }) => ({
    planned: { item, strategy: outcome.strategy, why: "", lane: "direct", path: item.id, knownType: true },
    outcome,
    finishedAt: day * DAY,
  }));
  await writeRecord(work, paths.donePart(1, partName("direct", 0)), kept);
  await writeRecord(work, paths.plan(1), {
    batches: 1,
    batchSize: kept.length,
    pieces: 0,
    items: kept.length,
  });
  return runId;
}

async function ended(runId: string, over: Partial<Deps> = {}) {
  const { verdict } = await sealRun({ runId }, deps(over));
  const step = await sendMail({ runId }, deps(over));
  return { verdict, step };
}

function standing(): Promise<Standing | undefined> {
  return readRecord<Standing>(work, standingPath("nightly"));
}

async function lastMail(): Promise<string> {
  const eml = await readFile(sink.received().at(-1) ?? "", "utf8");
  return eml.replaceAll("=\r\n", "").replaceAll("\r\n ", " ").replaceAll("\r\n", "\n");
}

const lossy = (n: number, text: string) =>
  aLine(n, "saved", { title: `Photos ${String(n)}` }, { loss: [{ kind: "attachments-missing", text }] });
const LOSS = "Signs: 12 of 8204 attachments are not in the export";

test("a mail server that cannot be reached leaves the run succeeded, and the next mail tells it", async () => {
  const gone = await startMailSink(folder);
  await gone.stop();
  const first = await night(1, [aLine(1, "saved")]);
  const before = sink.received().length;
  const one = await ended(first, { mail: mailer(gone.url) });
  expect([one.verdict, one.step.mail]).toEqual(["succeeded", "not sent"]);
  expect(one.step.text).toContain("did not answer in 4 tries: ECONNREFUSED");
  expect(await mailOutcome(deps(), first)).toMatchObject({ sent: false, failure: { reason: "transient" } });

  const two = await ended(await night(2, [aLine(1, "saved")]));
  expect(two).toMatchObject({ verdict: "succeeded", step: { mail: "sent" } });
  expect(sink.received().length).toBe(before + 1);
  expect((await lastMail()).replaceAll(/\s+/g, " ")).toContain(
    "The mail of an earlier run was not sent, since 2 Jan 1970: Cannot send the mail: 127.0.0.1",
  );
  const log = await backups.get("nightly-20260502T020000Z/Full_log.log");
  expect(Buffer.from((log.ok && log.value?.bytes) || []).toString()).toContain(
    "ERROR  standing  Mails not sent: 1",
  );

  await ended(await night(3, [aLine(1, "saved")]));
  expect(await lastMail()).not.toContain("not sent");
});

test("three nights: streaks and last copies, and a known loss does not spoil a night", async () => {
  const bad = aLine(2, "failed", { title: "Hydrants" });
  expect((await ended(await night(1, [aLine(2, "saved"), lossy(3, LOSS)]))).verdict).toBe("partial");
  expect((await ended(await night(2, [bad, lossy(3, LOSS)]))).verdict).toBe("partial");
  await ended(await night(3, [bad, lossy(3, LOSS)]));
  const mail = (await lastMail()).replaceAll(/\s+/g, " ");
  expect(mail).toContain("Hydrants (Web Map, jdoe) - 2nd run in a row, since 3 Jan 1970");
  expect(mail).toContain("Last good copy: 2 Jan 1970 00:00 UTC, run nightly-20260501T020000Z");
  expect(mail).toContain("Photos 3 (Web Map, jdoe) - known since 2 Jan 1970");
  const well = await ended(await night(4, [aLine(2, "saved"), lossy(3, LOSS)]));
  expect(well.verdict).toBe("succeeded");
  expect(await lastMail()).toContain("SUCCEEDED - City of Acme: 2 items accounted for, 1 with a known loss");
  const more = LOSS.replace("12 of", "13 of");
  expect((await ended(await night(5, [aLine(2, "saved"), lossy(3, more)]))).verdict).toBe("partial");
});

test("a seal that is repeated at any point counts a night once and tells the same", async () => {
  await ended(await night(1, [aLine(1, "saved"), aLine(2, "failed")]));
  const second = await night(2, [aLine(1, "failed"), aLine(2, "failed")]);
  const paths = runPaths(second);
  await ended(second);
  const [stood, mail, results] = [
    await standing(),
    await work.get(paths.mail),
    await work.get(paths.results),
  ];
  expect(stood?.failing[id(2)]?.runs).toBe(2);
  const sent = sink.received().length;
  // As if the first delivery had died before it wrote the last record, with its mail not yet recorded.
  await work.delete(paths.sealed);
  await ended(second, { now: () => 500 * DAY });
  expect(await standing()).toEqual(stood);
  expect(bytes(await work.get(paths.mail))).toEqual(bytes(mail));
  expect(bytes(await work.get(paths.results))).toEqual(bytes(results));
  expect(sink.received().length).toBe(sent);
});

function bytes(blob: Awaited<ReturnType<Store["get"]>>): string {
  return Buffer.from((blob.ok && blob.value?.bytes) || []).toString();
}

test("a run of a few items, a failed one and a dry run leave what stands of the others", async () => {
  await ended(await night(1, [aLine(1, "saved"), aLine(2, "saved")]));
  await ended(await night(2, [aLine(1, "failed"), aLine(2, "failed")]));
  const stood = await standing();

  const dry = await night(3, [aLine(1, "skipped")], { dryRun: true });
  expect((await ended(dry)).step.mail).toBe("not wanted");
  expect(await standing()).toEqual(stood);

  const failure = failed("sign-in-refused", "refused", "Correct it").failure;
  const down = await night(4, [], { unlisted: true });
  expect((await sealRun({ runId: down, failure }, deps())).verdict).toBe("failed");
  expect((await sendMail({ runId: down }, deps())).mail).toBe("sent");
  expect(await lastMail()).toContain("The last backup is that of 3 Jan 1970");
  expect(await standing()).toMatchObject({
    failing: stood?.failing,
    copies: stood?.copies,
    failedRuns: { runs: 1 },
  });

  await ended(
    await night(5, [aLine(1, "skipped", {}, { cause: "not-selected" }), aLine(2, "saved")], {
      select: { ids: [id(2)] },
    }),
  );
  const after = await standing();
  expect(after?.failing[id(1)]?.runs).toBe(1);
  expect(after?.failing[id(2)]).toBeUndefined();
  expect(after?.lastBackup).toEqual(stood?.lastBackup);
});

test("a run whose destination refuses its report is no copy of anything, and its mail says where to look", async () => {
  const refused = async () =>
    failed("storage-refused", 'Cannot write "backups": 403', "Give the app the role");
  const runId = await night(1, [aLine(1, "saved")]);
  expect((await ended(runId, { backups: refused })).verdict).toBe("failed");
  expect(await standing()).toMatchObject({ copies: [], failedRuns: { runs: 1 } });
  expect(await lastMail()).toContain(`WHERE       work/runs/${runId}`);
});

test("only wanted verdicts are mailed, and mail without a mail service is told plainly", async () => {
  const quiet = await night(1, [aLine(1, "saved")], { mail: { to: ["a@b.c"], on: ["failed"] } });
  expect((await ended(quiet)).step).toEqual({ mail: "not wanted" });
  expect(await readRecord<MailRecord>(work, runPaths(quiet).mail)).toBeUndefined();

  const none = await ended(await night(2, [aLine(1, "saved")]), { mail: undefined });
  expect(none.step.text).toContain("its setting MAIL_FROM is not set");
  const again = await ended("nightly-20260502T020000Z");
  expect(again.step).toEqual(none.step);
});

test("no record, report or mail holds the key", async () => {
  const refusing = await startMailSink(folder);
  await refusing.stop();
  await ended(await night(1, [aLine(1, "failed")]), { mail: mailer(refusing.url) });
  await ended(await night(2, [aLine(1, "failed")]));
  for (const store of [work, backups]) {
    const page = await store.list("");
    for (const blob of page.ok ? page.value.blobs : [])
      expect(bytes(await store.get(blob.path))).not.toContain(KEY);
  }
  expect(await lastMail()).not.toContain(KEY);
  expect(await readRecord<RunSummary>(work, runPaths("nightly-20260502T020000Z").sealed)).toBeDefined();
});
