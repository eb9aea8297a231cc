// The function app on its Flex Consumption plan. It signs in everywhere with its identity; its settings hold no secret.

@description('Region.')
param location string
@description('Name of the app.')
param appName string
@description('Name of the plan.')
param planName string
@description('Resource id of the app\'s identity.')
param identityId string
@description('Where the package lies: address of the container.')
param packageContainerUrl string
@description('Memory of an instance, in MB.')
param instanceMemoryMB int
@description('Most instances at a time.')
param maximumInstances int
@description('App settings.')
param settings { *: string }
@description('Subnet that the app sends from; empty = none.')
param subnetId string
@description('Address ranges that may call the app; empty = any, with a function key.')
param allowedAddresses string[]
@description('Address of the package to deploy; empty = the code is deployed afterwards.')
param packageUrl string
@description('Tags.')
param tags object

resource plan 'Microsoft.Web/serverfarms@2025-03-01' = {
  name: planName
  location: location
  tags: tags
  kind: 'functionapp'
  sku: { name: 'FC1', tier: 'FlexConsumption' }
  properties: { reserved: true }
}

resource app 'Microsoft.Web/sites@2025-03-01' = {
  name: appName
  location: location
  // azd finds the app by this tag.
  tags: union(tags, { 'azd-service-name': 'backup' })
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: { '${identityId}': {} }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    publicNetworkAccess: 'Enabled'
    virtualNetworkSubnetId: empty(subnetId) ? null : subnetId
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: packageContainerUrl
          authentication: { type: 'UserAssignedIdentity', userAssignedIdentityResourceId: identityId }
        }
      }
      runtime: { name: 'node', version: '24' }
      scaleAndConcurrency: { instanceMemoryMB: instanceMemoryMB, maximumInstanceCount: maximumInstances }
      // A new package waits up to an hour for the activities that run; what they leave goes on with the new code.
      // Known to the service since 2024-11-01, not to the types.
      #disable-next-line BCP037
      siteUpdateStrategy: { type: 'RollingUpdate' }
    }
    siteConfig: {
      minTlsVersion: '1.2'
      scmMinTlsVersion: '1.2'
      ftpsState: 'Disabled'
      http20Enabled: true
      ipSecurityRestrictionsDefaultAction: empty(allowedAddresses) ? 'Allow' : 'Deny'
      ipSecurityRestrictions: [
        for (range, index) in allowedAddresses: {
          name: 'allowed-${index + 1}'
          action: 'Allow'
          priority: 100 + index
          ipAddress: contains(range, '/') ? range : '${range}/32'
        }
      ]
      appSettings: [for setting in items(settings): { name: setting.key, value: setting.value }]
    }
  }
}

// Deploying needs a sign-in; there are no publishing passwords.
resource noFtpPassword 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2025-03-01' = {
  parent: app
  name: 'ftp'
  properties: { allow: false }
}

resource noScmPassword 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2025-03-01' = {
  parent: app
  name: 'scm'
  properties: { allow: false }
}

resource code 'Microsoft.Web/sites/extensions@2025-03-01' = if (!empty(packageUrl)) {
  parent: app
  name: 'onedeploy'
  // The types leave out what the service takes here.
  #disable-next-line BCP187
  properties: { packageUri: packageUrl, remoteBuild: false }
}

@description('Address of the app.')
output url string = 'https://${app.properties.defaultHostName}'
