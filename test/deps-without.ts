// Deps for tests of what needs few of them: whatever a test does not give throws when it is used.
import type { Deps } from "../src/deps.ts";

/** The rest of Deps; `why` says in the error what the test is about. */
export function depsWithout(why: string): Omit<Deps, "work" | "profile" | "now"> {
  const absent = (): never => {
    throw new Error(why);
  };
  return {
    appVersion: "0.1.0",
    defaultProfile: undefined,
    takesFolders: false,
    backups: absent,
    portal: absent,
    portalRequests: () => 0,
    workerId: "here",
    mail: undefined,
    tell: () => undefined,
    makeBundle: absent,
    zipStream: absent,
    inspectGdb: absent,
    inspectShapefiles: absent,
    inspectZip: absent,
    zipTexts: absent,
    wait: absent,
  };
}
