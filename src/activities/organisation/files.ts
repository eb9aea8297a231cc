// Makes the files below `organisation/` from the steps' records, one record in memory at a time.
import type { ManifestFile } from "../../core/manifest.ts";
import {
  FIRST_STEP,
  ORGANISATION_FILES,
  ORGANISATION_PARTS,
  type OrganisationKept,
  type OrganisationPart,
  type OrganisationRecord,
  type Told,
} from "../../core/organisation.ts";
import { type Result, ok } from "../../core/result.ts";
import { keepStream } from "../run/artifacts.ts";
import type { RunAtWork } from "../run/context.ts";
import { walkShards } from "../run/listing.ts";
import { requireRecord } from "../run/records.ts";
import { encoded } from "../run/run-files.ts";

/** Words of one report; what is beyond is counted. */
const MOST_TOLD = 200;

/** What the steps of one part brought. */
interface PartSteps {
  readonly seqs: number[];
  entries: number;
}

/** Writes what there is of each part; a part of which nothing came has no file. */
export async function organisationFiles(run: RunAtWork): Promise<OrganisationKept> {
  const { parts, told } = await readSteps(run);
  const notes = told.filter(({ serious }) => !serious).map(({ text }) => text);
  const problems = told.filter(({ serious }) => serious).map(({ text }) => text);
  const files: ManifestFile[] = [];
  const keep = async (name: string, text: AsyncGenerator<string>) => {
    const kept = await keepFile(run, `organisation/${name}`, text);
    if (kept.ok) files.push(kept.value);
    else problems.push(`${name}: ${kept.failure.text}`);
  };
  for (const part of ORGANISATION_PARTS) {
    const { seqs, entries } = parts[part];
    // An empty list that the portal sent is worth a file; one that it refused is not.
    if (entries === 0 && told.some(({ text }) => text.startsWith(part))) continue;
    await keep(ORGANISATION_FILES[part], textOf(run, part, seqs));
  }
  const folders = { count: 0 };
  await keep(ORGANISATION_FILES.folders, list(foldersOf(run, folders)));
  return {
    files,
    users: parts.users.entries,
    roles: parts.roles.entries,
    groups: parts.groups.entries,
    folders: folders.count,
    notes: capped(notes),
    problems: capped(problems),
  };
}

function capped(texts: readonly string[]): readonly string[] {
  const rest = texts.length - MOST_TOLD;
  return rest <= 0 ? texts : [...texts.slice(0, MOST_TOLD), `... and ${rest} more`];
}

async function readSteps(run: RunAtWork): Promise<{
  readonly parts: Readonly<Record<OrganisationPart, PartSteps>>;
  readonly told: readonly Told[];
}> {
  const none = (): PartSteps => ({ seqs: [], entries: 0 });
  const parts = { portal: none(), users: none(), roles: none(), categories: none(), groups: none() };
  const told: Told[] = [];
  for (let seq: number | undefined = FIRST_STEP.seq; seq !== undefined;) {
    const record: OrganisationRecord = await requireRecord(run.work, run.paths.organisationStep(seq));
    const part: PartSteps = parts[record.part];
    part.seqs.push(seq);
    part.entries += record.entries.length;
    told.push(...record.told);
    seq = record.next?.seq;
  }
  return { parts, told };
}

function textOf(run: RunAtWork, part: OrganisationPart, seqs: readonly number[]): AsyncGenerator<string> {
  switch (part) {
    case "portal":
    case "categories":
      return indented(entriesOf(run, seqs));
    case "users":
    case "roles":
      return list(entriesOf(run, seqs));
    case "groups":
      return lines(entriesOf(run, seqs));
  }
}

async function* entriesOf(run: RunAtWork, seqs: readonly number[]): AsyncGenerator {
  for (const seq of seqs) {
    const record = await requireRecord<OrganisationRecord>(run.work, run.paths.organisationStep(seq));
    yield* record.entries;
  }
}

/** Every member's folders, the empty ones included; the root folder has none. */
async function* foldersOf(run: RunAtWork, folders: { count: number }): AsyncGenerator {
  for await (const shard of walkShards(run)) {
    for (const { id, title } of shard.folders ?? []) {
      folders.count += 1;
      yield { username: shard.username, id, title };
    }
  }
}

async function* indented(entries: AsyncGenerator): AsyncGenerator<string> {
  for await (const entry of entries) yield `${JSON.stringify(entry, null, 2)}\n`;
}

async function* lines(entries: AsyncGenerator): AsyncGenerator<string> {
  for await (const entry of entries) yield `${JSON.stringify(entry)}\n`;
}

/** A JSON list with one entry per line. */
async function* list(entries: AsyncGenerator): AsyncGenerator<string> {
  let before = "[\n";
  for await (const entry of entries) {
    yield `${before}${JSON.stringify(entry)}`;
    before = ",\n";
  }
  yield before === "[\n" ? "[]\n" : "\n]\n";
}

async function keepFile(
  run: RunAtWork,
  name: string,
  text: AsyncGenerator<string>,
): Promise<Result<ManifestFile>> {
  const kept = await keepStream(run, name, encoded(text), { kind: "data", proof: "transit" }, () =>
    ok(undefined),
  );
  if (!kept.ok) return kept;
  return ok({ name, sizeBytes: kept.value.sizeBytes, hash: kept.value.hash });
}
