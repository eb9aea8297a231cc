// `npm start`: keeps the app up on this machine, with its HTTP addresses and its timers, until Ctrl-C.
import { writeFileSync } from "node:fs";
import path from "node:path";
import { azureBlobStore } from "../../clients/store/azure-blob.ts";
import type { Store } from "../../clients/store/store.ts";
import type { Profile } from "../../core/profile.ts";
import { ok, type Result } from "../../core/result.ts";
import { profilePath } from "../../core/work-paths.ts";
import { realClock } from "../host/clock.ts";
import { type Host, startHost } from "../host/host.ts";
import { azurite, azuriteConnection } from "../services/azurite.ts";
import { openChildRecords } from "../services/child-records.ts";
import { ensureChild, stopChild } from "../services/child.ts";
import { portBecomesFree } from "../services/ports.ts";
import { callsTo, runStatus } from "./app-calls.ts";
import { type Args, readArgs } from "./args.ts";
import { buildApp } from "./build-app.ts";
import { alone, refuse, runCommand, type Stage, surroundingsOf } from "./command.ts";
import { EXIT } from "./exit-code.ts";
import { START_HELP } from "./help.ts";
import { openHostLog } from "./host-log.ts";
import { type Interrupts, listenForInterrupt } from "./interrupt.ts";
import { keepProfile, serverFolder } from "./kept-profiles.ts";
import { placeMail } from "./mail-place.ts";
import { pause } from "./pause.ts";
import { readProfileStates } from "./profile-states.ts";
import { readStartOrder, START_OPTIONS, type StartOrder } from "./start-order.ts";
import { readStoredProfiles, unsetSecrets } from "./stored-profiles.ts";
import type { Screen } from "./screen.ts";
import { secretSource } from "./secret-source.ts";
import { endedText, scheduleLines, startedText, upText } from "./start-text.ts";
import { tellFailure } from "./tell.ts";
import { watchRuns } from "./watch-runs.ts";
import { shorter } from "./where.ts";

const LOOK_EVERY_MS = 2_000;

async function start(args: Args<typeof START_OPTIONS>, stage: Stage): Promise<number> {
  const found = readStartOrder(args, surroundingsOf(stage));
  if (!found.ok) return refuse(found.problems);
  const { order } = found;
  return await alone(order.stateFolder, async () => {
    if (!(await portBecomesFree(order.port))) {
      return refuse([
        `Port ${order.port} on 127.0.0.1 is taken by another program. End that, or name another port with --port`,
      ]);
    }
    const interrupts = listenForInterrupt(() => stage.screen.line("Ending ... (Ctrl-C again ends at once)"));
    return await serve(order, stage, interrupts);
  });
}

async function serve(order: StartOrder, stage: Stage, interrupts: Interrupts): Promise<number> {
  const { screen } = stage;
  screen.line("Starting storage and the app on this machine.");
  await buildApp(stage.projectRoot);
  const records = openChildRecords(order.stateFolder);
  const storage = await ensureChild(azurite(stage.projectRoot, order.stateFolder), records);
  if (!storage.ok) return tellFailure(storage.failure, screen, undefined);
  try {
    const work = await placeProfiles(order, azuriteConnection(storage.value.port));
    if (!work.ok) return tellFailure(work.failure, screen, undefined);
    const { log, file } = openHostLog(order.stateFolder);
    Object.assign(stage.env, {
      AzureWebJobsStorage: azuriteConnection(storage.value.port),
      BACKUP_STORAGE: azuriteConnection(storage.value.port),
      BACKUP_FOLDERS: "allowed",
      SECRET_SOURCE: secretSource(stage.env),
    });
    const mail = await placeMail(stage.env, order.stateFolder);
    const host = await startHost({
      appRoot: stage.projectRoot,
      stateFolder: path.join(order.stateFolder, "host"),
      port: order.port,
      clock: realClock(),
      log,
    });
    try {
      await tellUp(order, host, work.value, stage);
      screen.line(mail.text);
      screen.line(`What the program logs: ${shorter(file, stage.folder)}\n`);
      await watchUntil(interrupts.any, host, work.value, screen);
    } finally {
      await host.stop();
      await mail.stop();
    }
  } finally {
    await stopChild("azurite", records);
  }
  screen.line("Ended.");
  return EXIT.succeeded;
}

/** Puts the profiles where the app reads them; the container `work` of the app's own storage. */
async function placeProfiles({ profiles, stateFolder }: StartOrder, storage: string): Promise<Result<Store>> {
  const work = azureBlobStore({ access: { connectionString: storage }, container: "work" });
  if (!work.ok) return work;
  const ready = await work.value.ready();
  if (!ready.ok) return ready;
  for (const profile of profiles) {
    const put = await work.value.put(profilePath(profile.parsed.name), profile.text, {
      contentType: "application/json",
    });
    if (!put.ok) return put;
    keepProfile(stateFolder, profile);
  }
  return ok(work.value);
}

async function tellUp({ stateFolder }: StartOrder, host: Host, work: Store, stage: Stage): Promise<void> {
  const keyFile = path.join(stateFolder, "function-key");
  // For this user alone, where the system knows that.
  writeFileSync(keyFile, `${host.functionKey}\n`, { mode: 0o600 });
  const profiles = await storedProfiles(work);
  const isUsual = stateFolder === serverFolder(stage.projectRoot);
  stage.screen.line(
    upText({
      url: host.url,
      keyFile: shorter(keyFile, stage.folder),
      profiles,
      stateOption: isUsual ? "" : ` --state ${shorter(stateFolder, stage.folder)}`,
      now: Date.now(),
    }),
  );
  const unset = unsetSecrets(profiles, stage.env);
  if (unset.length > 0) {
    stage.screen.line(`\nNot set, so that these runs will fail (environment variables): ${unset.join(", ")}`);
  }
}

/** None while they cannot be read: the app itself tells why when it needs one. */
async function storedProfiles(work: Store): Promise<readonly Profile[]> {
  const stored = await readStoredProfiles(work);
  return stored.ok ? stored.value : [];
}

async function watchUntil(ended: AbortSignal, host: Host, work: Store, screen: Screen): Promise<void> {
  const call = callsTo(host.url, host.functionKey);
  const look = watchRuns({
    states: async () => {
      const states = await readProfileStates(work);
      return states.ok ? states.value : undefined;
    },
    status: (id) => runStatus(call, id),
    started: (status) => screen.line(startedText(status)),
    ended: async (status) => {
      screen.line(endedText(status));
      const profiles = await storedProfiles(work);
      const next = profiles.filter(({ name, schedule }) => name === status.profile && schedule !== undefined);
      for (const line of scheduleLines(next, Date.now())) screen.line(line);
    },
  });
  while (!ended.aborted) {
    await look();
    await pause(LOOK_EVERY_MS, ended);
  }
}

await runCommand(START_HELP, (argv) => readArgs(argv, START_OPTIONS, ["profile"]), start);
