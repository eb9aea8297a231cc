// The first call of a run: finds the portal, signs in and reads who answers and what the account may do.
import { failed, ok, type Result } from "../../core/result.ts";
import { quoted } from "./clean.ts";
import { fieldsOf, listOf, numberOf, textOf, type Fields } from "../../core/fields.ts";
import type { PortalSelf } from "./portal.ts";
import { ownAddress, type Home } from "./probe.ts";
import type { Sender } from "./send.ts";

/** Who may list every member and read every item, whatever the role is called. */
const SEES_ALL = ["portal:admin:viewUsers", "portal:admin:viewItems"];

export function connecting(
  sender: Sender,
  home: () => Promise<Result<Home>>,
  username: string,
): () => Promise<Result<PortalSelf>> {
  const action = "read who the portal is";
  return async () => {
    const found = await home();
    if (!found.ok) return found;
    const reply = await sender.json({ action, at: ["portals", "self"] });
    if (!reply.ok) return { ok: false, failure: reply.failure };
    const self = reply.value.value;
    const user = fieldsOf(self, "user");
    const name = textOf(user, "username");
    if (name === undefined) {
      const text = `Cannot sign in as ${quoted(username)}: ${found.value.base.host} took the token but names no user`;
      return failed("portal-error", text, "Use a built-in account of the portal");
    }
    const enterprise = self["isPortal"] === true;
    const version = enterprise ? await enterpriseVersion(sender) : undefined;
    return ok({
      ...selfOf(self, user, name, found.value.base),
      ...(version === undefined ? {} : { version }),
    });
  };
}

function selfOf(self: Fields, user: Fields, username: string, base: URL): PortalSelf {
  const privileges = (listOf(user, "privileges") ?? []).filter((privilege) => typeof privilege === "string");
  const own = ownAddress(self, base)[0] ?? base;
  return {
    id: textOf(self, "id") ?? "",
    name: textOf(self, "name") ?? textOf(self, "portalName") ?? base.host,
    base: own.href.replace(/\/+$/, ""),
    kind: self["isPortal"] === true ? "enterprise" : "online",
    version: textOf(self, "currentVersion") ?? String(numberOf(self, "currentVersion") ?? ""),
    username,
    privileges,
    seesAllItems: SEES_ALL.every((privilege) => privileges.includes(privilege)),
  };
}

/** The version that administrators know, e.g. 11.3.0; a portal that does not tell it is none the worse. */
async function enterpriseVersion(sender: Sender): Promise<string | undefined> {
  const reply = await sender.json({ action: "read the portal's version", at: [] });
  return reply.ok ? textOf(reply.value.value, "enterpriseVersion") : undefined;
}
