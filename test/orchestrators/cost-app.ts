// An app of the real orchestrators over activities that do nothing: what an organisation of 5,000 items costs in durable
// actions and history, without the portal and the storage.
import { type HttpRequest, app } from "@azure/functions";
import * as df from "durable-functions";
import type { ActivityInput, ActivityName, ActivityOutput } from "../../src/activities/table.ts";
import { type Claims, NO_CLAIMS, claimKey, decideClaim } from "../../src/core/claims.ts";
import { orchestrators } from "../../src/orchestrators/table.ts";

export const SIZE = { batches: 240, batchSize: 20, exports: 200, members: 40 } as const;
const LOOKS = 3;

type Act = { readonly [N in ActivityName]: (input: ActivityInput<N>) => ActivityOutput<N> };

let claims: Claims = NO_CLAIMS;
const looks = new Map<string, number>();
const direct = SIZE.batches * SIZE.batchSize;
const listed = direct + SIZE.exports;

const ACTIVITIES: Act = {
  openRun: () => ({ sealed: false, directLanes: 4, heavyLanes: 3 }),
  listMembers: () => ({ members: SIZE.members }),
  listContent: ({ member }) => ({ nextMember: member + 1, members: SIZE.members }),
  listGroups: () => ({ nextGroup: 0, groups: 0 }),
  searchItems: () => ({ done: true }),
  crossCheckListing: () => ({ listed }),
  readRelations: ({ next }) => ({ next, misses: 0, done: true }),
  captureOrganisation: () => ({}),
  readEdits: () => ({ nextLayer: 0, layers: 0 }),
  planRound: ({ round }) =>
    round === 1
      ? { ...SIZE, pieces: SIZE.exports, settledParts: 0, items: listed, listed }
      : { batches: 0, batchSize: 0, pieces: 0, settledParts: 0, items: 0, listed: 0 },
  saveItem: () => ({ next: "done", state: "saved", sizeBytes: 1 }),
  recordPart: () => ({ items: 1 }),
  claimPiece: (input) => {
    claims = decideClaim(claims, input, { pieces: SIZE.exports, mostParked: 3 });
    const piece = claims.given[claimKey(input)]?.piece ?? null;
    return piece === null ? { piece: -1, isExport: false } : { part: `h${piece}`, piece, isExport: true };
  },
  startExport: () => ({ next: "wait", seconds: 15, overdue: false }),
  pollExport: ({ part }) => {
    const seen = (looks.get(part) ?? 0) + 1;
    looks.set(part, seen);
    return seen < LOOKS ? { next: "wait", seconds: 15, overdue: false } : { next: "save", isSure: true };
  },
  saveExport: () => ({ next: "done" }),
  endExport: () => ({ deleted: true }),
  sweepExports: () => ({ left: 0 }),
  sealRun: () => ({ verdict: "succeeded" }),
  sendMail: () => ({ mail: "not wanted" }),
  beginClosing: () => ({ sealed: true, reachedPortal: false }),
  tellRun: () => ({ failedItems: 0 }),
  tellPlan: () => ({ items: listed }),
};

for (const [name, orchestrator] of Object.entries(orchestrators)) df.app.orchestration(name, orchestrator);
for (const [name, act] of Object.entries(ACTIVITIES)) {
  df.app.activity(name, { handler: (input: unknown) => (act as (input: unknown) => object)(input) });
}

app.http("start", {
  route: "start/{id}",
  methods: ["POST"],
  authLevel: "anonymous",
  extraInputs: [df.input.durableClient()],
  handler: async (request: HttpRequest, context) => {
    const id = request.params["id"] ?? "";
    await df.getClient(context).startNew("backup", { instanceId: id, input: { runId: id } });
    return { status: 202 };
  },
});

app.http("status", {
  route: "status/{id}",
  methods: ["GET"],
  authLevel: "anonymous",
  extraInputs: [df.input.durableClient()],
  handler: async (request: HttpRequest, context) => {
    const { runtimeStatus, output }: { runtimeStatus: string; output: unknown } = await df
      .getClient(context)
      .getStatus(request.params["id"] ?? "");
    return { jsonBody: { runtimeStatus, output } };
  },
});
