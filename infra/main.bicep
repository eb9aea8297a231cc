metadata name = 'ArcGIS Backup for Azure'
metadata description = 'Backs up an ArcGIS Online organisation or a Portal for ArcGIS into Blob Storage of its own, every night.'

// What is backed up

@description('Address of the ArcGIS Online organisation or the Portal for ArcGIS, such as https://acme.maps.arcgis.com.')
@minLength(1)
@maxLength(500)
param portalUrl string

@description('User name that the backup signs in with; best an administrator, since other accounts see only a part of the items.')
@minLength(1)
@maxLength(128)
param portalUsername string

@description('Name of the secret in the vault that holds the password. The password itself is set after the deployment.')
@minLength(1)
@maxLength(127)
param portalSecretName string = 'portal-password'

@description('Display name of the organisation in reports; empty: as the portal says.')
@maxLength(100)
param organisation string = ''

@description('Name of the profile; the id of each run begins with it.')
@minLength(1)
@maxLength(40)
param profileName string = 'nightly'

@description('When it runs: minute, hour, day of month, month, day of week; empty: only when it is started.')
param scheduleCron string = '0 2 * * *'

@description('Time zone of the schedule, such as America/Denver.')
param scheduleZone string = 'Etc/UTC'

@description('How many exports of hosted layers run at the portal at a time.')
@minValue(1)
@maxValue(8)
param exportLanes int = 3

// Who is told

@description('Mail addresses that get the alerts: a run failed or is partial, no backup for 26 hours, a secret expires soon.')
@minLength(1)
param alertEmails string[]

@description('The alerts are on.')
param alertsEnabled bool = true

@description('Profiles that have to make a restore point every day, for the alert of 26 hours; empty: any profile will do.')
param nightlyProfiles string[] = []

@description('Sender of the summary of each run, verified at SendGrid; empty: no mail but the alerts.')
param mailFrom string = ''

@description('Who gets the summary of each run; empty: those who get the alerts.')
param mailTo string[] = []

@description('Name of the secret in the vault that holds the API key of SendGrid.')
param sendGridSecretName string = 'sendgrid-key'

@description('Address of the API of SendGrid; https://api.eu.sendgrid.com for accounts in the European Union.')
@allowed(['https://api.sendgrid.com', 'https://api.eu.sendgrid.com'])
param sendGridUrl string = 'https://api.sendgrid.com'

// Where the backups lie

@description('Container of the backups.')
@minLength(3)
@maxLength(63)
param backupContainer string = 'backups'

@description('How many copies of the backups, and where: in one datacenter (LRS), in three zones (ZRS), in a second region too (GRS, GZRS), readable there (RA).')
@allowed(['Standard_LRS', 'Standard_ZRS', 'Standard_GRS', 'Standard_RAGRS', 'Standard_GZRS', 'Standard_RAGZRS'])
param redundancy string = 'Standard_ZRS'

@description('Days for which no backup can be overwritten or deleted by anybody; 0: no immutability. Can be chosen when the account is made only.')
@minValue(0)
@maxValue(146000)
param immutabilityDays int = 0

@description('The days of immutability can never be shortened or taken back, by nobody. Try it unlocked first.')
param lockImmutability bool = false

@description('Days for which a deleted or overwritten blob can be got back.')
@minValue(7)
@maxValue(365)
param softDeleteDays int = 30

@description('Days after which a backup moves to the cool tier; 0: never.')
@minValue(0)
param coolAfterDays int = 30

@description('Days after which a backup moves to the cold tier; 0: never.')
@minValue(0)
param coldAfterDays int = 90

@description('Days after which a backup moves to the archive tier, from which reading takes hours; 0: never. Needs a redundancy without zones.')
@minValue(0)
param archiveAfterDays int = 0

@description('The app may delete backups that its retention rules let go. Without it the app can delete nothing.')
param allowRetention bool = false

@description('Reads of backups are logged, besides writes and deletions.')
param auditReads bool = false

// How it runs

@description('Region of everything.')
param location string = resourceGroup().location

@description('Begins the names of all resources: a letter, then letters, digits and -.')
@minLength(3)
@maxLength(11)
param name string = 'agsbackup'

@description('Memory of an instance of the app, in MB.')
@allowed([2048, 4096])
param instanceMemoryMB int = 2048

@description('Most instances of the app at a time.')
@minValue(40)
@maxValue(1000)
param maximumInstances int = 40

@description('What remembers how far a run is: the app\'s storage (nothing to provision, cheapest), or the Durable Task Scheduler for organisations that outgrow it. Another choice later loses the runs that are under way.')
@allowed(['AzureStorage', 'DurableTaskScheduler'])
param durableBackend string = 'AzureStorage'

@description('Days for which logs are kept.')
@minValue(30)
@maxValue(730)
param logRetentionDays int = 90

@description('Address of the package to deploy, https; empty: the code is deployed afterwards.')
param packageUrl string = ''

@description('Tags of all resources.')
param tags object = {}

// Who gets in

@description('Object id of the user or group that sets secrets and reads backups; empty: access is given by hand.')
param administratorId string = ''

@description('What administratorId is.')
@allowed(['User', 'Group', 'ServicePrincipal'])
param administratorType string = 'User'

@description('Storage and vault are reached through private endpoints only, and the app has one fixed address, for portals that allow certain addresses.')
param privateNetworking bool = false

@description('Address range of the network, /24 or larger.')
param networkPrefix string = '10.20.0.0/24'

@description('Address ranges from which administrators reach the app and, with private networking, the vault and the backups; empty: the app from anywhere with a key, vault and backups of a private network from nowhere outside.')
param allowedAddresses string[] = []

// What is there already

@description('Resource id of a key vault with role-based access; empty: one is made.')
param existingVaultId string = ''

@description('Region of the existing vault.')
param existingVaultLocation string = location

@description('Resource id of a storage account for the backups; empty: one is made. Its redundancy, protection and logs are its owner\'s.')
param existingBackupStorageId string = ''

@description('Resource id of a Log Analytics workspace; empty: one is made.')
param existingWorkspaceId string = ''

@description('Secrets that expire soon raise an alert. Turn it off when the existing vault has an Event Grid topic already: it can have one only.')
param watchSecretExpiry bool = true

@description('Takes back the vault of an earlier deployment that was deleted: its name stays taken for 90 days.')
param recoverVault bool = false

var unique = uniqueString(resourceGroup().id, name)
var appName = '${name}-${unique}'
var bareName = toLower(replace(name, '-', ''))
var hostAccount = take('${bareName}h${unique}', 24)
var packageContainer = 'app-package'
var taskHub = 'ArcGISBackup'

// A resource id: /subscriptions/{1}/resourceGroups/{3}/providers/.../{name}, counted without the first slash.
var vaultParts = split(existingVaultId, '/')
var vaultName = empty(existingVaultId) ? take('${name}-${unique}', 24) : last(vaultParts)
var vaultSubscription = empty(existingVaultId) ? subscription().subscriptionId : vaultParts[2]
var vaultGroup = empty(existingVaultId) ? resourceGroup().name : vaultParts[4]
var backupParts = split(existingBackupStorageId, '/')
var backupAccount = empty(existingBackupStorageId) ? take('${bareName}b${unique}', 24) : last(backupParts)
var backupSubscription = empty(existingBackupStorageId) ? subscription().subscriptionId : backupParts[2]
var backupGroup = empty(existingBackupStorageId) ? resourceGroup().name : backupParts[4]

var storageSuffix = environment().suffixes.storage
var isScheduler = durableBackend == 'DurableTaskScheduler'

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: '${name}-identity'
  location: location
  tags: tags
}

module monitoring 'modules/monitoring.bicep' = {
  name: 'backup-monitoring'
  params: {
    location: location
    workspaceName: '${name}-logs'
    existingWorkspaceId: existingWorkspaceId
    retentionDays: logRetentionDays
    componentName: '${name}-insights'
    principalId: identity.properties.principalId
    tags: tags
  }
}

module hostStorage 'modules/host-storage.bicep' = {
  name: 'backup-host-storage'
  params: {
    location: location
    accountName: hostAccount
    packageContainer: packageContainer
    principalId: identity.properties.principalId
    isPrivate: privateNetworking
    holdsDurableState: !isScheduler
    tags: tags
  }
}

module backupStorage 'modules/backup-storage.bicep' = if (empty(existingBackupStorageId)) {
  name: 'backup-storage'
  params: {
    location: location
    accountName: backupAccount
    redundancy: redundancy
    immutabilityDays: immutabilityDays
    lockImmutability: lockImmutability
    softDeleteDays: softDeleteDays
    coolAfterDays: coolAfterDays
    coldAfterDays: coldAfterDays
    archiveAfterDays: archiveAfterDays
    isPrivate: privateNetworking
    allowedAddresses: allowedAddresses
    auditReads: auditReads
    workspaceId: monitoring.outputs.workspaceId
    tags: tags
  }
}

module container 'modules/backup-container.bicep' = {
  name: 'backup-container'
  scope: resourceGroup(backupSubscription, backupGroup)
  params: {
    accountName: backupAccount
    containerName: backupContainer
    principalId: identity.properties.principalId
    allowRetention: allowRetention
    administratorId: administratorId
    administratorType: administratorType
  }
  dependsOn: [backupStorage]
}

module vault 'modules/vault.bicep' = if (empty(existingVaultId)) {
  name: 'backup-vault'
  params: {
    location: location
    vaultName: vaultName
    recover: recoverVault
    isPrivate: privateNetworking
    allowedAddresses: allowedAddresses
    workspaceId: monitoring.outputs.workspaceId
    tags: tags
  }
}

module vaultAccess 'modules/vault-access.bicep' = {
  name: 'backup-vault-access'
  scope: resourceGroup(vaultSubscription, vaultGroup)
  params: {
    vaultName: vaultName
    principalId: identity.properties.principalId
    administratorId: administratorId
    administratorType: administratorType
  }
  dependsOn: [vault]
}

module alerts 'modules/alerts.bicep' = {
  name: 'backup-alerts'
  params: {
    location: location
    name: name
    emails: alertEmails
    workspaceId: monitoring.outputs.workspaceId
    componentId: monitoring.outputs.componentId
    nightlyProfiles: nightlyProfiles
    enabled: alertsEnabled
    tags: tags
  }
}

module secretExpiry 'modules/secret-expiry.bicep' = if (watchSecretExpiry) {
  name: 'backup-secret-expiry'
  scope: resourceGroup(vaultSubscription, vaultGroup)
  params: {
    vaultName: vaultName
    location: empty(existingVaultId) ? location : existingVaultLocation
    topicName: '${name}-secrets-${unique}'
    actionGroupId: alerts.outputs.actionGroupId
    tags: tags
  }
  dependsOn: [vault]
}

var vaultId = resourceId(vaultSubscription, vaultGroup, 'Microsoft.KeyVault/vaults', vaultName)
var backupId = resourceId(backupSubscription, backupGroup, 'Microsoft.Storage/storageAccounts', backupAccount)

module network 'modules/network.bicep' = if (privateNetworking) {
  name: 'backup-network'
  params: {
    location: location
    name: name
    addressPrefix: networkPrefix
    endpoints: concat(
      [
        { name: 'host-blob', resourceId: hostStorage.outputs.accountId, service: 'blob' }
        { name: 'backups', resourceId: backupId, service: 'blob' }
        { name: 'vault', resourceId: vaultId, service: 'vault' }
      ],
      isScheduler
        ? []
        : [
            { name: 'host-queue', resourceId: hostStorage.outputs.accountId, service: 'queue' }
            { name: 'host-table', resourceId: hostStorage.outputs.accountId, service: 'table' }
          ]
    )
    tags: tags
  }
  dependsOn: [container, vaultAccess]
}

module scheduler 'modules/scheduler.bicep' = if (isScheduler) {
  name: 'backup-scheduler'
  params: {
    location: location
    schedulerName: '${name}-${unique}'
    taskHubName: taskHub
    principalId: identity.properties.principalId
    allowedAddresses: privateNetworking ? [network!.outputs.egressAddress] : ['0.0.0.0/0']
    tags: tags
  }
}

// The profile that runs without anybody writing one; others are added beside it.
var profile = union(
  {
    name: profileName
    portal: {
      url: portalUrl
      auth: { kind: 'password', username: portalUsername, secret: portalSecretName }
    }
    exports: { lanes: exportLanes }
    destination: { container: backupContainer }
  },
  empty(organisation) ? {} : { organisation: organisation },
  empty(scheduleCron) ? {} : { schedule: { cron: scheduleCron, zone: scheduleZone } },
  empty(mailFrom) ? {} : { mail: { to: empty(mailTo) ? alertEmails : mailTo } }
)

var settings = union(
  {
    AZURE_CLIENT_ID: identity.properties.clientId
    APPLICATIONINSIGHTS_CONNECTION_STRING: monitoring.outputs.connectionString
    APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identity.properties.clientId};Authorization=AAD'
    AzureWebJobsStorage__blobServiceUri: 'https://${hostAccount}.blob.${storageSuffix}'
    AzureWebJobsStorage__queueServiceUri: 'https://${hostAccount}.queue.${storageSuffix}'
    AzureWebJobsStorage__tableServiceUri: 'https://${hostAccount}.table.${storageSuffix}'
    AzureWebJobsStorage__credential: 'managedidentity'
    AzureWebJobsStorage__clientId: identity.properties.clientId
    BACKUP_STORAGE__blobServiceUri: 'https://${backupAccount}.blob.${storageSuffix}'
    SECRET_SOURCE: 'keyvault'
    KEY_VAULT_URI: 'https://${vaultName}${environment().suffixes.keyvaultDns}'
    DEFAULT_PROFILE: string(profile)
  },
  empty(mailFrom) ? {} : { MAIL_FROM: mailFrom, SENDGRID_BASE_URL: sendGridUrl, SENDGRID_SECRET: sendGridSecretName },
  // The same host.json serves both backends: these settings override its storage provider.
  isScheduler
    ? {
        AzureFunctionsJobHost__extensions__durableTask__storageProvider__type: 'azureManaged'
        AzureFunctionsJobHost__extensions__durableTask__storageProvider__connectionStringName: 'DURABLE_TASK_SCHEDULER_CONNECTION_STRING'
        AzureFunctionsJobHost__extensions__durableTask__hubName: taskHub
        DURABLE_TASK_SCHEDULER_CONNECTION_STRING: 'Endpoint=${scheduler!.outputs.endpoint};Authentication=ManagedIdentity;ClientID=${identity.properties.clientId};TaskHub=${taskHub}'
      }
    : {}
)

module app 'modules/app.bicep' = {
  name: 'backup-app'
  params: {
    location: location
    appName: appName
    planName: '${name}-plan'
    identityId: identity.id
    packageContainerUrl: 'https://${hostAccount}.blob.${storageSuffix}/${packageContainer}'
    instanceMemoryMB: instanceMemoryMB
    maximumInstances: maximumInstances
    settings: settings
    subnetId: privateNetworking ? network!.outputs.appSubnetId : ''
    allowedAddresses: allowedAddresses
    packageUrl: packageUrl
    tags: tags
  }
  // Its first start needs every right that it has. The linter sees the way to hostStorage through the network, which
  // most deployments do not have.
  #disable-next-line no-unnecessary-dependson
  dependsOn: [hostStorage, container, vaultAccess]
}

@description('Name of the function app.')
output functionAppName string = appName
@description('Address of the function app.')
output functionAppUrl string = app.outputs.url
@description('Name of the vault that takes the secrets.')
output vaultName string = vaultName
@description('Storage account of the backups.')
output backupStorageName string = backupAccount
@description('Container of the backups.')
output backupContainerName string = backupContainer
@description('The one address that requests to the portal come from; empty: it is not fixed.')
output egressAddress string = privateNetworking ? network!.outputs.egressAddress : ''
@description('What to do next, in this order.')
output nextSteps string[] = concat(
  [
    'Put the password of ${portalUsername} into a file, without a line end, and set it: az keyvault secret set --vault-name ${vaultName} --name ${portalSecretName} --file FILE. Then delete the file.'
  ],
  empty(mailFrom)
    ? []
    : [
        'Set the API key of SendGrid the same way: az keyvault secret set --vault-name ${vaultName} --name ${sendGridSecretName} --file FILE'
      ],
  empty(packageUrl)
    ? [
        'Deploy the code: az functionapp deployment source config-zip --resource-group ${resourceGroup().name} --name ${appName} --src arcgis-backup-for-azure.zip'
      ]
    : [],
  privateNetworking
    ? ['Let the portal accept the address that egressAddress names, if it accepts certain addresses only.']
    : [],
  [
    'Take a function key: az functionapp keys list --resource-group ${resourceGroup().name} --name ${appName} --query functionKeys.default --output tsv'
    'Start a first run: curl --request POST ${app.outputs.url}/api/backups --header "x-functions-key: KEY" --json "{\\"profile\\":\\"${profileName}\\"}"'
  ]
)
