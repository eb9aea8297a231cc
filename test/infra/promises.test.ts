// What a security reviewer looks for, held against the evaluated resources of every way to deploy.
import { describe, expect, test } from "vitest";
import { SNAPSHOTS, type Snapshot, all, assignments, one, settings, snapshot } from "./snapshots.ts";

const each = describe.each(SNAPSHOTS.map((of) => [of.way, of] as const));

/** The versions that were read when the templates were written; another one is looked at before it is listed. */
const API_VERSIONS: Readonly<Record<string, string>> = {
  "Microsoft.Authorization": "2022-04-01",
  "Microsoft.DurableTask": "2025-11-01",
  "Microsoft.EventGrid": "2025-02-15",
  "Microsoft.Insights/actionGroups": "2023-01-01",
  "Microsoft.Insights/components": "2020-02-02",
  // Has no stable version.
  "Microsoft.Insights/diagnosticSettings": "2021-05-01-preview",
  "Microsoft.Insights/scheduledQueryRules": "2023-12-01",
  "Microsoft.KeyVault": "2024-11-01",
  "Microsoft.ManagedIdentity": "2024-11-30",
  "Microsoft.Network": "2025-05-01",
  "Microsoft.Network/privateDnsZones": "2024-06-01",
  "Microsoft.OperationalInsights": "2025-07-01",
  "Microsoft.Storage": "2025-01-01",
  "Microsoft.Web": "2025-03-01",
};

const ROLES = {
  blobOwner: "b7e6dc6d-f1e8-4753-8033-0f276bb0955b",
  blobReader: "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1",
  queueContributor: "974c5e8b-45b9-4653-ba55-5f855dd0fb88",
  tableContributor: "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3",
  secretsUser: "4633458b-17de-408a-b874-0445c86b69e6",
  secretsOfficer: "b86a8fe4-44ce-4948-aee5-eccb2c155cd7",
  metricsPublisher: "3913510d-42f4-4e42-8a64-420c390055eb",
  durableTaskContributor: "0ad04412-c4d5-4796-b79c-f76d14c8d402",
};
const WRITER = "ArcGIS Backup writer";
const PRUNER = "ArcGIS Backup pruner";
const BLOBS = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs";

const rolesOf = (of: Snapshot) =>
  assignments(of)
    .map(({ to, role, scope }) => `${to} ${role} ${scope}`)
    .sort();
const hostOf = (of: Snapshot) =>
  /'(\w+)', environment/.exec(settings(of).get("AzureWebJobsStorage__blobServiceUri") ?? "")?.[1] ?? "";
const vaultOf = (of: Snapshot) => String(of.outputs["vaultName"]);

/** Who may do what where, in full: a role that is not listed here is not given. */
function expectedRoles(of: Snapshot): readonly string[] {
  const host = `storageAccounts/${hostOf(of)}`;
  const durable =
    of.way === "scheduler"
      ? [`app ${ROLES.durableTaskContributor} taskHubs/ArcGISBackup`]
      : [`app ${ROLES.queueContributor} ${host}`, `app ${ROLES.tableContributor} ${host}`];
  const administrator =
    of.way === "private"
      ? [
          `administrator ${ROLES.blobReader} containers/backups`,
          `administrator ${ROLES.secretsOfficer} vaults/${vaultOf(of)}`,
        ]
      : [];
  return [
    `app ${ROLES.blobOwner} ${host}`,
    ...durable,
    `app ${WRITER} containers/backups`,
    ...(of.way === "immutable" ? [`app ${PRUNER} containers/backups`] : []),
    `app ${ROLES.secretsUser} vaults/${vaultOf(of)}`,
    `app ${ROLES.metricsPublisher} components/agsbackup-insights`,
    ...administrator,
  ].sort();
}

test("there is a snapshot of each way to deploy", () => {
  expect(SNAPSHOTS.map(({ way }) => way)).toEqual([
    "defaults",
    "existing",
    "immutable",
    "private",
    "scheduler",
  ]);
});

each("%s", (_, of) => {
  test("nothing of it was left without a prediction", () => {
    expect(of.diagnostics).toEqual([]);
  });

  test("the app gets each role by its id, on the narrowest scope, and no other", () => {
    expect(rolesOf(of)).toEqual(expectedRoles(of));
  });

  test("the app can write and read backups and has no right to delete one, unless retention was asked for", () => {
    const rights = all(of, "Microsoft.Authorization/roleDefinitions").flatMap(({ properties }) => {
      const { permissions } = properties as { permissions: { actions: string[]; dataActions: string[] }[] };
      return permissions.flatMap(({ actions, dataActions }) => [...actions, ...dataActions]);
    });
    const retention = of.way === "immutable" ? [`${BLOBS}/delete`] : [];
    expect(rights).toEqual([
      "Microsoft.Storage/storageAccounts/blobServices/containers/read",
      `${BLOBS}/read`,
      `${BLOBS}/write`,
      `${BLOBS}/add/action`,
      ...retention,
    ]);
  });

  test("no storage account has keys, public blobs, old TLS, plain http or copies to other tenants", () => {
    const accounts = all(of, "Microsoft.Storage/storageAccounts");
    expect(accounts).toHaveLength(of.way === "existing" ? 1 : 2);
    for (const { properties } of accounts) {
      expect(properties).toMatchObject({
        allowSharedKeyAccess: false,
        allowBlobPublicAccess: false,
        minimumTlsVersion: "TLS1_2",
        supportsHttpsTrafficOnly: true,
        allowCrossTenantReplication: false,
      });
    }
    for (const container of all(of, "Microsoft.Storage/storageAccounts/blobServices/containers")) {
      expect(container.properties).toMatchObject({ publicAccess: "None" });
    }
  });

  test("the app runs Node 24 on Flex Consumption, by https with TLS 1.2, with its own identity and without passwords", () => {
    expect(one(of, "Microsoft.Web/serverfarms").sku?.name).toBe("FC1");
    const app = one(of, "Microsoft.Web/sites");
    expect(app.identity?.type).toBe("UserAssigned");
    expect(app.properties).toMatchObject({
      httpsOnly: true,
      siteConfig: { minTlsVersion: "1.2", scmMinTlsVersion: "1.2", ftpsState: "Disabled" },
      functionAppConfig: {
        runtime: { name: "node", version: "24" },
        scaleAndConcurrency: { instanceMemoryMB: 2048 },
        siteUpdateStrategy: { type: "RollingUpdate" },
        deployment: { storage: { authentication: { type: "UserAssignedIdentity" } } },
      },
    });
    const passwords = all(of, "Microsoft.Web/sites/basicPublishingCredentialsPolicies");
    expect(passwords.map(({ properties }) => properties["allow"])).toEqual([false, false]);
  });

  test("an app with Durable state in its storage, its vault and Application Insights are reached by identity", () => {
    const value = (name: string) => settings(of).get(name) ?? "";
    expect(value("AzureWebJobsStorage__credential")).toBe("managedidentity");
    for (const name of ["AzureWebJobsStorage__clientId", "AZURE_CLIENT_ID"]) {
      expect(value(name)).toMatch(/userAssignedIdentities\/agsbackup-identity.*clientId/);
    }
    expect(value("APPLICATIONINSIGHTS_AUTHENTICATION_STRING")).toContain("Authorization=AAD");
    expect(one(of, "Microsoft.Insights/components").properties["DisableLocalAuth"]).toBe(true);
    expect(value("SECRET_SOURCE")).toBe("keyvault");
    expect(value("KEY_VAULT_URI")).toContain(`'${vaultOf(of)}'`);
  });

  test("no setting, output or parameter holds a secret or reads one", () => {
    expect(of.text).not.toMatch(
      /listKeys|listAccountSas|listCredentials|AccountKey|SharedAccessKey|getSecret/i,
    );
    expect(Object.keys(of.outputs).sort()).toEqual([
      "backupContainerName",
      "backupStorageName",
      "egressAddress",
      "functionAppName",
      "functionAppUrl",
      "nextSteps",
      "vaultName",
    ]);
  });

  test("every resource has the API version that was looked at", () => {
    const versionOf = (type: string) => {
      const [provider = "", kind = ""] = type.split("/");
      return API_VERSIONS[`${provider}/${kind}`] ?? API_VERSIONS[provider];
    };
    const other = of.resources.filter(({ type, apiVersion }) => versionOf(type) !== apiVersion);
    expect(other.map(({ type, apiVersion }) => `${type}@${apiVersion}`)).toEqual([]);
  });

  test("writes and deletions of backups and every use of the vault are logged, where we make them", () => {
    const logs = all(of, "Microsoft.Insights/diagnosticSettings").flatMap(({ id, properties }) => {
      const { logs: kinds } = properties as {
        logs: { category?: string; categoryGroup?: string; enabled: boolean }[];
      };
      const what = /Microsoft\.(\w+)/.exec(id)?.[1] ?? "";
      return kinds
        .filter(({ enabled }) => enabled)
        .map((kind) => `${what} ${kind.category ?? kind.categoryGroup ?? ""}`);
    });
    const reads = of.way === "immutable" ? ["Storage StorageRead"] : [];
    const ours = ["KeyVault audit", "Storage StorageDelete", ...reads, "Storage StorageWrite"];
    expect(logs.sort()).toEqual(of.way === "existing" ? [] : ours);
  });

  test("each alert is on and wired to the action group, which mails the ones who asked for it", () => {
    const group = one(of, "Microsoft.Insights/actionGroups");
    expect(group.properties).toMatchObject({
      enabled: true,
      emailReceivers: [{ emailAddress: "gis@acme.example" }],
    });
    const rules = all(of, "Microsoft.Insights/scheduledQueryRules");
    expect(rules.map(({ name }) => name).sort()).toEqual([
      "agsbackup-run-failed",
      "agsbackup-run-missing",
      "agsbackup-run-partial",
    ]);
    for (const { properties } of rules) {
      expect(properties).toMatchObject({ enabled: true, actions: { actionGroups: [group.id] } });
    }
    expect(one(of, "Microsoft.EventGrid/systemTopics").properties["source"]).toContain(
      `/vaults/${vaultOf(of)}`,
    );
    expect(one(of, "Microsoft.EventGrid/systemTopics/eventSubscriptions").properties).toMatchObject({
      filter: {
        includedEventTypes: ["Microsoft.KeyVault.SecretNearExpiry", "Microsoft.KeyVault.SecretExpired"],
      },
      destination: { endpointType: "MonitorAlert", properties: { actionGroups: [group.id] } },
    });
  });

  test("a vault that we make has role-based access, purge protection and soft delete", () => {
    if (of.way === "existing") return expect(all(of, "Microsoft.KeyVault/vaults")).toEqual([]);
    expect(one(of, "Microsoft.KeyVault/vaults").properties).toMatchObject({
      enableRbacAuthorization: true,
      enablePurgeProtection: true,
      enableSoftDelete: true,
      softDeleteRetentionInDays: 90,
      publicNetworkAccess: "Enabled",
      networkAcls: { defaultAction: of.way === "private" ? "Deny" : "Allow" },
    });
  });
});

test("the dead man's switch looks at this app's component, at the profiles that were named, for 26 hours", () => {
  const queryOf = (way: string) => {
    const rule = all(snapshot(way), "Microsoft.Insights/scheduledQueryRules").find(({ name }) =>
      name.endsWith("missing"),
    );
    const { criteria, overrideQueryTimeRange } = rule?.properties as {
      criteria: { allOf: { query: string; threshold: number; operator: string }[] };
      overrideQueryTimeRange: string;
    };
    expect(overrideQueryTimeRange).toBe("P2D");
    expect(criteria.allOf[0]).toMatchObject({ threshold: 0, operator: "GreaterThan" });
    return criteria.allOf[0]?.query ?? "";
  };
  expect(queryOf("defaults")).toContain('let profiles = dynamic(["any"]);');
  expect(queryOf("scheduler")).toContain('let profiles = dynamic(["nightly","parks"]);');
  expect(queryOf("defaults")).toContain("ago(26h)");
  expect(queryOf("defaults")).toContain(
    'let component = "/subscriptions/00000000-0000-4000-8000-000000000000/',
  );
  expect(queryOf("defaults")).not.toContain("/subscriptions/component");
});
