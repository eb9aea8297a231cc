// GET /api/backups/{id}/results: the whole Results.txt of a sealed run.
import { app } from "@azure/functions";
import { operation } from "./http/operation.ts";
import { notSealed, runText } from "./http/run-text.ts";

app.http(
  "getBackupResults",
  operation("getBackupResults", (call) => runText(call, ({ results }) => results, notSealed)),
);
