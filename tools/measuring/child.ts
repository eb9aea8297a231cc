// Loaded by `--import` into every child process while coverage is measured: what a program of src and the bundle ran is
// written to COVERAGE_FOLDER when it ends, a small file each. Node's own NODE_V8_COVERAGE would write megabytes of what
// nobody asks for, and the hosts of a test run are many.
import { existsSync, renameSync, unlinkSync, writeFileSync } from "node:fs";
import { Session, type Profiler } from "node:inspector";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { COVERAGE_FOLDER, MEASURED, endFile } from "./ending.ts";

const LOOK_EVERY_MS = 50;
const root = path.resolve(import.meta.dirname, "..", "..");
const folder = process.env[COVERAGE_FOLDER];

if (folder !== undefined && isOurs(process.argv[1])) measure(folder);

/** The workers of vitest measure themselves: a second session in one process would take their counts away. */
function isOurs(program: string | undefined): boolean {
  return program?.startsWith(path.join(root, "src") + path.sep) === true;
}

function measure(into: string): void {
  const session = new Session();
  session.connect();
  session.post("Profiler.enable");
  session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: true });
  const wanted = ["dist/main.js", ...MEASURED.map((name) => `src/${name}/`)].map(
    (each) => `${pathToFileURL(root).href}/${each}`,
  );
  let written = false;
  const write = (): void => {
    if (written) return;
    written = true;
    session.post("Profiler.takePreciseCoverage", (_error, taken) => {
      const found = taken.result.filter(({ url }) => wanted.some((start) => url.startsWith(start)));
      const file = path.join(into, `${process.pid}-${Date.now()}.json`);
      // A process that is killed while it writes leaves a half file, which nobody reads.
      writeFileSync(`${file}.half`, JSON.stringify(found satisfies Profiler.ScriptCoverage[]));
      renameSync(`${file}.half`, file);
    });
  };
  process.once("exit", write);
  // Signals that a program can hear do not exist everywhere; a file does.
  const asked = endFile(into, process.pid);
  const look = setInterval(() => {
    if (!existsSync(asked)) return;
    unlinkSync(asked);
    write();
    process.kill(process.pid, "SIGKILL");
  }, LOOK_EVERY_MS);
  look.unref();
}
