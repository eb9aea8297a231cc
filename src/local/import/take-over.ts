// Turns the labelled values of a sheet of parameters into a profile: what was understood, what was not taken over and why,
// which secrets it needs, or everything that is wrong with it.
import { parseProfile } from "../../core/profile.ts";
import type { Arranged, Labelled } from "./arrangement.ts";
import { dailyAt, scheduleOf } from "./day-time.ts";
import type { Field } from "./labels.ts";
import { Draft, type Understood } from "./draft.ts";
import { MEANINGS } from "./meanings.ts";
import { problemText, readProblem } from "./problem-text.ts";
import type { FoundSecret } from "./secrets-of.ts";
import { readConnection, readPassword } from "./take-secrets.ts";
import type { Value } from "./values.ts";

export interface TakenOver {
  /** The profile's JSON. */
  readonly profile: Readonly<Record<string, unknown>>;
  readonly understood: readonly Understood[];
  /** One sentence each. */
  readonly notTaken: readonly string[];
  /** Labels that are not known and have a value. */
  readonly unknown: readonly string[];
  readonly secrets: readonly FoundSecret[];
}

export type TakeOver =
  | { readonly ok: true; readonly taken: TakenOver }
  | {
      readonly ok: false;
      readonly problems: readonly string[];
      /** What must not be in any line that is shown. */
      readonly secrets: readonly FoundSecret[];
    };

/** `name` is the profile's. */
export function takeOver({ found, furtherRows }: Arranged, name: string): TakeOver {
  const draft = new Draft();
  draft.set("name", name);
  draft.set("portal.auth.kind", "password");
  const known = oneOfEach(found, draft);
  const container = known.get("container");
  const isAzure = container !== undefined || known.has("connection");
  for (const [field, labelled] of known) {
    if (field === "folder" && isAzure) {
      draft.notTaken.push(
        `"${labelled.label}": the backups go to Azure, as the sheet names a container or a connection; a profile has one destination`,
      );
    } else readInto(draft, field, labelled);
  }
  readPassword(draft, name, known.get("password"));
  readConnection(draft, name, known.get("connection"), container);
  readSchedule(draft, known.get("schedule"), known.get("zone"));
  if (!draft.origins.has("layout")) {
    draft.set("layout", "type");
    draft.understood.push({
      label: "",
      path: "layout",
      shown: "type",
      note: "as the original sorts when nothing is said",
    });
  }
  if (furtherRows > 0) {
    draft.notTaken.push(
      `${furtherRows} further rows of values: only the first row was read. Import each from a file of its own, with its own --name`,
    );
  }
  return finished(draft, found);
}

/** The first label with a value for each field; others of the same field are told. */
function oneOfEach(found: readonly Labelled[], draft: Draft): ReadonlyMap<Field, Labelled> {
  const known = new Map<Field, Labelled>();
  for (const labelled of found) {
    const { field, label, value, place } = labelled;
    if (field === undefined || value === "") continue;
    const before = known.get(field);
    if (field === "mailServer") {
      draft.notTaken.push(
        `"${label}": mail goes out by SendGrid; set MAIL_FROM and SENDGRID_SECRET on this machine, or the mail parameters of the deployment`,
      );
    } else if (before === undefined) known.set(field, labelled);
    else if (before.value !== value) {
      draft.notTaken.push(
        `"${label}" (${place}): "${before.label}" (${before.place}) says the same and came first`,
      );
    }
  }
  return known;
}

function readInto(draft: Draft, field: Field, labelled: Labelled): void {
  const meaning = MEANINGS[field];
  if (meaning === undefined) return;
  const { label, value } = labelled;
  const read = meaning.read(value);
  draft.origins.set(meaning.path, labelled);
  if (!read.ok) {
    draft.problems.push(readProblem(labelled, read.expected));
    return;
  }
  if (read.value !== undefined) draft.set(meaning.path, read.value);
  draft.understood.push({
    label,
    path: meaning.path,
    shown: wordsOf(read.value),
    ...(read.note === undefined ? {} : { note: read.note }),
  });
}

function wordsOf(value: Value | undefined): string {
  if (value === undefined) return "(left out)";
  return typeof value === "object" ? value.join(", ") : String(value);
}

function readSchedule(draft: Draft, when: Labelled | undefined, zone: Labelled | undefined): void {
  const schedule = scheduleOf(when?.value ?? "", zone?.value ?? "");
  if (when !== undefined && schedule !== undefined) {
    draft.set("schedule", schedule);
    draft.origins.set("schedule", when);
    draft.understood.push({ label: when.label, path: "schedule", shown: JSON.stringify(schedule) });
    return;
  }
  const cron = dailyAt(when?.value ?? "") ?? "0 2 * * *";
  for (const { label } of [when, zone].filter((each) => each !== undefined)) {
    draft.notTaken.push(
      `"${label}": the time and an IANA time zone are not both clear. Add what is in Task Scheduler by hand, such as "schedule": { "cron": "${cron}", "zone": "America/Denver" }`,
    );
  }
}

function finished(draft: Draft, found: readonly Labelled[]): TakeOver {
  const parsed = parseProfile(draft.profile);
  const problems = [
    ...draft.problems,
    ...(parsed.ok ? [] : parsed.problems).map((problem) => problemText(problem, draft.origins)),
  ];
  if (problems.length > 0) return { ok: false, problems, secrets: draft.secrets };
  const unknown = found.filter(({ field }) => field === undefined).map(({ label }) => label);
  const { profile, understood, notTaken, secrets } = draft;
  return { ok: true, taken: { profile, understood, notTaken, unknown, secrets } };
}
