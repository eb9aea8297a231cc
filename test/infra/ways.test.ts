// What sets one way to deploy apart from the others, held against its evaluated resources.
import { expect, test } from "vitest";
import { parseProfileText } from "../../src/core/profile.ts";
import { SNAPSHOTS, type Snapshot, all, one, settings, snapshot } from "./snapshots.ts";

const backupAccount = (of: Snapshot) =>
  all(of, "Microsoft.Storage/storageAccounts").find(({ name }) => name === of.outputs["backupStorageName"]);

/** Baseline rule of the lifecycle: days by tier, where a tier is used. */
function tiers(of: Snapshot): Readonly<Record<string, number>> {
  const { policy } = one(of, "Microsoft.Storage/storageAccounts/managementPolicies").properties as {
    policy: {
      rules: {
        definition: {
          actions: { baseBlob: Record<string, { daysAfterCreationGreaterThan: number } | null> };
        };
      }[];
    };
  };
  const baseBlob = policy.rules[0]?.definition.actions.baseBlob ?? {};
  return Object.fromEntries(
    Object.entries(baseBlob).flatMap(([tier, rule]) =>
      rule ? [[tier, rule.daysAfterCreationGreaterThan]] : [],
    ),
  );
}

test("DEFAULT_PROFILE of every way is a profile without problems, and names secrets only", () => {
  for (const of of SNAPSHOTS) {
    const parsed = parseProfileText(settings(of).get("DEFAULT_PROFILE") ?? "");
    expect(parsed).toMatchObject({
      ok: true,
      profile: {
        portal: { auth: { username: "backup_admin", secret: "portal-password" } },
        schedule: { cron: "0 2 * * *" },
        destination: { container: of.outputs["backupContainerName"] },
      },
    });
  }
});

test("the backups keep versions, can be got back after a deletion, and grow colder with age", () => {
  const services = all(snapshot("defaults"), "Microsoft.Storage/storageAccounts/blobServices");
  const backups = services.find(({ name }) =>
    name.startsWith(String(snapshot("defaults").outputs["backupStorageName"])),
  );
  expect(backups?.properties).toMatchObject({
    isVersioningEnabled: true,
    deleteRetentionPolicy: { enabled: true, days: 30, allowPermanentDelete: false },
    containerDeleteRetentionPolicy: { enabled: true, days: 30 },
  });
  expect(backupAccount(snapshot("defaults"))?.sku?.name).toBe("Standard_ZRS");
  expect(backupAccount(snapshot("defaults"))?.properties["immutableStorageWithVersioning"]).toBeNull();
  expect(tiers(snapshot("defaults"))).toEqual({ tierToCool: 30, tierToCold: 90 });
});

test("immutable: nobody can overwrite or delete for 35 days, and the policy is locked", () => {
  expect(backupAccount(snapshot("immutable"))?.properties["immutableStorageWithVersioning"]).toEqual({
    enabled: true,
    immutabilityPolicy: {
      allowProtectedAppendWrites: false,
      immutabilityPeriodSinceCreationInDays: 35,
      state: "Locked",
    },
  });
  expect(tiers(snapshot("immutable"))).toEqual({ tierToCool: 30, tierToCold: 90, tierToArchive: 365 });
});

test("private: storage takes nothing from outside, but for the addresses that were allowed", () => {
  const of = snapshot("private");
  const host = all(of, "Microsoft.Storage/storageAccounts").find(({ id }) => id !== backupAccount(of)?.id);
  expect(host?.properties).toMatchObject({
    publicNetworkAccess: "Disabled",
    networkAcls: { defaultAction: "Deny" },
  });
  const allowed = ["203.0.113.0/29", "203.0.113.77"];
  expect(backupAccount(of)?.properties["networkAcls"]).toMatchObject({
    defaultAction: "Deny",
    ipRules: allowed.map((value) => ({ action: "Allow", value })),
  });
  expect(one(of, "Microsoft.KeyVault/vaults").properties["networkAcls"]).toMatchObject({
    ipRules: allowed.map((value) => ({ value })),
  });
  expect(one(of, "Microsoft.Web/sites").properties["siteConfig"]).toMatchObject({
    ipSecurityRestrictionsDefaultAction: "Deny",
    ipSecurityRestrictions: [{ ipAddress: "203.0.113.0/29" }, { ipAddress: "203.0.113.77/32" }],
  });
});

test("private: the app is in the network, every service has an endpoint with its name there, and it leaves by one address", () => {
  const of = snapshot("private");
  expect(one(of, "Microsoft.Web/sites").properties["virtualNetworkSubnetId"]).toContain("/subnets/app");
  const { subnets } = one(of, "Microsoft.Network/virtualNetworks").properties as {
    subnets: {
      name: string;
      properties: { delegations?: object[]; natGateway?: object; addressPrefix: string };
    }[];
  };
  expect(subnets).toMatchObject([
    {
      name: "app",
      properties: {
        addressPrefix: "10.20.0.0/26",
        natGateway: { id: one(of, "Microsoft.Network/natGateways").id },
        delegations: [{ properties: { serviceName: "Microsoft.App/environments" } }],
      },
    },
    { name: "endpoints", properties: { addressPrefix: "10.20.0.64/26" } },
  ]);
  const services = all(of, "Microsoft.Network/privateEndpoints").map(({ name, properties }) => {
    const { privateLinkServiceConnections } = properties as {
      privateLinkServiceConnections: { properties: { groupIds: string[] } }[];
    };
    return `${name} ${privateLinkServiceConnections[0]?.properties.groupIds.join() ?? ""}`;
  });
  expect(services.sort()).toEqual([
    "agsbackup-backups blob",
    "agsbackup-host-blob blob",
    "agsbackup-host-queue queue",
    "agsbackup-host-table table",
    "agsbackup-vault vault",
  ]);
  expect(all(of, "Microsoft.Network/privateEndpoints/privateDnsZoneGroups")).toHaveLength(services.length);
  expect(String(of.outputs["egressAddress"])).toContain("publicIPAddresses/agsbackup-egress");
});

test("a way without private networking makes no network", () => {
  for (const way of ["defaults", "existing", "immutable", "scheduler"]) {
    expect(snapshot(way).resources.filter(({ type }) => type.startsWith("Microsoft.Network/"))).toEqual([]);
  }
});

test("existing: vault, storage and workspace of others are used where they are, and none is made", () => {
  const of = snapshot("existing");
  expect(settings(of).get("KEY_VAULT_URI")).toContain("'acme-vault'");
  expect(settings(of).get("BACKUP_STORAGE__blobServiceUri")).toContain("'acmearchive'");
  expect(all(of, "Microsoft.OperationalInsights/workspaces")).toEqual([]);
  expect(String(one(of, "Microsoft.Insights/components").properties["WorkspaceResourceId"])).toMatch(
    /\/acme-logs$/,
  );
  const container = all(of, "Microsoft.Storage/storageAccounts/blobServices/containers").find(({ name }) =>
    name.endsWith("/backups"),
  );
  expect(container?.id).toContain("/resourceGroups/archive/");
});

test("scheduler: Durable runs on the task scheduler by identity, and the app has no queues or tables", () => {
  const of = snapshot("scheduler");
  expect(one(of, "Microsoft.DurableTask/schedulers").properties).toMatchObject({
    sku: { name: "Consumption" },
  });
  const prefix = "AzureFunctionsJobHost__extensions__durableTask__";
  expect(settings(of).get(`${prefix}storageProvider__type`)).toBe("azureManaged");
  const connection = settings(of).get(
    settings(of).get(`${prefix}storageProvider__connectionStringName`) ?? "",
  );
  expect(connection).toContain("Authentication=ManagedIdentity");
  expect(settings(of).get(`${prefix}hubName`)).toBe("ArcGISBackup");
  expect([...settings(snapshot("defaults")).keys()].filter((name) => name.startsWith(prefix))).toEqual([]);
});

test("scheduler: a package that was named is deployed by the template, and mail is set up", () => {
  const of = snapshot("scheduler");
  expect(one(of, "Microsoft.Web/sites/extensions").properties).toEqual({
    packageUri: "https://releases.acme.example/arcgis-backup-for-azure.zip",
    remoteBuild: false,
  });
  expect(all(snapshot("defaults"), "Microsoft.Web/sites/extensions")).toEqual([]);
  expect(settings(of).get("SENDGRID_SECRET")).toBe("sendgrid-key");
  expect(JSON.parse(settings(of).get("DEFAULT_PROFILE") ?? "")).toMatchObject({
    mail: { to: ["gis@acme.example", "it@acme.example"] },
  });
  const steps = (way: string) => String(snapshot(way).outputs["nextSteps"]);
  expect(steps("scheduler")).not.toContain("config-zip");
  expect(steps("scheduler")).toContain("sendgrid-key");
  expect(steps("defaults")).toContain("config-zip");
});
