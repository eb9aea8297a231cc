// The sample portal as a child process: an ArcGIS Online organisation to try the backup on.
import path from "node:path";
import type { ChildProgram } from "./child.ts";
import { getText } from "./get-text.ts";

const MAIN = "test/portal/main.ts";

/** So many times as fast as real time run the clocks of the sample portal and of the host that backs it up. */
export const SAMPLE_SCALE = 60;

/** Sample portal of a state folder; `password` is what its account signs in with. */
export function samplePortal(projectRoot: string, stateFolder: string, password: string): ChildProgram {
  return {
    name: "portal",
    title: "the sample portal",
    entry: path.join(projectRoot, MAIN),
    args: (port) => ["--port", String(port), "--scale", String(SAMPLE_SCALE)],
    env: { SAMPLE_PORTAL_PASSWORD: password },
    logFile: path.join(stateFolder, "portal.log"),
    ready: async (port) => {
      const answer = await getText(`${samplePortalUrl(port)}/sharing/rest/info?f=json`);
      return answer?.status === 200 && answer.text.startsWith("{");
    },
    // A run remembers the portal's address from its first step to its last.
    addressMatters: true,
  };
}

/** Address of the sample portal on this port. */
export function samplePortalUrl(port: number): string {
  return `http://127.0.0.1:${port}`;
}
