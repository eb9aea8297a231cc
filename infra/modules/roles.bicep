// Every role that is assigned, in one table. Built-in ones by the id that they have in every tenant.

@export()
@description('Ids of Azure\'s built-in roles.')
var roleIds = {
  blobDataOwner: 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'
  blobDataReader: '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1'
  queueDataContributor: '974c5e8b-45b9-4653-ba55-5f855dd0fb88'
  tableDataContributor: '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3'
  keyVaultSecretsUser: '4633458b-17de-408a-b874-0445c86b69e6'
  keyVaultSecretsOfficer: 'b86a8fe4-44ce-4948-aee5-eccb2c155cd7'
  monitoringMetricsPublisher: '3913510d-42f4-4e42-8a64-420c390055eb'
  durableTaskDataContributor: '0ad04412-c4d5-4796-b79c-f76d14c8d402'
}

@export()
@description('What the app may do in the container of the backups: no built-in role writes without also deleting. Storage Blob Data Contributor deletes whole containers, and a condition on it cannot forbid that, since conditions reach data actions only.')
var backupWriterActions = {
  actions: ['Microsoft.Storage/storageAccounts/blobServices/containers/read']
  dataActions: [
    'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read'
    'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/write'
    'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/add/action'
  ]
}

@export()
@description('What retention needs on top, only when it is asked for: blobs, never their versions and never the container.')
var backupPrunerActions = {
  actions: []
  dataActions: ['Microsoft.Storage/storageAccounts/blobServices/containers/blobs/delete']
}
