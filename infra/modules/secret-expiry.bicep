// Tells the action group 30 days before a secret of the vault expires, and when it has: passwords, keys and connection
// strings with a SAS, as far as the secret was set with its expiry date.

@description('Name of the vault, in this resource group.')
param vaultName string
@description('Region of the vault: a topic lies where its source lies.')
param location string
@description('Name of the Event Grid topic.')
param topicName string
@description('Action group that is told.')
param actionGroupId string
@description('Tags.')
param tags object

resource vault 'Microsoft.KeyVault/vaults@2024-11-01' existing = {
  name: vaultName
}

resource topic 'Microsoft.EventGrid/systemTopics@2025-02-15' = {
  name: topicName
  location: location
  tags: tags
  properties: {
    source: vault.id
    topicType: 'Microsoft.KeyVault.vaults'
  }
}

resource nearExpiry 'Microsoft.EventGrid/systemTopics/eventSubscriptions@2025-02-15' = {
  parent: topic
  name: 'secret-near-expiry'
  properties: {
    // Alerts take this form only.
    eventDeliverySchema: 'CloudEventSchemaV1_0'
    filter: {
      includedEventTypes: ['Microsoft.KeyVault.SecretNearExpiry', 'Microsoft.KeyVault.SecretExpired']
    }
    destination: {
      endpointType: 'MonitorAlert'
      properties: {
        severity: 'Sev2'
        description: 'ArcGIS Backup: a secret in ${vaultName} expires within 30 days or has expired. Set a new version of it.'
        actionGroups: [actionGroupId]
      }
    }
  }
}
