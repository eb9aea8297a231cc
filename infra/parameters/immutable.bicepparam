using '../main.bicep'

param portalUrl = 'https://acme.maps.arcgis.com'
param portalUsername = 'backup_admin'
param alertEmails = ['gis@acme.example']
param immutabilityDays = 35
param lockImmutability = true
param allowRetention = true
param redundancy = 'Standard_GRS'
param archiveAfterDays = 365
param auditReads = true
param organisation = 'City of Acme'
param scheduleZone = 'America/Denver'
