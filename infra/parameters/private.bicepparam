using '../main.bicep'

param portalUrl = 'https://acme.maps.arcgis.com'
param portalUsername = 'backup_admin'
param alertEmails = ['gis@acme.example']
param privateNetworking = true
param allowedAddresses = ['203.0.113.0/29', '203.0.113.77']
param administratorId = '11111111-1111-4111-8111-111111111111'
param administratorType = 'Group'
