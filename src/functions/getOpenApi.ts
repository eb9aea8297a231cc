// GET /api/openapi.json: the OpenAPI document of this app.
import { app } from "@azure/functions";
import { openApiDocument } from "./http/openapi.ts";
import { operation } from "./http/operation.ts";

app.http(
  "getOpenApi",
  operation("getOpenApi", async ({ deps }) => ({ status: 200, jsonBody: openApiDocument(deps.appVersion) })),
);
