// `npm run backup`: one backup on this machine, from nothing to its verdict.
import { occupied } from "../restore-point/out-folder.ts";
import { type Args, readArgs } from "./args.ts";
import { carryOut } from "./carry-out.ts";
import { alone, refuse, runCommand, type Stage, surroundingsOf } from "./command.ts";
import { BACKUP_HELP } from "./help.ts";
import { listenForInterrupt } from "./interrupt.ts";
import { keepProfile } from "./kept-profiles.ts";
import { BACKUP_OPTIONS, readOrder } from "./order.ts";

async function backup(args: Args<typeof BACKUP_OPTIONS>, stage: Stage): Promise<number> {
  const found = readOrder(args, surroundingsOf(stage));
  if (!found.ok) return refuse(found.problems);
  const { order } = found;
  // Before an hour of backup, not after it.
  const inTheWay = order.out === undefined ? undefined : await occupied(order.out);
  if (inTheWay !== undefined) return refuse([inTheWay]);
  return await alone(order.stateFolder, () => {
    if (order.profile !== undefined) keepProfile(order.stateFolder, order.profile);
    const interrupted = listenForInterrupt((by) => {
      stage.screen.line(
        by === "person"
          ? "Canceling ... (Ctrl-C again ends at once)"
          : "Stopping ... (the backup goes on when it is started again)",
      );
    });
    return carryOut(order, stage, interrupted);
  });
}

await runCommand(BACKUP_HELP, (argv) => readArgs(argv, BACKUP_OPTIONS), backup);
