// Secrets of the environment: by their names, without versions.
import { expect, test } from "vitest";
import { environmentSecrets } from "../../../src/clients/secrets/environment.ts";
import { ok } from "../../../src/core/result.ts";

const read = environmentSecrets((name) => (name === "ACME_PASSWORD" ? "s3cret" : undefined));

test.each([
  ["OTHER", "no environment variable of this name is set", "Set the environment variable OTHER"],
  [`ACME_PASSWORD/${"a".repeat(32)}`, "the environment keeps no versions", "ACME_PASSWORD"],
])("a secret that is not there is told with what to do: %s", async (name, text, next) => {
  expect(await read("ACME_PASSWORD")).toEqual(ok("s3cret"));
  const refused = await read(name);
  if (refused.ok) throw new Error("it was read");
  expect(refused.failure.reason).toBe("bad-input");
  expect(refused.failure.text).toContain(text);
  expect(refused.failure.next).toContain(next);
});
