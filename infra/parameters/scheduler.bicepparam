using '../main.bicep'

param portalUrl = 'https://acme.maps.arcgis.com'
param portalUsername = 'backup_admin'
param alertEmails = ['gis@acme.example']
param durableBackend = 'DurableTaskScheduler'
param mailFrom = 'backup@acme.example'
param mailTo = ['gis@acme.example', 'it@acme.example']
param nightlyProfiles = ['nightly', 'parks']
param packageUrl = 'https://releases.acme.example/arcgis-backup-for-azure.zip'
