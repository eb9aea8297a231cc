// The durable client as the app uses it: three calls, behind which tests put their own answers.
import * as df from "durable-functions";
import type { InvocationContext } from "@azure/functions";

export interface Orchestrations {
  /** Starts an orchestration under this id; one of this id that runs already is the same one, started by someone else. */
  start(name: string, instanceId: string, input: object): Promise<void>;
  /** `ended`: completed, failed or terminated. `absent`: never started, or its history was purged. */
  state(instanceId: string): Promise<"running" | "ended" | "absent">;
  /** Deletes the history of what has ended and was created before `createdBefore` (epoch ms); how many instances. */
  purge(createdBefore: number): Promise<number>;
}

const RUNNING: ReadonlySet<string> = new Set(["Running", "Pending", "ContinuedAsNew", "Suspended"]);

export function orchestrationsOf(context: InvocationContext): Orchestrations {
  const client = df.getClient(context);
  return {
    start: async (name, instanceId, input) => {
      try {
        await client.startNew(name, { instanceId, input });
      } catch (error) {
        if (!(error instanceof Error && error.message.includes("already exists"))) throw error;
      }
    },
    state: async (instanceId) => {
      try {
        const { runtimeStatus } = await client.getStatus(instanceId, { showInput: false });
        return RUNNING.has(runtimeStatus) ? "running" : "ended";
      } catch (error) {
        // The client answers an unknown id by throwing.
        if (error instanceof Error && error.message.includes("404")) return "absent";
        throw error;
      }
    },
    purge: async (createdBefore) => {
      const { Completed, Failed, Terminated } = df.OrchestrationRuntimeStatus;
      const purged = await client.purgeInstanceHistoryBy({
        // Without a beginning it is refused, without the states it purges what still runs.
        createdTimeFrom: new Date(0),
        createdTimeTo: new Date(createdBefore),
        runtimeStatus: [Completed, Failed, Terminated],
      });
      return purged.instancesDeleted;
    },
  };
}
