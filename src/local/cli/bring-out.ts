// Lays a restore point out in a folder and tells how that goes.
import path from "node:path";
import { printable } from "../../core/printable.ts";
import type { Failure } from "../../core/result.ts";
import type { ItemLine, RunStatus } from "../../core/run.ts";
import { formatBytes, formatCount, formatOf } from "../../core/units.ts";
import { openDestination, openFolder } from "../restore-point/destination.ts";
import { type LaidOut, layOut } from "../restore-point/lay-out.ts";
import { openRestorePoint, type RestorePoint } from "../restore-point/restore-point.ts";
import type { Stage } from "./command.ts";
import { EXIT } from "./exit-code.ts";
import type { Order } from "./order.ts";
import type { Screen } from "./screen.ts";
import { shorter } from "./where.ts";

/** Windows opens longer paths in few programs. */
const WINDOWS_PATH = 259;

export interface BringOut {
  readonly point: RestorePoint;
  /** One item alone; undefined = everything. */
  readonly only: ItemLine | undefined;
  /** Absolute. */
  readonly out: string;
  readonly interrupted: AbortSignal;
  readonly platform?: string;
}

/** Returns the exit code: 0 only when everything is there and checked. */
export async function bringOut(
  { point, only, out, interrupted, platform = process.platform }: BringOut,
  stage: Pick<Stage, "screen" | "folder">,
): Promise<number> {
  const { screen } = stage;
  const total = point.manifest.counts.listed;
  screen.line(`Laying out ${only === undefined ? point.manifest.run.id : nameOf(only)} in ${out} ...`);
  const laid = await layOut(point, {
    ...{ out, only, interrupted },
    tell: (failure) => tellWrong(failure, screen),
    progress: ({ items, bytes }) => {
      if (only !== undefined) return;
      const done = `${formatCount(items)} of ${formatOf(total, "item")}`;
      screen.progress(`Laying out ${done} · ${formatBytes(bytes)}`);
    },
  });
  if (!laid.ok) {
    screen.line(`${printable(laid.failure.text)}\n${laid.failure.next}`);
    return laid.failure.reason === "bad-input" ? EXIT.badInput : EXIT.failed;
  }
  screen.line(endLine(laid.value, shorter(out, stage.folder)));
  if (platform === "win32" && laid.value.longestPath > WINDOWS_PATH) {
    screen.line(
      `Some paths are longer than 260 characters (up to ${laid.value.longestPath}): Explorer and many programs cannot open them. ` +
        String.raw`Use a short folder, such as C:\r, with --out.`,
    );
  }
  if (laid.value.interrupted) return EXIT.interrupted;
  if (only !== undefined) tellItem(only, screen);
  return laid.value.wrong === 0 ? EXIT.succeeded : EXIT.failed;
}

/** The restore point of a run that has just ended. */
export async function bringOutRun(
  order: Order,
  { container, folder, id }: RunStatus,
  storage: string,
  stage: Stage,
  interrupted: AbortSignal,
): Promise<number> {
  const { screen } = stage;
  const { connectionSecret: secret, folder: backupFolder } = order.profile?.parsed.destination ?? {};
  const connectionString = secret === undefined ? storage : (stage.env[secret] ?? "");
  const destination =
    backupFolder === undefined ? openDestination({ connectionString }, container) : openFolder(backupFolder);
  const found = destination.ok ? await openRestorePoint(destination.value.store, folder) : destination;
  screen.line("");
  if (!found.ok) {
    screen.line(`${printable(found.failure.text)}\n${found.failure.next}`);
    return EXIT.failed;
  }
  if (found.value === undefined) {
    screen.line(`Run ${id} left no restore point, so there is nothing to lay out.`);
    return EXIT.failed;
  }
  const out = path.resolve(order.out ?? folder);
  return await bringOut({ point: found.value, only: undefined, out, interrupted }, stage);
}

function tellWrong({ text, next }: Failure, screen: Screen): void {
  screen.line(`WRONG  ${printable(text)}\n       ${printable(next)}`);
}

/** `n files, n bytes, all checked`: the last line, and whether it may be relied on. */
function endLine({ files, bytes, kept, wrong, interrupted }: LaidOut, out: string): string {
  const counted = `${formatOf(files, "file")}, ${formatOf(bytes, "byte")}`;
  const before = kept === 0 ? "" : ` (${formatCount(kept)} of them were there already)`;
  if (interrupted) return `Interrupted: ${counted} so far${before}. The same command goes on.`;
  if (wrong === 0) return `${counted}, all checked${before}: ${out}`;
  return `${counted} are checked${before}, but ${formatOf(wrong, "thing is", "things are")} wrong: see above. In ${out}`;
}

/** What was told of the item, where it is not simply all there. */
function tellItem({ outcome }: ItemLine, screen: Screen): void {
  if (outcome.artifacts.length === 0) screen.line("Nothing is stored for this item.");
  if (outcome.state === "saved" && outcome.loss.length === 0) return;
  screen.line(`The run told of it: ${outcome.state}`);
  const texts = {
    saved: outcome.state === "saved" ? outcome.loss.map(({ text }) => text) : [],
    unchanged: outcome.state === "unchanged" ? [`unchanged since ${outcome.since}`] : [],
    skipped: outcome.state === "skipped" ? [outcome.why] : [],
    failed: outcome.state === "failed" ? [outcome.failure.text, outcome.failure.next] : [],
  };
  for (const text of texts[outcome.state]) screen.line(`  ${printable(text)}`);
}

function nameOf({ item }: ItemLine): string {
  return `"${printable(item.title, 60)}" (${printable(item.type, 30)}, ${item.id})`;
}
