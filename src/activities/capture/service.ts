// The definition of a feature service: what the exported geodatabase does not hold, and all that a view consists of.
import { type Result, ok } from "../../core/result.ts";
import type { RunAtWork } from "../run/context.ts";
import type { BundleWriter } from "./bundle-writer.ts";

export interface ServiceDefinition {
  /** Item ids of the layers that a view shows; empty when it is no view or the portal does not tell. */
  readonly sources: readonly string[];
  readonly notes: readonly string[];
}

/** Adds service.json, layers.json, admin.json and, for a view, sources.json, each as the portal sent it. */
export async function captureService(
  run: RunAtWork,
  url: string,
  isView: boolean,
  bundles: BundleWriter,
): Promise<Result<ServiceDefinition>> {
  const notes: string[] = [];
  let sources: readonly string[] = [];
  const parts = [
    { name: "service.json", base: url, suffix: "", needed: true },
    { name: "layers.json", base: url, suffix: "/layers", needed: true },
    { name: "admin.json", base: adminUrl(url), suffix: "", needed: false },
    ...(isView ? [{ name: "sources.json", base: url, suffix: "/sources", needed: false }] : []),
  ];
  for (const part of parts) {
    const reply = await run.portal.service(part.base, part.suffix);
    if (!reply.ok) {
      if (part.needed || reply.failure.reason === "transient") return reply;
      notes.push(`${part.name} not saved: ${reply.failure.text}`);
      continue;
    }
    if (part.name === "sources.json") sources = sourceIds(reply.value.value);
    const added = await bundles.add(part.name, reply.value.raw);
    if (!added.ok) return added;
  }
  return ok({ sources, notes });
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
