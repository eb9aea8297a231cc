// `state/{profile}.json`: what the app remembers of a profile between its runs.
import type { OpenRunInput } from "../openRun.ts";

export interface ProfileState {
  /** The run that holds the profile; null when the next one may start. Enough to start it, should its starter have died. */
  readonly openRun: OpenRunInput | null;
  readonly lastRun: string | null;
}
