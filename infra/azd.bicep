// What `azd up` deploys: a resource group, and in it the same as any other way.
targetScope = 'subscription'

@description('Name of the azd environment; the resource group is named after it.')
@minLength(1)
@maxLength(60)
param environmentName string
@description('Region of everything.')
param location string
@description('Address of the ArcGIS Online organisation or the Portal for ArcGIS.')
param portalUrl string
@description('User name that the backup signs in with.')
param portalUsername string
@description('Mail address that gets the alerts.')
param alertEmail string
@description('Display name of the organisation in reports; empty: as the portal says.')
param organisation string = ''
@description('When it runs: minute, hour, day of month, month, day of week.')
param scheduleCron string = '0 2 * * *'
@description('Time zone of the schedule, such as America/Denver.')
param scheduleZone string = 'Etc/UTC'
@description('Object id of who deploys: may set secrets and read backups.')
param principalId string = ''
@description('Storage and vault are reached through private endpoints only.')
param privateNetworking bool = false
@description('Address ranges from which administrators reach the app and, with private networking, the vault and the backups, separated by commas.')
param allowedAddresses string = ''

resource group 'Microsoft.Resources/resourceGroups@2024-11-01' = {
  name: 'rg-${environmentName}'
  location: location
  tags: { 'azd-env-name': environmentName }
}

module backup 'main.bicep' = {
  name: 'arcgis-backup'
  scope: group
  params: {
    location: location
    portalUrl: portalUrl
    portalUsername: portalUsername
    alertEmails: [alertEmail]
    organisation: organisation
    scheduleCron: scheduleCron
    scheduleZone: scheduleZone
    administratorId: principalId
    privateNetworking: privateNetworking
    allowedAddresses: empty(allowedAddresses) ? [] : map(split(allowedAddresses, ','), range => trim(range))
    tags: { 'azd-env-name': environmentName }
  }
}

@description('Resource group of everything.')
output AZURE_RESOURCE_GROUP string = group.name
@description('Name of the function app.')
output FUNCTION_APP_NAME string = backup.outputs.functionAppName
@description('Name of the vault that takes the secrets.')
output KEY_VAULT_NAME string = backup.outputs.vaultName
@description('Storage account of the backups.')
output BACKUP_STORAGE_NAME string = backup.outputs.backupStorageName
@description('What to do next, in this order; azd has deployed the code already.')
output NEXT_STEPS string[] = backup.outputs.nextSteps
