// What a backup stands on, on this machine: the built app, Blob Storage, and for the sample the portal.
import { ok, type Result } from "../../core/result.ts";
import { type Clock, realClock, scaledClock } from "../host/clock.ts";
import { azurite, azuriteConnection } from "../services/azurite.ts";
import { type ChildRecords, openChildRecords } from "../services/child-records.ts";
import { ensureChild, stopChild } from "../services/child.ts";
import { SAMPLE_SCALE, samplePortal, samplePortalUrl } from "../services/sample-portal.ts";
import { buildApp } from "./build-app.ts";
import type { Order } from "./order.ts";
import { sampleName, sampleProfile } from "./sample.ts";

export interface Ground {
  readonly profile: { readonly name: string; readonly text: string };
  /** Connection string of the emulator. */
  readonly storage: string;
  readonly clock: Clock;
  /** The sample portal lived on from an earlier start: a run was interrupted then. */
  readonly foundPortal: boolean;
  /** Process id of the sample portal; undefined without one. */
  readonly portalPid: number | undefined;
  /** Ends the children; the sample portal is spared on `keepPortal`, as it holds the exports of an open run. */
  leave(keepPortal: boolean): Promise<void>;
}

/** Builds the app and starts the children, or finds them alive. */
export async function prepareGround(
  order: Order,
  projectRoot: string,
  password: string,
): Promise<Result<Ground>> {
  await buildApp(projectRoot);
  const records = openChildRecords(order.stateFolder);
  const storage = await ensureChild(azurite(projectRoot, order.stateFolder), records);
  if (!storage.ok) return storage;
  const onStorage = { storage: azuriteConnection(storage.value.port) };
  if (order.profile !== undefined) {
    const { text, parsed } = order.profile;
    return ok({
      ...onStorage,
      profile: { name: parsed.name, text },
      clock: realClock(),
      foundPortal: false,
      portalPid: undefined,
      leave: async () => void (await stopChild("azurite", records)),
    });
  }
  const program = samplePortal(projectRoot, order.stateFolder, password, order.sample);
  const portal = await ensureChild(program, records);
  if (!portal.ok) {
    await stopChild("azurite", records);
    return portal;
  }
  return ok({
    ...onStorage,
    profile: {
      name: sampleName(order.sample),
      text: sampleProfile(order.sample, samplePortalUrl(portal.value.port, order.sample.kind)),
    },
    // The portal's origin, so that both read the same time also after one of them was started again.
    clock: scaledClock(SAMPLE_SCALE, portal.value.startedAt),
    foundPortal: portal.value.found,
    portalPid: portal.value.pid,
    leave: (keepPortal) => leaveBoth(records, keepPortal ? undefined : program.name),
  });
}

async function leaveBoth(records: ChildRecords, portal: string | undefined): Promise<void> {
  await stopChild("azurite", records);
  if (portal !== undefined) await stopChild(portal, records);
}
