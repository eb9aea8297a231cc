// The definition of a service: what an export does not hold, and all that a view or a reference consists of.
import { hasKeyword } from "../../core/choice.ts";
import type { PlannedItem } from "../../core/item.ts";
import { isOnServer, isOwnService, serviceOf } from "../../core/own-service.ts";
import { type Failure, type Result, ok } from "../../core/result.ts";
import { serviceRootOf } from "../../core/service-address.ts";
import type { RunAtWork } from "../run/context.ts";
import type { BundleWriter } from "./bundle-writer.ts";

export interface ServiceDefinition {
  /** Item ids of the layers that a view shows; empty when it is no view or the portal does not tell. */
  readonly sources: readonly string[];
  readonly notes: readonly string[];
}

interface Part {
  readonly name: string;
  readonly url: string;
  readonly suffix: string;
  /** Without it the item is not saved. */
  readonly needed: boolean;
}

const NONE: ServiceDefinition = { sources: [], notes: [] };

/**
 * Adds service.json and, where the service has them, layers.json, admin.json and sources.json, each as the server sent it.
 * Servers outside of the organisation are not asked.
 */
export async function captureDefinition(
  run: RunAtWork,
  planned: PlannedItem,
  bundles: BundleWriter,
): Promise<Result<ServiceDefinition>> {
  const { item } = planned;
  if (item.url === null) return ok(NONE);
  const isHosted = hasKeyword(item, "Hosted Service");
  const isView = planned.cause === "view-of-saved-layer" || (isHosted && hasKeyword(item, "View Service"));
  const needed = planned.strategy === "export-fgdb" || isView;
  if (!needed) {
    const address = serviceOf(planned);
    if (address === undefined) return ok(NONE);
    const own = isOwnService(planned, address, run.self) ?? (await isFederated(run, address));
    if (!own) return ok(NONE);
  }
  return captureParts(run, planned, partsOf(serviceRootOf(item.url), { needed, isHosted, isView }), bundles);
}

/** A portal that does not tell its servers has none that could be known. */
async function isFederated(
  run: RunAtWork,
  address: NonNullable<ReturnType<typeof serviceOf>>,
): Promise<boolean> {
  const servers = await run.portal.servers();
  return servers.ok && isOnServer(address, servers.value);
}

function partsOf(
  url: string,
  is: { readonly needed: boolean; readonly isHosted: boolean; readonly isView: boolean },
): readonly Part[] {
  const isFeatures = is.needed || /\/FeatureServer$/i.test(url);
  const hasLayers = isFeatures || /\/MapServer$/i.test(url);
  return [
    { name: "service.json", url, suffix: "", needed: is.needed },
    ...(hasLayers ? [{ name: "layers.json", url, suffix: "/layers", needed: is.needed }] : []),
    ...(isFeatures && (is.isHosted || is.needed)
      ? [{ name: "admin.json", url: adminUrl(url), suffix: "", needed: false }]
      : []),
    ...(is.isView ? [{ name: "sources.json", url, suffix: "/sources", needed: false }] : []),
  ];
}

async function captureParts(
  run: RunAtWork,
  planned: PlannedItem,
  parts: readonly Part[],
  bundles: BundleWriter,
): Promise<Result<ServiceDefinition>> {
  const notes: string[] = [];
  let sources: readonly string[] = [];
  for (const part of parts) {
    const reply = await run.portal.service(part.url, part.suffix);
    if (!reply.ok) {
      if (part.needed || endsItem(planned, parts, reply.failure)) return reply;
      notes.push(`${part.name} not saved: ${reply.failure.text}`);
      // A service that is stopped or gone has nothing behind it either.
      if (part.name === "service.json") break;
      continue;
    }
    if (part.name === "sources.json") sources = sourceIds(reply.value.value);
    const added = await bundles.add(part.name, reply.value.raw);
    if (!added.ok) return added;
  }
  return ok({ sources, notes });
}

/** Trouble that may pass is worth another round, except for a reference, which a stopped server would fail every night. */
function endsItem({ strategy }: PlannedItem, parts: readonly Part[], { reason }: Failure): boolean {
  if (reason === "sign-in-refused") return true;
  const isReference = strategy === "skip-reference" && !parts.some(({ needed }) => needed);
  return reason === "transient" && !isReference;
}

function adminUrl(url: string): string {
  return url.replace(/\/rest\/services\//i, (match) => match.replace(/services\/$/i, "admin/services/"));
}

function sourceIds(value: Record<string, unknown>): readonly string[] {
  const services = Array.isArray(value["services"]) ? (value["services"] as readonly unknown[]) : [];
  const ids = services.map((service) =>
    typeof service === "object" && service !== null && "serviceItemId" in service
      ? service.serviceItemId
      : undefined,
  );
  return [...new Set(ids.filter((id) => typeof id === "string"))];
}
