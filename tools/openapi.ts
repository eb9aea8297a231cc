// Writes docs/openapi.json, the document that the app serves, and docs/profile.schema.json, for readers without a running app.
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { format } from "prettier";
import { profileJsonSchema } from "../src/core/profile.ts";
import { openApiDocument } from "../src/functions/http/openapi.ts";
import { APP_VERSION } from "../src/version.ts";

await write("openapi.json", openApiDocument(APP_VERSION));
await write("profile.schema.json", profileJsonSchema());

async function write(name: string, json: unknown): Promise<void> {
  const file = path.resolve(import.meta.dirname, "..", "docs", name);
  await writeFile(file, await format(JSON.stringify(json), { parser: "json", printWidth: 110 }));
  console.log(`Wrote ${path.relative(process.cwd(), file)}`);
}
