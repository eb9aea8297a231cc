// GET /api/backups/{id}/results: the whole Results.txt of a sealed run.
import { app } from "@azure/functions";
import { runPaths } from "../core/work-paths.ts";
import { serveRunText } from "./run-text.ts";

app.http("getBackupResults", {
  route: "backups/{id}/results",
  methods: ["GET"],
  authLevel: "function",
  handler: (request) => serveRunText(request, (id) => runPaths(id).results),
});
