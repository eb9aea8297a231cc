// The container of the backups, in a new account or one that is there already, and who may do what in it.
import { roleIds, backupWriterActions, backupPrunerActions } from 'roles.bicep'

@description('Name of the storage account, in this resource group.')
param accountName string
@description('Name of the container.')
param containerName string
@description('Object id of the app\'s identity.')
param principalId string
@description('The app may delete what its retention rules let go.')
param allowRetention bool
@description('Object id of who may read the backups; empty = nobody is given access.')
param administratorId string
@description('What `administratorId` is.')
param administratorType string

// Names of roles are unique in a tenant.
var suffix = uniqueString(resourceGroup().id, accountName, containerName)

resource account 'Microsoft.Storage/storageAccounts@2025-01-01' existing = {
  name: accountName

  resource blobs 'blobServices' existing = {
    name: 'default'
  }
}

resource container 'Microsoft.Storage/storageAccounts/blobServices/containers@2025-01-01' = {
  parent: account::blobs
  name: containerName
  properties: { publicAccess: 'None' }
}

resource writer 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: guid(resourceGroup().id, suffix, 'backup-writer')
  properties: {
    roleName: 'ArcGIS Backup writer ${suffix}'
    description: 'Reads and writes blobs of the backups; deletes nothing'
    type: 'CustomRole'
    assignableScopes: [resourceGroup().id]
    permissions: [backupWriterActions]
  }
}

resource pruner 'Microsoft.Authorization/roleDefinitions@2022-04-01' = if (allowRetention) {
  name: guid(resourceGroup().id, suffix, 'backup-pruner')
  properties: {
    roleName: 'ArcGIS Backup pruner ${suffix}'
    description: 'Deletes blobs of the backups; neither their versions nor the container'
    type: 'CustomRole'
    assignableScopes: [resourceGroup().id]
    permissions: [backupPrunerActions]
  }
}

resource writes 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: container
  name: guid(container.id, principalId, 'backup-writer')
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: writer.id
  }
}

resource prunes 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (allowRetention) {
  scope: container
  name: guid(container.id, principalId, 'backup-pruner')
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: pruner.id
  }
}

resource reads 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(administratorId)) {
  scope: container
  name: guid(container.id, administratorId, roleIds.blobDataReader)
  properties: {
    principalId: administratorId
    principalType: administratorType
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleIds.blobDataReader)
  }
}
