// The HTTP functions and the timer of the fixture app, and a hook that keeps what each replay of an orchestrator was given.
import type {
  HttpRequest,
  HttpResponseInit,
  InvocationContext,
  PreInvocationContext,
} from "@azure/functions";
import { app } from "@azure/functions";
import * as df from "durable-functions";
import { activitiesReceived } from "./scenarios.ts";

const replays = new Map<string, unknown[]>();
app.hook.preInvocation((context: PreInvocationContext) => {
  const trigger = context.inputs[0] as { readonly instanceId?: string; readonly history?: unknown };
  if (trigger?.history === undefined || trigger.instanceId === undefined) return;
  const seen = replays.get(trigger.instanceId) ?? [];
  seen.push(structuredClone(trigger));
  replays.set(trigger.instanceId, seen);
});

type Handler = (
  request: HttpRequest,
  client: df.DurableClient,
  context: InvocationContext,
) => Promise<HttpResponseInit>;

function withClient(
  name: string,
  route: string,
  methods: ("GET" | "POST" | "DELETE")[],
  handler: Handler,
): void {
  app.http(name, {
    route,
    methods,
    extraInputs: [df.input.durableClient()],
    handler: async (request, context) => {
      try {
        return await handler(request, df.getClient(context), context);
      } catch (error) {
        return { status: 400, jsonBody: { refused: (error as Error).message } };
      }
    },
  });
}

withClient("start", "start/{name}/{id?}", ["POST"], async (request, client) => {
  const text = await request.text();
  const input: unknown = text === "" ? undefined : JSON.parse(text);
  const id = request.params["id"];
  const options = {
    ...(id === undefined ? {} : { instanceId: id }),
    ...(input === undefined ? {} : { input }),
  };
  return { jsonBody: { id: await client.startNew(request.params["name"] ?? "", options) } };
});
withClient("status", "status/{id}", ["GET"], async (request, client) => ({
  jsonBody: await client.getStatus(request.params["id"] ?? ""),
}));
withClient("list", "list", ["GET"], async (request, client) => {
  const statuses = request.query.get("statuses");
  const all = await (statuses === null
    ? client.getStatusAll()
    : client.getStatusBy({
        runtimeStatus: statuses.split(",") as unknown as df.OrchestrationRuntimeStatus[],
      }));
  return { jsonBody: all };
});
withClient("endEarly", "terminate/{id}", ["POST"], async (request, client) => {
  await client.terminate(request.params["id"] ?? "", "enough");
  return { status: 202 };
});
withClient("refused", "refused/{verb:alpha}/{id}", ["POST"], async (request, client) => {
  const { verb, id = "" } = request.params;
  if (verb === "suspend") await client.suspend(id, "why");
  if (verb === "resume") await client.resume(id, "why");
  if (verb === "rewind") await client.rewind(id, "why");
  if (verb === "raiseEvent") await client.raiseEvent(id, "news", {});
  if (verb === "readEntityState") await client.readEntityState(new df.EntityId("counter", id));
  return { status: 202 };
});
withClient("purge", "purge/{id?}", ["DELETE"], async (request, client) => {
  const id = request.params["id"];
  const from = new Date(request.query.get("from") ?? 0);
  const purged = await (id === undefined
    ? client.purgeInstanceHistoryBy({
        createdTimeFrom: from,
        runtimeStatus: [df.OrchestrationRuntimeStatus.Completed],
      })
    : client.purgeInstanceHistory(id));
  return { jsonBody: purged };
});
withClient("check", "check/{id}", ["GET"], (request, client) =>
  Promise.resolve(client.createCheckStatusResponse(request, request.params["id"] ?? "")),
);

app.http("whatWasSeen", {
  route: "seen/{id}",
  methods: ["GET"],
  handler: (request) => {
    const id = request.params["id"] ?? "";
    return { jsonBody: { replays: replays.get(id) ?? [], activities: activitiesReceived(id) } };
  },
});

app.http("parts", {
  route: "parts/{kind}/{number:int}/{*rest}",
  methods: ["GET"],
  handler: (request) => ({ jsonBody: request.params }),
});
app.http("echoBody", {
  methods: ["PUT"],
  authLevel: "function",
  handler: async (request, context) => {
    context.log("echoing", request.method);
    return {
      status: 201,
      headers: { "x-kind": request.headers.get("content-type") ?? "" },
      body: new Uint8Array(await request.arrayBuffer()),
    };
  },
});
app.http("forAdmins", { methods: ["GET"], authLevel: "admin", handler: () => ({ body: "in" }) });
app.http("fails", {
  methods: ["GET"],
  handler: () => {
    throw new Error("the handler said no");
  },
});

const ticks: unknown[] = [];
app.timer("tick", {
  schedule: "0 */5 * * * *",
  handler: (timer) => {
    ticks.push(timer);
  },
});
app.http("ticks", { methods: ["GET"], handler: () => ({ jsonBody: ticks }) });
