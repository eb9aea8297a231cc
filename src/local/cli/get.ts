// `npm run get`: a restore point, or one item of it, as ordinary files.
import path from "node:path";
import { printable } from "../../core/printable.ts";
import { findItem } from "../restore-point/find-item.ts";
import { type Choice, chooseRestorePoint } from "../restore-point/find.ts";
import { type Args, readArgs } from "./args.ts";
import { bringOut } from "./bring-out.ts";
import { refuse, runCommand, type Stage, surroundingsOf } from "./command.ts";
import { EXIT } from "./exit-code.ts";
import { GET_HELP } from "./help.ts";
import { listenForInterrupt } from "./interrupt.ts";
import { openPlace, type OpenPlace } from "./open-place.ts";
import { PLACE_OPTIONS, type Place, readPlace } from "./place.ts";
import { runsText } from "./runs-text.ts";
import { tellFailure } from "./tell.ts";

const GET_OPTIONS = { run: "RUN", item: "ITEM", out: "DIR", ...PLACE_OPTIONS } as const;

interface Wanted {
  readonly run: string;
  readonly item: string | undefined;
  /** As typed. */
  readonly out: string | undefined;
}

async function get({ given, problems }: Args<typeof GET_OPTIONS>, stage: Stage): Promise<number> {
  const [run] = given.run;
  const missing = run === undefined ? ['"--run" is missing: the id of a run, its folder, or latest'] : [];
  const found = readPlace(given, [...problems, ...missing], surroundingsOf(stage));
  if (!found.ok || run === undefined) return refuse(found.ok ? missing : found.problems);
  const { place } = found;
  const open = await openPlace(place, stage);
  if (!open.ok) return tellFailure(open.failure, stage.screen, undefined);
  try {
    return await take(place, open.value, { run, item: given.item[0], out: given.out[0] }, stage);
  } finally {
    await open.value.leave();
  }
}

async function take(
  place: Place,
  { destination, title }: OpenPlace,
  wanted: Wanted,
  stage: Stage,
): Promise<number> {
  const { screen } = stage;
  const chosen = await chooseRestorePoint(destination, wanted.run, place.profile);
  if (!chosen.ok) {
    screen.line(`${printable(chosen.failure.text)} (${title})\n${chosen.failure.next}`);
    if (chosen.known.length > 0) screen.line(`\n${runsText(chosen.known)}`);
    return chosen.failure.reason === "not-found" ? EXIT.badInput : EXIT.failed;
  }
  const { point } = chosen.value;
  tellPassedOver(chosen.value, stage);
  const only = wanted.item === undefined ? undefined : await findItem(point, wanted.item);
  if (only?.ok === false) {
    screen.line(`${only.failure.text}\n${only.failure.next}`);
    return only.failure.reason === "wrong-content" ? EXIT.failed : EXIT.badInput;
  }
  const interrupts = listenForInterrupt(() => screen.line("Stopping ... (the same command goes on)"));
  const out = path.resolve(stage.folder, wanted.out ?? point.folder);
  return await bringOut({ point, only: only?.value, out, interrupted: interrupts.any }, stage);
}

function tellPassedOver({ point, passedOver }: Choice, { screen }: Stage): void {
  if (passedOver.length === 0) return;
  screen.line(`Newer, but passed over, as they did not succeed:\n${runsText(passedOver)}\n`);
  screen.line(`Taken: ${point.manifest.run.id} (${point.manifest.verdict})`);
}

await runCommand(GET_HELP, (argv) => readArgs(argv, GET_OPTIONS), get);
