// GET /api/backups/{id}/summary: the results of a sealed run on one screen.
import { app } from "@azure/functions";
import { operation } from "./http/operation.ts";
import { notSealed, runText } from "./http/run-text.ts";

app.http(
  "getBackupSummary",
  operation("getBackupSummary", (call) => runText(call, ({ summary }) => summary, notSealed)),
);
