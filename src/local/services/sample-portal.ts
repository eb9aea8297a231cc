// The sample portal as a child process: an ArcGIS Online organisation or an ArcGIS Enterprise to try the backup on.
import path from "node:path";
import type { ChildProgram } from "./child.ts";
import { getText } from "./get-text.ts";

const MAIN = "test/portal/main.ts";

/** So many times as fast as real time run the clocks of the sample portal and of the host that backs it up. */
export const SAMPLE_SCALE = 60;

export interface SampleKind {
  readonly kind: "online" | "enterprise";
  /** `trouble`: a run against it ends as partial, with failures of many kinds. */
  readonly seed: "default" | "trouble";
}
const USUAL: SampleKind = { kind: "online", seed: "default" };

/** Sample portal of a state folder; `password` is what its account signs in with. */
export function samplePortal(
  projectRoot: string,
  stateFolder: string,
  password: string,
  { kind, seed }: SampleKind = USUAL,
): ChildProgram {
  // One that is found alive must be of this kind: each has a name of its own.
  const name = kind === USUAL.kind && seed === USUAL.seed ? "portal" : `portal-${kind}-${seed}`;
  const ofKind = kind === USUAL.kind ? [] : ["--kind", kind];
  return {
    name,
    title: "the sample portal",
    entry: path.join(projectRoot, MAIN),
    args: (port) => ["--port", String(port), "--scale", String(SAMPLE_SCALE), ...ofKind, "--seed", seed],
    env: { SAMPLE_PORTAL_PASSWORD: password },
    logFile: path.join(stateFolder, `${name}.log`),
    ready: async (port) => {
      const answer = await getText(`${samplePortalUrl(port, kind)}/sharing/rest/info?f=json`);
      return answer?.status === 200 && answer.text.startsWith("{");
    },
    // A run remembers the portal's address from its first step to its last.
    addressMatters: true,
  };
}

/** Address of the sample portal on this port; an Enterprise lies below its web adaptor. */
export function samplePortalUrl(port: number, kind: SampleKind["kind"] = "online"): string {
  return `http://127.0.0.1:${port}${kind === "online" ? "" : "/portal"}`;
}
