// Tries what a run of the profile needs, each part for itself: one that fails does not keep the others from being told.
import { destinationName } from "../../core/destination.ts";
import {
  type Check,
  destinationCheck,
  failedCheck,
  privilegeCheck,
  scheduleCheck,
} from "../../core/profile-check.ts";
import type { Profile } from "../../core/profile.ts";
import { printable } from "../../core/printable.ts";
import type { Deps } from "../../deps.ts";

/**
 * Stays in the container or the folder: the app may not delete. Created if absent, since "exists" is answered only to who may write.
 */
const MARK = ".connection-check.json";

/** Signs in once; a refused password is not tried again. Nothing is saved, and no mail is sent. */
export async function checkProfile(deps: Deps, profile: Profile): Promise<readonly Check[]> {
  const [portal, destination, mail] = await Promise.all([
    checkPortal(deps, profile),
    checkDestination(deps, profile),
    checkMail(deps, profile),
  ]);
  return [...portal, destination, mail, scheduleCheck(profile.schedule, deps.now())];
}

async function checkPortal(deps: Deps, profile: Profile): Promise<readonly Check[]> {
  // A client of its own: no run's sign-in, and no run's refusal.
  const connected = await deps.portal(profile, `${profile.name}-check-${deps.now()}`).connect();
  if (!connected.ok) return [failedCheck("portal", connected.failure)];
  const { name, base, kind, version, username, privileges } = connected.value;
  const what = kind === "online" ? "ArcGIS Online" : `ArcGIS Enterprise ${printable(version, 20)}`;
  const text = `Signed in to ${printable(name, 60)} (${what}, ${printable(base, 80)}) as "${printable(username, 60)}"`;
  return [{ check: "portal", state: "ok", text }, privilegeCheck(username, privileges)];
}

async function checkDestination(deps: Deps, profile: Profile): Promise<Check> {
  const store = await deps.backups(profile);
  if (!store.ok) return failedCheck("destination", store.failure);
  const ready = await store.value.ready();
  if (!ready.ok) return failedCheck("destination", ready.failure);
  const put = await store.value.put(MARK, "{}", { when: "absent", contentType: "application/json" });
  if (!put.ok) return failedCheck("destination", put.failure);
  const info = await store.value.info(MARK);
  return destinationCheck(destinationName(profile.destination), info.ok && info.value !== undefined);
}

async function checkMail(deps: Deps, profile: Profile): Promise<Check> {
  if (profile.mail === undefined) return { check: "mail", state: "ok", text: "The profile wants no mail" };
  if (deps.mail === undefined) {
    return {
      check: "mail",
      state: "warning",
      text: "The profile wants mail, and the app has no mail service: MAIL_FROM is not set",
      next: "Set MAIL_FROM and SENDGRID_SECRET in the app settings, or take the mail out of the profile",
    };
  }
  const ready = await deps.mail.ready();
  if (!ready.ok) return failedCheck("mail", ready.failure);
  const to = `${profile.mail.to.length} ${profile.mail.to.length === 1 ? "address" : "addresses"}`;
  return { check: "mail", state: "ok", text: `Mails ${to}; the key of the mail service can be read` };
}
