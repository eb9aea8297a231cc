// One case at the storage: an operation, a fault, once or always, in a run whose destination, or whose own records, lie
// behind a proxy that makes it.
import { randomUUID } from "node:crypto";
import { BlobServiceClient } from "@azure/storage-blob";
import { azureBlobStore } from "../../../src/clients/store/azure-blob.ts";
import type { Store } from "../../../src/clients/store/store.ts";
import { interferingProxy, type Trouble } from "../../../test/clients/store/interfering-proxy.ts";
import { random } from "../campaign.ts";
import { drive } from "./drive.ts";
import { beforeOf, observe, wrongIn } from "./judge.ts";
import type { Ended } from "./portal-case.ts";
import { type Scene, type SceneName, SCENES } from "./scenes.ts";
import { look, type Seen } from "./seen.ts";
import { makeWorld } from "./world.ts";

interface Operation {
  readonly of: "destination" | "work";
  readonly scene: SceneName;
  /** On `METHOD /account/container/path?query`. */
  readonly line: RegExp;
  /** `once` strikes one of so many; default the first. */
  readonly among?: number;
}

export const OPERATIONS = {
  "make the container": { of: "destination", scene: "zip", line: /^PUT .*restype=container/ },
  "claim the folder": { of: "destination", scene: "zip", line: /^PUT .*\/run\.json/ },
  "write a bundle": { of: "destination", scene: "map", line: /^PUT .*\/Target[^/]*\.zip/ },
  "write a file": { of: "destination", scene: "photo", line: /^PUT .*\/Target[^/]*_data\.jpg/ },
  "write a block": { of: "destination", scene: "large", line: /^PUT .*comp=block(?!list)/ },
  "commit the blocks": { of: "destination", scene: "large", line: /^PUT .*comp=blocklist/ },
  "write an export": { of: "destination", scene: "layer", line: /^PUT .*\/Target[^/]*\.gdb\.zip/ },
  "read for the proof": { of: "destination", scene: "layer", line: /^GET .*\/Target/ },
  "write the results": { of: "destination", scene: "zip", line: /^PUT .*\/Results\.txt/ },
  "write the manifest": { of: "destination", scene: "zip", line: /^PUT .*\/manifest\.json/ },
  "make the work container": { of: "work", scene: "zip", line: /^PUT .*restype=container/ },
  "read a record": { of: "work", scene: "zip", line: /^GET .*\/runs\//, among: 40 },
  "write a record": { of: "work", scene: "zip", line: /^PUT .*\/runs\//, among: 30 },
  "list records": { of: "work", scene: "zip", line: /^GET .*comp=list/, among: 3 },
} as const satisfies Record<string, Operation>;

export const STORAGE_KINDS = {
  "403": { status: 403, code: "AuthorizationPermissionMismatch" },
  "409": { status: 409, code: "BlobImmutableDueToPolicy" },
  "409 exists": { status: 409, code: "BlobAlreadyExists" },
  "412": { status: 412, code: "LeaseIdMissing" },
  "429": 429,
  "500": 500,
  "503": 503,
  timeout: "hang",
  reset: "drop",
  "lost answer": "lose-answer",
} as const satisfies Record<string, Trouble>;

export interface StorageCase {
  readonly operation: keyof typeof OPERATIONS;
  readonly kind: keyof typeof STORAGE_KINDS;
  readonly often: "once" | "always";
}

const QUICK = { delaysMs: [5, 5, 5], budgetMs: 5_000, tryMs: 1_500 };

export async function storageCase(
  { operation, kind, often }: StorageCase,
  seed: number,
  connection: string,
  usual: (scene: SceneName) => Promise<Seen>,
): Promise<Ended> {
  const { of, scene: name, line, among = 1 }: Operation = OPERATIONS[operation];
  const container = `faults-${randomUUID()}`;
  const nth = 1 + Math.floor(random(seed)() * among);
  let met = 0;
  const proxy = await interferingProxy(connection, (asked) => {
    if (!line.test(asked)) return "pass";
    met += 1;
    return met === nth || (often === "always" && met > nth) ? STORAGE_KINDS[kind] : "pass";
  });
  const direct = storeIn(container, connection);
  const patience = { ...QUICK, ...(kind === "timeout" && name !== "large" && { tryMs: 250 }) };
  const behind = storeIn(container, proxy.through(connection), patience);
  const scene: Scene = SCENES[name];
  const world = await makeWorld(scene, of === "work" ? { work: behind } : { backups: behind });
  try {
    const before = beforeOf(world.sample);
    const driven = await drive(world);
    // Where it could not be made there is nothing to look at.
    await direct.ready();
    const stores =
      of === "work" ? { work: direct, backups: world.backups } : { work: world.work, backups: direct };
    const seen = await look(stores);
    const requests = proxy.seen.length;
    const unmet = met < nth ? ["the operation was never made"] : [];
    if (seen === undefined) return { outcome: "not sealed", wrong: unmet, requests };
    const undisturbed = await usual(name);
    // A step that cannot reach its own records throws, and is repeated by the orchestrator.
    const told = of === "work" ? { ...driven, thrown: [] } : driven;
    const wrong = wrongIn({ sample: world.sample, driven: told, seen, undisturbed, before });
    return { outcome: observe({ seen, undisturbed }), wrong: [...unmet, ...wrong], requests };
  } finally {
    await world.stop();
    await proxy.stop();
    await BlobServiceClient.fromConnectionString(connection).getContainerClient(container).deleteIfExists();
  }
}

function storeIn(container: string, connectionString: string, patience = QUICK): Store {
  const store = azureBlobStore({ access: { connectionString }, container, patience });
  if (!store.ok) throw new Error(store.failure.text);
  return store.value;
}
