// The servers that belong to the portal, asked for once: they do not change while a run goes on.
import { ok, type Result } from "../../core/result.ts";
import type { Portal } from "./portal.ts";
import type { Sender } from "./send.ts";
import { listedServers } from "./server-tokens.ts";

export function federation(sender: Sender): Pick<Portal, "servers"> {
  let asked: Promise<Result<readonly string[]>> | undefined;
  return {
    servers: async () => {
      const asking = (asked ??= listed(sender));
      const found = await asking;
      if (!found.ok && asked === asking) asked = undefined;
      return found;
    },
  };
}

async function listed(sender: Sender): Promise<Result<readonly string[]>> {
  const found = await listedServers(sender);
  return found.ok ? ok(found.value ?? []) : found;
}
