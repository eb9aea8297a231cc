// The vault of the secrets that profiles name. Who may read is said by vault-access.bicep.

@description('Region.')
param location string
@description('Name of the vault.')
param vaultName string
@description('Takes back a vault of this name that was deleted.')
param recover bool
@description('Reached through a private endpoint, and from `allowedAddresses`.')
param isPrivate bool
@description('Address ranges that may reach it besides.')
param allowedAddresses string[]
@description('Workspace of the logs.')
param workspaceId string
@description('Tags.')
param tags object

resource vault 'Microsoft.KeyVault/vaults@2024-11-01' = {
  name: vaultName
  location: location
  tags: tags
  properties: {
    tenantId: tenant().tenantId
    sku: { family: 'A', name: 'standard' }
    createMode: recover ? 'recover' : 'default'
    enableRbacAuthorization: true
    enableSoftDelete: true
    softDeleteRetentionInDays: 90
    enablePurgeProtection: true
    enabledForDeployment: false
    enabledForDiskEncryption: false
    enabledForTemplateDeployment: false
    publicNetworkAccess: isPrivate && empty(allowedAddresses) ? 'Disabled' : 'Enabled'
    networkAcls: {
      bypass: 'AzureServices'
      defaultAction: isPrivate ? 'Deny' : 'Allow'
      ipRules: [for range in (isPrivate ? allowedAddresses : []): { value: range }]
    }
  }
}

resource audit 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'audit'
  scope: vault
  properties: {
    workspaceId: workspaceId
    logs: [{ categoryGroup: 'audit', enabled: true }]
  }
}

@description('Resource id of the vault.')
output vaultId string = vault.id
