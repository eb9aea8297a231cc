// Keeps the organisation itself in the restore point: settings, members, roles, categories, groups, folders. Works for about
// a minute, then hands on to the next call. Each step's answer is kept once in `work`, and the files are made from these.
import {
  FIRST_STEP,
  type OrganisationKept,
  type OrganisationRecord,
  type OrganisationStep,
} from "../core/organisation.ts";
import type { Deps } from "../deps.ts";
import { organisationStep } from "./organisation/step.ts";
import { organisationFiles } from "./organisation/files.ts";
import { cancelRequest } from "./run/cancel.ts";
import { readRunAtWork } from "./run/context.ts";
import { logStep } from "./run/log.ts";
import { firstRecord, readRecord } from "./run/records.ts";

const SLICE_MS = 60_000;
/** Some ten million members or a hundred thousand groups: beyond it something goes round in circles. */
const MOST_STEPS = 100_000;

export interface OrganisationInput {
  readonly runId: string;
  /** Absent: from the beginning. */
  readonly at?: OrganisationStep;
}

/** `next` absent: done, or canceled. Never fails: what could not be kept is told in the record. */
export async function captureOrganisation(
  input: OrganisationInput,
  deps: Deps,
): Promise<{ readonly next?: OrganisationStep }> {
  if ((await cancelRequest(deps.work, input.runId)) !== undefined) return {};
  const opened = await readRunAtWork(deps, input.runId);
  // A destination that is refused now is refused to every item as well: sealing tells it.
  if (!opened.ok) return {};
  const run = opened.value;
  const until = deps.now() + SLICE_MS;
  let at: OrganisationStep | null = input.at ?? FIRST_STEP;
  do {
    const path = run.paths.organisationStep(at.seq);
    const record: OrganisationRecord =
      (await readRecord<OrganisationRecord>(run.work, path)) ??
      (await firstRecord(run.work, path, await organisationStep(run, at)));
    at = record.next;
    if (at !== null && at.seq >= MOST_STEPS) throw new Error("The organisation has no end");
  } while (at !== null && deps.now() < until);
  if (at !== null) return { next: at };

  const kept = await firstRecord<OrganisationKept>(
    run.work,
    run.paths.organisation,
    await organisationFiles(run),
  );
  await logStep(run, "3-organisation", [
    ...kept.files.map(({ name, sizeBytes }) => line("info", `Kept ${name}, ${sizeBytes} bytes`)),
    ...kept.notes.map((text) => line("warn", text)),
    ...kept.problems.map((text) => line("error", text)),
  ]);
  return {};

  function line(level: "info" | "warn" | "error", text: string) {
    return { at: deps.now(), level, topic: "organisation", text };
  }
}
