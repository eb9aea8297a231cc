// The committed snapshots: the resources that each way to deploy makes, with every expression evaluated that needs no cloud.
import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";

const folder = path.resolve(import.meta.dirname, "..", "..", "infra", "parameters");

export interface Resource {
  readonly id: string;
  readonly type: string;
  readonly name: string;
  readonly apiVersion: string;
  readonly location?: string;
  readonly sku?: { readonly name: string };
  readonly identity?: { readonly type: string };
  readonly scope?: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

export interface Snapshot {
  /** Name of the parameter file: the way to deploy. */
  readonly way: string;
  readonly text: string;
  readonly resources: readonly Resource[];
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly diagnostics: readonly unknown[];
}

export const SNAPSHOTS: readonly Snapshot[] = readdirSync(folder)
  .filter((file) => file.endsWith(".snapshot.json"))
  .map((file) => {
    const text = readFileSync(path.join(folder, file), "utf8");
    const { predictedResources, outputs, diagnostics } = JSON.parse(text) as {
      predictedResources: readonly Resource[];
      outputs: Readonly<Record<string, unknown>>;
      diagnostics: readonly unknown[];
    };
    return {
      way: file.replace(".snapshot.json", ""),
      text,
      resources: predictedResources,
      outputs,
      diagnostics,
    };
  });

export function snapshot(way: string): Snapshot {
  const found = SNAPSHOTS.find((one) => one.way === way);
  if (found === undefined) throw new Error(`There is no snapshot "${way}"`);
  return found;
}

/** The resources of a type. */
export function all(of: Snapshot, type: string): readonly Resource[] {
  return of.resources.filter((resource) => resource.type === type);
}

/** The one resource of a type. */
export function one(of: Snapshot, type: string): Resource {
  const found = all(of, type);
  if (found.length !== 1 || found[0] === undefined) {
    throw new Error(`${of.way} has ${found.length} of ${type}`);
  }
  return found[0];
}

/** App settings by name. */
export function settings(of: Snapshot): ReadonlyMap<string, string> {
  const { siteConfig } = one(of, "Microsoft.Web/sites").properties as {
    siteConfig: { appSettings: readonly { name: string; value: string }[] };
  };
  return new Map(siteConfig.appSettings.map(({ name, value }) => [name, value]));
}

export interface Assignment {
  /** Id of the built-in role, or name of the custom one. */
  readonly role: string;
  /** Last two parts of the scope's id: `storageAccounts/...`, `containers/backups`. */
  readonly scope: string;
  readonly to: "app" | "administrator";
}

/** Role assignments: the id of each tells its scope, which is the part of it that stands before the assignment. */
export function assignments(of: Snapshot): readonly Assignment[] {
  const custom = new Map(
    all(of, "Microsoft.Authorization/roleDefinitions").map((role) => [
      role.name,
      String(role.properties["roleName"]).replace(/ \S+$/, ""),
    ]),
  );
  return all(of, "Microsoft.Authorization/roleAssignments").map(({ id, properties }) => {
    const role =
      /roleDefinitions[/', ]+([0-9a-f-]{36})/.exec(String(properties["roleDefinitionId"]))?.[1] ?? "";
    const scope =
      /^\[extensionResourceId\('([^']+)'/.exec(id)?.[1] ??
      id.split("/providers/Microsoft.Authorization")[0] ??
      "";
    return {
      role: custom.get(role) ?? role,
      scope: scope.split("/").slice(-2).join("/"),
      to: String(properties["principalId"]).includes("userAssignedIdentities") ? "app" : "administrator",
    };
  });
}
