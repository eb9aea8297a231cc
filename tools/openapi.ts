// Writes docs/openapi.json: the document that the app serves, for readers without a running app.
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { format } from "prettier";
import { openApiDocument } from "../src/functions/http/openapi.ts";
import { APP_VERSION } from "../src/version.ts";

const file = path.resolve(import.meta.dirname, "..", "docs", "openapi.json");
await writeFile(
  file,
  await format(JSON.stringify(openApiDocument(APP_VERSION)), { parser: "json", printWidth: 110 }),
);
console.log(`Wrote ${path.relative(process.cwd(), file)}`);
