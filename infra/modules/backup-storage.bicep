// The storage account of the backups: nobody has a key, overwriting leaves a version, deleting leaves a copy.

@description('Region.')
param location string
@description('Name of the storage account.')
param accountName string
@description('How many copies, and where.')
param redundancy string
@description('Days for which nothing can be overwritten or deleted; 0 = no immutability.')
param immutabilityDays int
@description('The policy can never be shortened or removed again.')
param lockImmutability bool
@description('Days for which what was deleted can be got back.')
param softDeleteDays int
@description('Days after which a blob moves to the cool tier; 0 = never.')
param coolAfterDays int
@description('Days after which a blob moves to the cold tier; 0 = never.')
param coldAfterDays int
@description('Days after which a blob moves to the archive tier; 0 = never.')
param archiveAfterDays int
@description('Reached through a private endpoint, and from `allowedAddresses`.')
param isPrivate bool
@description('Address ranges that may reach it besides.')
param allowedAddresses string[]
@description('Reads are logged too.')
param auditReads bool
@description('Workspace of the logs.')
param workspaceId string
@description('Tags.')
param tags object

var isImmutable = immutabilityDays > 0
// Azure has no archive tier in accounts that are redundant over zones.
var archives = archiveAfterDays == 0
  ? false
  : contains(redundancy, 'ZRS')
      ? fail('archiveAfterDays needs a redundancy without zones: Standard_LRS, Standard_GRS or Standard_RAGRS')
      : true

resource account 'Microsoft.Storage/storageAccounts@2025-01-01' = {
  name: accountName
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: { name: redundancy }
  properties: {
    accessTier: 'Hot'
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    allowSharedKeyAccess: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    publicNetworkAccess: isPrivate && empty(allowedAddresses) ? 'Disabled' : 'Enabled'
    networkAcls: {
      bypass: 'AzureServices'
      defaultAction: isPrivate ? 'Deny' : 'Allow'
      ipRules: [for range in (isPrivate ? allowedAddresses : []): { action: 'Allow', value: range }]
    }
    // Can be asked for when the account is made only.
    immutableStorageWithVersioning: isImmutable
      ? {
          enabled: true
          immutabilityPolicy: {
            allowProtectedAppendWrites: false
            immutabilityPeriodSinceCreationInDays: immutabilityDays
            state: lockImmutability ? 'Locked' : 'Unlocked'
          }
        }
      : null
  }
}

resource blobs 'Microsoft.Storage/storageAccounts/blobServices@2025-01-01' = {
  parent: account
  name: 'default'
  properties: {
    isVersioningEnabled: true
    changeFeed: { enabled: true, retentionInDays: 90 }
    deleteRetentionPolicy: { enabled: true, days: softDeleteDays, allowPermanentDelete: false }
    containerDeleteRetentionPolicy: { enabled: true, days: softDeleteDays }
  }
}

resource lifecycle 'Microsoft.Storage/storageAccounts/managementPolicies@2025-01-01' = {
  parent: account
  name: 'default'
  properties: {
    policy: {
      rules: [
        {
          name: 'colder-with-age'
          enabled: true
          type: 'Lifecycle'
          definition: {
            filters: { blobTypes: ['blockBlob'] }
            actions: {
              baseBlob: {
                tierToCool: coolAfterDays > 0 ? { daysAfterCreationGreaterThan: coolAfterDays } : null
                tierToCold: coldAfterDays > 0 ? { daysAfterCreationGreaterThan: coldAfterDays } : null
                tierToArchive: archives ? { daysAfterCreationGreaterThan: archiveAfterDays } : null
              }
              // The app never overwrites; what somebody else overwrote can be got back for as long as what was deleted.
              version: { delete: { daysAfterCreationGreaterThan: max(softDeleteDays, immutabilityDays) } }
            }
          }
        }
      ]
    }
  }
  dependsOn: [blobs]
}

resource audit 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'audit'
  scope: blobs
  properties: {
    workspaceId: workspaceId
    logs: [
      { category: 'StorageWrite', enabled: true }
      { category: 'StorageDelete', enabled: true }
      { category: 'StorageRead', enabled: auditReads }
    ]
  }
}

@description('Resource id of the account.')
output accountId string = account.id
