using '../main.bicep'

param portalUrl = 'https://acme.maps.arcgis.com'
param portalUsername = 'backup_admin'
param alertEmails = ['gis@acme.example']
param existingVaultId = '/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/security/providers/Microsoft.KeyVault/vaults/acme-vault'
param existingBackupStorageId = '/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/archive/providers/Microsoft.Storage/storageAccounts/acmearchive'
param existingWorkspaceId = '/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/monitoring/providers/Microsoft.OperationalInsights/workspaces/acme-logs'
