// The Durable Task Scheduler, for organisations that outgrow Azure Storage as the memory of runs. It knows no keys.
import { roleIds } from 'roles.bicep'

@description('Region.')
param location string
@description('Name of the scheduler.')
param schedulerName string
@description('Name of the task hub.')
param taskHubName string
@description('Object id of the app\'s identity.')
param principalId string
@description('Address ranges that may reach it; signing in is needed from anywhere.')
param allowedAddresses string[]
@description('Tags.')
param tags object

resource scheduler 'Microsoft.DurableTask/schedulers@2025-11-01' = {
  name: schedulerName
  location: location
  tags: tags
  properties: {
    sku: { name: 'Consumption' }
    ipAllowlist: allowedAddresses
  }
}

resource taskHub 'Microsoft.DurableTask/schedulers/taskHubs@2025-11-01' = {
  parent: scheduler
  name: taskHubName
  properties: {}
}

resource works 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: taskHub
  name: guid(taskHub.id, principalId, roleIds.durableTaskDataContributor)
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      roleIds.durableTaskDataContributor
    )
  }
}

@description('Address of the scheduler.')
output endpoint string = scheduler.properties.endpoint
