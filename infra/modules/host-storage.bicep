// The app's own storage: Durable state, locks, function keys, the package, and the container `work`.
// The app is its only user, so its roles reach the whole account.
import { roleIds } from 'roles.bicep'

@description('Region.')
param location string
@description('Name of the storage account.')
param accountName string
@description('Container that the package is deployed to.')
param packageContainer string
@description('Object id of the app\'s identity.')
param principalId string
@description('Reached through private endpoints only.')
param isPrivate bool
@description('Durable keeps its state here, in queues and tables.')
param holdsDurableState bool
@description('Tags.')
param tags object

resource account 'Microsoft.Storage/storageAccounts@2025-01-01' = {
  name: accountName
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: { name: 'Standard_LRS' }
  properties: {
    accessTier: 'Hot'
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    allowSharedKeyAccess: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    publicNetworkAccess: isPrivate ? 'Disabled' : 'Enabled'
    networkAcls: {
      bypass: 'AzureServices'
      defaultAction: isPrivate ? 'Deny' : 'Allow'
    }
  }
}

resource blobs 'Microsoft.Storage/storageAccounts/blobServices@2025-01-01' = {
  parent: account
  name: 'default'
}

resource packages 'Microsoft.Storage/storageAccounts/blobServices/containers@2025-01-01' = {
  parent: blobs
  name: packageContainer
  properties: { publicAccess: 'None' }
}

var durableRoles = holdsDurableState ? [roleIds.queueDataContributor, roleIds.tableDataContributor] : []

resource access 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for role in concat([roleIds.blobDataOwner], durableRoles): {
    scope: account
    name: guid(account.id, principalId, role)
    properties: {
      principalId: principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role)
    }
  }
]

@description('Resource id of the account.')
output accountId string = account.id
