// A result file behind an address that a service answered with.
import type { Sender } from "./send.ts";
import { lostRead } from "./refusals.ts";
import { answeredAddress, fileNameIn } from "./service-address.ts";
import type { ServiceCalls } from "./service-calls.ts";
import { quoted } from "./clean.ts";

export function serviceFile(sender: Sender): Pick<ServiceCalls, "serviceFile"> {
  return {
    serviceFile: async (written) => {
      const url = answeredAddress(written, "read a result file");
      if (!url.ok) return url;
      const action = `read result file ${quoted(fileNameIn(url.value))}`;
      const reply = await sender.open({ action, at: url.value }, "any");
      if (reply.ok) return reply;
      // Storage refuses a signed address that is too old as it refuses a stranger.
      const signed = url.value.search !== "" && reply.error?.code === 403;
      if (!signed) return lostRead(reply);
      const next = "Start the backup again: the address of the file was too old";
      return { ok: false, failure: { ...reply.failure, reason: "transient", next } };
    },
  };
}
