// GET /api/backups/{id}/summary: the results of a sealed run on one screen.
import { app } from "@azure/functions";
import { runPaths } from "../core/work-paths.ts";
import { serveRunText } from "./run-text.ts";

app.http("getBackupSummary", {
  route: "backups/{id}/summary",
  methods: ["GET"],
  authLevel: "function",
  handler: (request) => serveRunText(request, (id) => runPaths(id).summary),
});
