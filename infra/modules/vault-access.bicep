// Who may read and who may set secrets, in a new vault or one that is there already.
import { roleIds } from 'roles.bicep'

@description('Name of the vault, in this resource group.')
param vaultName string
@description('Object id of the app\'s identity: it reads secrets.')
param principalId string
@description('Object id of who sets secrets; empty = nobody is given access.')
param administratorId string
@description('What `administratorId` is.')
param administratorType string

resource vault 'Microsoft.KeyVault/vaults@2024-11-01' existing = {
  name: vaultName
}

resource reads 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: vault
  name: guid(vault.id, principalId, roleIds.keyVaultSecretsUser)
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleIds.keyVaultSecretsUser)
  }
}

resource sets 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(administratorId)) {
  scope: vault
  name: guid(vault.id, administratorId, roleIds.keyVaultSecretsOfficer)
  properties: {
    principalId: administratorId
    principalType: administratorType
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleIds.keyVaultSecretsOfficer)
  }
}
