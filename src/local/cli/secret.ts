// `npm run secret`: keeps the secrets of one machine in an encrypted file.
import path from "node:path";
import { writeNewKey } from "../../clients/secrets/file-key.ts";
import { secretFile } from "../../clients/secrets/file-secrets.ts";
import type { Result } from "../../core/result.ts";
import { EXIT } from "./exit-code.ts";
import { hiddenInput } from "./hidden-input.ts";
import { SECRET_HELP, type SecretOrder, readSecretOrder } from "./secret-order.ts";

async function main(argv: readonly string[]): Promise<number> {
  // npm runs its scripts in the project's folder and tells here where the person was.
  const folder = process.env["INIT_CWD"] ?? process.cwd();
  const read = readSecretOrder(argv, process.env, (typed) => path.resolve(folder, typed));
  if (read.ok) return carryOut(read.order);
  process.stderr.write(`Nothing was done:\n${read.problems.map((problem) => `- ${problem}\n`).join("")}`);
  return EXIT.badInput;
}

async function carryOut(order: SecretOrder): Promise<number> {
  switch (order.verb) {
    case "help":
      return say(SECRET_HELP.trimEnd());
    case "new-key": {
      const made = await writeNewKey(order.path);
      return made.ok ? say(`The key lies in "${order.path}". Name it in SECRET_FILE_KEY_FILE`) : refuse(made);
    }
    case "list": {
      const names = await secretFile(order.file, order.key).names();
      if (!names.ok) return refuse(names);
      return say(names.value.length === 0 ? "The file holds no secrets" : names.value.join("\n"));
    }
    case "delete": {
      const deleted = await secretFile(order.file, order.key).delete(order.name);
      if (!deleted.ok) return refuse(deleted);
      if (deleted.value) return say(`"${order.name}" is no longer in the file`);
      process.stderr.write(`No secret is called "${order.name}"\n`);
      return EXIT.badInput;
    }
    case "set":
      return set(order.name, secretFile(order.file, order.key));
  }
}

async function set(name: string, file: ReturnType<typeof secretFile>): Promise<number> {
  const typed = await hiddenInput(process.stdin, () => {
    process.stderr.write(`Value of ${name} (not shown): `);
  });
  if (process.stdin.isTTY) process.stderr.write("\n");
  if (typed.state === "interrupted") return EXIT.interrupted;
  if (typed.state === "too-long" || typed.value === "") {
    process.stderr.write(
      `Nothing was done: the value ${typed.state === "value" ? "is empty" : "is longer than a secret may be (25 KiB)"}\n`,
    );
    return EXIT.badInput;
  }
  const done = await file.set(name, typed.value);
  return done.ok ? say(`"${name}" is in the file`) : refuse(done);
}

function say(text: string): number {
  process.stdout.write(`${text}\n`);
  return EXIT.succeeded;
}

function refuse(result: Extract<Result<unknown>, { ok: false }>): number {
  process.stderr.write(`${result.failure.text}.\n${result.failure.next}.\n`);
  return EXIT.failed;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`The program failed: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = EXIT.failed;
}
