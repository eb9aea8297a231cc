// Application Insights over a workspace, new or there already. Telemetry needs a sign-in: the connection string is no secret.
import { roleIds } from 'roles.bicep'

@description('Region.')
param location string
@description('Name of the workspace that is made.')
param workspaceName string
@description('Resource id of a workspace that is there already; empty = one is made.')
param existingWorkspaceId string
@description('Days for which logs are kept.')
param retentionDays int
@description('Name of the Application Insights component.')
param componentName string
@description('Object id of the app\'s identity.')
param principalId string
@description('Tags.')
param tags object

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-07-01' = if (empty(existingWorkspaceId)) {
  name: workspaceName
  location: location
  tags: tags
  properties: {
    sku: { name: 'PerGB2018' }
    retentionInDays: retentionDays
    features: { disableLocalAuth: true, enableLogAccessUsingOnlyResourcePermissions: true }
  }
}

var usedWorkspaceId = empty(existingWorkspaceId) ? workspace.id : existingWorkspaceId

resource component 'Microsoft.Insights/components@2020-02-02' = {
  name: componentName
  location: location
  tags: tags
  kind: 'web'
  properties: {
    Application_Type: 'web'
    WorkspaceResourceId: usedWorkspaceId
    IngestionMode: 'LogAnalytics'
    DisableLocalAuth: true
  }
}

resource publishes 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: component
  name: guid(component.id, principalId, roleIds.monitoringMetricsPublisher)
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      roleIds.monitoringMetricsPublisher
    )
  }
}

@description('Workspace of all logs.')
output workspaceId string = usedWorkspaceId
@description('Resource id of the component.')
output componentId string = component.id
@description('Where telemetry is sent; useless without a sign-in.')
output connectionString string = component.properties.ConnectionString
