// Begins a run and asks for its end: what the command line makes of the app's answers.
import { azureBlobStore } from "../../clients/store/azure-blob.ts";
import { failed, ok, type Result } from "../../core/result.ts";
import { type CallApp, cancelRun, runStatus, startRun } from "./app-calls.ts";
import type { Ground } from "./ground.ts";
import { readProfileStates } from "./profile-states.ts";
import type { Screen } from "./screen.ts";

/** Id of the run to follow: a new one, or the one that is open. */
export async function beginRun(
  call: CallApp,
  ground: Pick<Ground, "profile" | "storage">,
  dryRun: boolean,
  screen: Screen,
): Promise<Result<string>> {
  const before = await lastRun(ground);
  const started = await startRun(call, ground.profile.name, dryRun);
  if (!started.ok) return started;
  const { id, resumed } = started.value;
  if (!resumed) {
    const last = before === undefined ? undefined : await runStatus(call, before);
    if (last?.verdict === "canceled") screen.line(`The last run, ${last.id}, was canceled.`);
    screen.line(dryRun ? `Dry run ${id} has started; nothing will be saved.` : `Run ${id} has started.`);
    return ok(id);
  }
  const open = await runStatus(call, id);
  if (dryRun && open?.dryRun !== true) {
    return failed(
      "bad-input",
      `Cannot make a plan: run ${id} is open`,
      "Start without --dry-run to go on with it, and make the plan afterwards.",
    );
  }
  const kind = open?.dryRun === true ? "Dry run" : "Run";
  screen.line(`${kind} ${id} was interrupted; going on with it.`);
  if (open?.cancelRequested === true) {
    screen.line("It was canceled before: it is brought to its end. Start again for a new one.");
  }
  return ok(id);
}

/** The run before this one; undefined where nothing tells of one. */
async function lastRun({
  profile,
  storage,
}: Pick<Ground, "profile" | "storage">): Promise<string | undefined> {
  const work = azureBlobStore({ access: { connectionString: storage }, container: "work" });
  if (!work.ok) return undefined;
  const states = await readProfileStates(work.value, profile.name);
  return states.ok ? (states.value[0]?.lastRun ?? undefined) : undefined;
}

const CANCEL_TRIES = 3;

/** Asks the run to end as canceled; false when there is no way, which is told. */
export async function askToCancel(call: CallApp, id: string, screen: Screen): Promise<boolean> {
  for (let tries = 0; tries < CANCEL_TRIES; tries += 1) {
    const answer = await cancelRun(call, id);
    if (answer === "asked" || answer === "ended") return true;
    if (answer === "no-way") break;
  }
  screen.line("The run cannot be canceled now. Stopping instead; it goes on when it is started again.");
  return false;
}
