// The network of a private deployment: the app leaves by one fixed address and reaches storage and vault inside.

@description('Region.')
param location string
@description('Begins the names.')
param name string
@description('Address range of the network, /24 or larger.')
param addressPrefix string
@description('What gets a private endpoint: the resource and the service of it.')
param endpoints { name: string, resourceId: string, service: ('blob' | 'queue' | 'table' | 'vault') }[]
@description('Tags.')
param tags object

var suffix = environment().suffixes.storage
var zoneNames = {
  blob: 'privatelink.blob.${suffix}'
  queue: 'privatelink.queue.${suffix}'
  table: 'privatelink.table.${suffix}'
  // Not the suffix of the vaults themselves: private zones of vaults have one name in Azure's public cloud.
  #disable-next-line no-hardcoded-env-urls
  vault: 'privatelink.vaultcore.azure.net'
}

resource address 'Microsoft.Network/publicIPAddresses@2025-05-01' = {
  name: '${name}-egress'
  location: location
  tags: tags
  sku: { name: 'Standard' }
  properties: { publicIPAllocationMethod: 'Static', publicIPAddressVersion: 'IPv4' }
}

resource gateway 'Microsoft.Network/natGateways@2025-05-01' = {
  name: '${name}-nat'
  location: location
  tags: tags
  sku: { name: 'Standard' }
  properties: { publicIpAddresses: [{ id: address.id }], idleTimeoutInMinutes: 10 }
}

// Nothing in this network takes connections from outside it.
resource guard 'Microsoft.Network/networkSecurityGroups@2025-05-01' = {
  name: '${name}-nsg'
  location: location
  tags: tags
  properties: {
    securityRules: [
      {
        name: 'no-internet-inbound'
        properties: {
          access: 'Deny'
          direction: 'Inbound'
          priority: 4000
          protocol: '*'
          sourceAddressPrefix: 'Internet'
          sourcePortRange: '*'
          destinationAddressPrefix: '*'
          destinationPortRange: '*'
        }
      }
    ]
  }
}

resource network 'Microsoft.Network/virtualNetworks@2025-05-01' = {
  name: '${name}-vnet'
  location: location
  tags: tags
  properties: {
    addressSpace: { addressPrefixes: [addressPrefix] }
    subnets: [
      {
        name: 'app'
        properties: {
          addressPrefix: cidrSubnet(addressPrefix, 26, 0)
          natGateway: { id: gateway.id }
          networkSecurityGroup: { id: guard.id }
          defaultOutboundAccess: false
          delegations: [{ name: 'app', properties: { serviceName: 'Microsoft.App/environments' } }]
        }
      }
      {
        name: 'endpoints'
        properties: {
          addressPrefix: cidrSubnet(addressPrefix, 26, 1)
          networkSecurityGroup: { id: guard.id }
          defaultOutboundAccess: false
          privateEndpointNetworkPolicies: 'Enabled'
        }
      }
    ]
  }

  resource app 'subnets' existing = {
    name: 'app'
  }

  resource inside 'subnets' existing = {
    name: 'endpoints'
  }
}

resource zones 'Microsoft.Network/privateDnsZones@2024-06-01' = [
  for zone in items(zoneNames): {
    name: zone.value
    location: 'global'
    tags: tags
  }
]

resource links 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = [
  for (zone, index) in items(zoneNames): {
    parent: zones[index]
    name: '${name}-vnet'
    location: 'global'
    tags: tags
    properties: { registrationEnabled: false, virtualNetwork: { id: network.id } }
  }
]

resource privateEndpoints 'Microsoft.Network/privateEndpoints@2025-05-01' = [
  for endpoint in endpoints: {
    name: '${name}-${endpoint.name}'
    location: location
    tags: tags
    properties: {
      subnet: { id: network::inside.id }
      privateLinkServiceConnections: [
        {
          name: endpoint.name
          // A resource id: the caller has it from the resource.
          #disable-next-line use-resource-id-functions
          properties: { privateLinkServiceId: endpoint.resourceId, groupIds: [endpoint.service] }
        }
      ]
    }
  }
]

resource records 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2025-05-01' = [
  for (endpoint, index) in endpoints: {
    parent: privateEndpoints[index]
    name: 'default'
    properties: {
      privateDnsZoneConfigs: [
        {
          name: endpoint.service
          properties: { privateDnsZoneId: resourceId('Microsoft.Network/privateDnsZones', zoneNames[endpoint.service]) }
        }
      ]
    }
    dependsOn: [zones]
  }
]

@description('Subnet of the app.')
output appSubnetId string = network::app.id
@description('The one address that requests of the app come from.')
output egressAddress string = address.properties.ipAddress
