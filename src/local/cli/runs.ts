// `npm run runs`: the restore points of a destination.
import { printable } from "../../core/printable.ts";
import { readFolders, type RunFolder, runFolderNames } from "../restore-point/find.ts";
import { type Args, readArgs } from "./args.ts";
import { refuse, runCommand, type Stage, surroundingsOf } from "./command.ts";
import { EXIT } from "./exit-code.ts";
import { RUNS_HELP } from "./help.ts";
import { openPlace, type OpenPlace } from "./open-place.ts";
import { PLACE_OPTIONS, type Place, readPlace } from "./place.ts";
import { runsText } from "./runs-text.ts";
import { tellFailure } from "./tell.ts";

async function runs({ given, problems }: Args<typeof PLACE_OPTIONS>, stage: Stage): Promise<number> {
  const found = readPlace(given, problems, surroundingsOf(stage));
  if (!found.ok) return refuse(found.problems);
  const { place } = found;
  const open = await openPlace(place, stage);
  if (!open.ok) return tellFailure(open.failure, stage.screen, undefined);
  try {
    return await list(place, open.value, stage);
  } finally {
    await open.value.leave();
  }
}

/** So many are read before anybody wonders. */
const FEW = 20;

async function list(place: Place, { destination, title }: OpenPlace, stage: Stage): Promise<number> {
  const { screen } = stage;
  const names = await runFolderNames(destination);
  if (!names.ok) return tellFailure(names.failure, screen, undefined);
  const read: RunFolder[] = [];
  for await (const run of readFolders(destination, names.value)) {
    read.push(run);
    if (names.value.length > FEW) screen.progress(`Reading ${read.length} of ${names.value.length} ...`);
  }
  screen.line(`Backups in ${printable(title)}, the newest first\n`);
  screen.line(read.length === 0 ? "There is none." : runsText(read));
  if (place.elsewhere !== undefined) {
    screen.line(`\nMore backups of this profile may lie in another place: --state ${place.elsewhere}`);
  }
  if (read.length > 0) screen.line(`\nGet one:  npm run get -- --run FOLDER${place.options}`);
  return EXIT.succeeded;
}

await runCommand(RUNS_HELP, (argv) => readArgs(argv, PLACE_OPTIONS), runs);
