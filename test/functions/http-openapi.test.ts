// The OpenAPI document against the app: what is registered, what is published, what is said of errors.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { problemsOf } from "../../src/core/profile-problems.ts";
import { ERROR_CODES } from "../../src/functions/http/error-codes.ts";
import { openApiDocument } from "../../src/functions/http/openapi.ts";
import { detailsOf, errorReply } from "../../src/functions/http/replies.ts";
import { START_BODY, START_WORDS } from "../../src/functions/http/requests.ts";
import { APP_VERSION } from "../../src/version.ts";
import { type OpenApi, published } from "./documented-api.ts";

const document = openApiDocument(APP_VERSION) as unknown as OpenApi;
const operations = Object.entries(published.paths).flatMap(([address, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ address, method, operation })),
);

test("docs/openapi.json is the document of this app (node tools/openapi.ts writes it)", () => {
  expect(published).toEqual(JSON.parse(JSON.stringify(document)));
  expect(published.openapi).toBe("3.1.0");
});

test("every registered HTTP function is documented, and every documented one registered, all with a key", async () => {
  const folder = await mkdtemp(path.join(tmpdir(), "backup-openapi-"));
  try {
    const worker = path.join(folder, "worker.cjs");
    await writeFile(worker, WORKER);
    const bundle = path.resolve(import.meta.dirname, "..", "..", "dist", "main.js");
    const run = spawnSync(process.execPath, [worker, pathToFileURL(bundle).href], { encoding: "utf8" });
    const registered = JSON.parse(run.stdout) as Record<string, string>[];
    expect(registered.map(({ name, route, methods }) => `${name} ${methods} /api/${route}`).sort()).toEqual(
      operations
        .map(
          ({ address, method, operation }) => `${operation.operationId} ${method.toUpperCase()} ${address}`,
        )
        .sort(),
    );
    expect(registered.filter(({ authLevel }) => authLevel !== "function")).toEqual([]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test("every error code is documented at an operation, under its status", () => {
  const told = operations.flatMap(({ operation }) =>
    Object.entries(operation.responses).flatMap(([status, { description }]) =>
      [...description.matchAll(/(?:^|\. )([a-z-]+): /g)].map(([, code]) => `${status} ${code}`),
    ),
  );
  const codes = Object.entries(ERROR_CODES).map(([code, { status }]) => `${status} ${code}`);
  expect([...new Set(told)].sort()).toEqual(codes.sort());
});

test("every reference of the document leads somewhere, and every schema is used", () => {
  const references = [...JSON.stringify(published).matchAll(/"#\/components\/schemas\/(\w+)"/g)];
  const names = new Set(references.map(([, name]) => name ?? ""));
  expect([...names].sort()).toEqual(Object.keys(published.components.schemas).sort());
});

const page = readFileSync(new URL("../../docs/http-api.md", import.meta.url), "utf8").replaceAll(
  "\r\n",
  "\n",
);

test("docs/http-api.md names every address and every error with its status", () => {
  const missing = operations.flatMap(({ address }) => (page.includes(address) ? [] : [address]));
  expect(missing).toEqual([]);
  const rows = [...page.matchAll(/^\| (\d{3}) +\| `([a-z-]+)`/gm)].map(
    ([, status, code]) => `${status} ${code}`,
  );
  const codes = Object.entries(ERROR_CODES).map(([code, { status }]) => `${status} ${code}`);
  expect(rows.sort()).toEqual(codes.sort());
});

test("docs/http-api.md shows an error as it is answered", () => {
  const [, example = ""] = /```json\n([\s\S]*?)```/.exec(page) ?? [];
  const body = { profile: "acme", dryrun: true };
  const issues = START_BODY.safeParse(body).error?.issues ?? [];
  const details = detailsOf("body", problemsOf(body, issues, START_WORDS));
  expect(JSON.parse(example)).toEqual(
    errorReply("bad-request", "The request has mistakes", details).jsonBody,
  );
});

/** What the Functions worker does with a registration, told as JSON. */
const WORKER = `
const Module = require("node:module");
const registered = [];
class Disposable { dispose() {} }
const core = {
  version: "1.0.0", hostVersion: "4.0.0", Disposable,
  registerFunction({ name, bindings }) {
    const trigger = Object.values(bindings).find(({ type }) => type === "httpTrigger");
    if (trigger) registered.push({ name, route: trigger.route, methods: trigger.methods.join(), authLevel: trigger.authLevel });
    return new Disposable();
  },
  setProgrammingModel() {}, getProgrammingModel() {}, registerHook() { return new Disposable(); }, log() {},
};
const load = Module.prototype.require;
Module.prototype.require = function (id) { return id === "@azure/functions-core" ? core : load.call(this, id); };
import(process.argv[2]).then(() => console.log(JSON.stringify(registered)));
`;
