// items.jsonl: one item a line, ended by LF. What is written is the ItemLine itself; the schema is the reader's.
import * as z from "zod";
import { type Caught, catching } from "./catching.ts";
import { SKIP_CAUSES, STRATEGIES, type SkipCause } from "./item.ts";
import { RUNGS, type Rung } from "./ladder.ts";
import { ARTIFACT_KINDS, LOSS_KINDS } from "./outcome.ts";
import { printable } from "./printable.ts";
import { FAILURE_REASONS, failed, ok, type FailureReason, type Result } from "./result.ts";
import type { ItemLine } from "./run.ts";

const count = z.number().int().nonnegative();
const itemId = z.string().regex(/^[0-9a-f]{32}$/);
/** `sha256:` and 64 hex digits. */
export const hash = z.string().regex(/^sha256:[0-9a-f]{64}$/);

/** A failure as every record holds it. */
export const failure = z.object({
  reason: z.enum(Object.keys(FAILURE_REASONS) as [FailureReason, ...FailureReason[]]),
  text: z.string(),
  next: z.string(),
  traceId: z.string().exactOptional(),
});

const item = z.object({
  id: itemId,
  owner: z.string(),
  folder: z.string().nullable(),
  title: z.string(),
  type: z.string(),
  typeKeywords: z.array(z.string()),
  name: z.string().nullable(),
  url: z.string().nullable(),
  size: z.number(),
  access: z.string(),
  tags: z.array(z.string()),
  created: z.number(),
  modified: z.number(),
  found: z.enum(["walk", "search"]),
  isForeign: z.literal(true).exactOptional(),
});

const artifact = z.object({
  kind: z.enum(ARTIFACT_KINDS),
  path: z.string().min(1),
  sizeBytes: count,
  hash,
  proof: z.enum(["stored", "transit"]),
  entries: z.array(z.object({ name: z.string().min(1), sizeBytes: count, hash })).exactOptional(),
  tables: z
    .array(
      z.object({
        name: z.string(),
        rows: count,
        layerId: count.exactOptional(),
        rowsBefore: count.exactOptional(),
        rowsAfter: count.exactOptional(),
      }),
    )
    .exactOptional(),
  name: z.string().exactOptional(),
});

const loss = z.object({
  kind: z.enum(LOSS_KINDS),
  text: z.string(),
});

const ofAny = {
  itemId,
  strategy: z.enum(STRATEGIES),
  why: z.string(),
  artifacts: z.array(artifact),
  sizeBytes: count,
  tookMs: z.number().nonnegative(),
  notes: z.array(z.string()),
  rung: z.enum(Object.keys(RUNGS) as [Rung, ...Rung[]]).exactOptional(),
  unknownType: z.literal(true).exactOptional(),
};

const outcome = z.discriminatedUnion("state", [
  z.object({ ...ofAny, state: z.literal("saved"), loss: z.array(loss) }),
  z.object({ ...ofAny, state: z.literal("unchanged"), since: z.string() }),
  z.object({
    ...ofAny,
    state: z.literal("skipped"),
    cause: z.enum(Object.keys(SKIP_CAUSES) as [SkipCause, ...SkipCause[]]),
    coveredBy: z.array(z.string()),
  }),
  z.object({ ...ofAny, state: z.literal("failed"), failure }),
]);

const itemLine = z.object({ item, outcome });

// Some programs end a line at these; JSON.stringify leaves them as they are.
const LINE_ENDS = /[\u{85}\u{2028}\u{2029}]/gu;

/** One line of items.jsonl with its line end, and with nothing inside that any program takes for one. */
export function itemLineText(line: ItemLine): string {
  const text = JSON.stringify(line).replace(
    LINE_ENDS,
    (end) => `\\u${end.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return `${text}\n`;
}

/** Reads one line of items.jsonl, with or without its line end; `number` (1-based) is told in the failure. Unknown fields are left out. */
export function parseItemLine(text: string, number: number): Result<ItemLine> {
  const next =
    "Compare items.jsonl with its hash in manifest.json: if it differs, use another run's backup; " +
    "if not, a newer version wrote it (appVersion in manifest.json) and can read it.";
  const value = parseJson(text);
  if (!value.ok)
    return failed("wrong-content", `Cannot read items.jsonl line ${String(number)}: not JSON`, next);
  const parsed = itemLine.safeParse(value.value);
  if (parsed.success) return ok(parsed.data);
  return failed(
    "wrong-content",
    `Cannot read items.jsonl line ${String(number)}: ${problemsOf(parsed.error)}`,
    next,
  );
}

/** JSON.parse as a value: the text may come from anywhere. */
export function parseJson(text: string): Caught<unknown> {
  return catching(() => JSON.parse(text) as unknown, SyntaxError);
}

/** The first three problems of a schema check, each with the path of its field. */
export function problemsOf(error: z.ZodError): string {
  const [problems, rest] = [error.issues.slice(0, 3), error.issues.length - 3];
  const texts = problems.map(({ path, message }) => `${path.map(String).join(".") || "(whole)"}: ${message}`);
  return printable(`${texts.join("; ")}${rest > 0 ? `; and ${String(rest)} more` : ""}`, 400);
}
