// The command as a person runs it: killed in the middle, started again, it goes on with the same run and succeeds.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";

const scripts = path.resolve(import.meta.dirname, "..", "..", "..", "src", "local", "cli");

interface Command {
  readonly child: ChildProcess;
  readonly said: () => string;
  readonly ended: Promise<number | null>;
}

function command(args: readonly string[], name = "backup"): Command {
  const script = path.join(scripts, `${name}.ts`);
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", script, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (data: Buffer) => (said += data.toString()));
  }
  return {
    child,
    said: () => said,
    ended: new Promise((resolve) => child.once("exit", (code) => resolve(code))),
  };
}

async function heard(from: Command, pattern: RegExp): Promise<string> {
  for (let n = 0; n < 600; n += 1) {
    const found = pattern.exec(from.said());
    if (found !== null) return found[0];
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`Never said ${pattern}: ${from.said()}`);
}

test("npm run backup, killed -9 and started again, goes on with its run, which can be listed and got as files", async () => {
  const state = await mkdtemp(path.join(tmpdir(), "backup-cli-"));
  try {
    const first = command(["--state", state]);
    const id = await heard(first, /sample-\d{8}T\d{6}Z/);
    await heard(first, /Saving [1-9]\d* of/);
    first.child.kill("SIGKILL");
    await first.ended;

    const second = command(["--state", state]);
    expect(await second.ended, second.said()).toBe(0);
    expect(second.said()).toContain(`Run ${id} was interrupted; going on with it.`);
    expect(second.said()).toMatch(/^SUCCEEDED/m);
    expect(second.said()).toMatch(/^\d+ listed = \d+ saved \+ 0 unchanged \+ \d+ skipped \+ 0 failed$/m);

    const out = path.join(state, "out");
    const got = command(["--state", state, "--run", "latest", "--out", out], "get");
    expect(await got.ended, got.said()).toBe(0);
    expect(got.said()).toMatch(/^[\d,]+ files, [\d,]+ bytes, all checked/m);
    const manifest = await readFile(path.join(out, "manifest.json"), "utf8");
    expect((JSON.parse(manifest) as { run: { id: string } }).run.id).toBe(id);
    const listed = command(["--state", state], "runs");
    expect(await listed.ended, listed.said()).toBe(0);
    expect(listed.said()).toMatch(/^SUCCEEDED .* sample_\d{8}T\d{6}Z$/m);
  } finally {
    await rm(state, { recursive: true, force: true, maxRetries: 5 });
  }
}, 120_000);

test("bad input starts nothing and exits 2", async () => {
  const bad = command(["--profile", "no-such-file.json", "--nope"]);
  expect(await bad.ended).toBe(2);
  for (const part of ["no-such-file.json", "--nope"]) expect(bad.said()).toContain(part);
});
