using '../main.bicep'

param portalUrl = 'https://acme.maps.arcgis.com'
param portalUsername = 'backup_admin'
param alertEmails = ['gis@acme.example']
