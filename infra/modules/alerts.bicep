// Who is told, and of what. The queries lie in ../queries; the text in their first line stands for this deployment.

@description('Region.')
param location string
@description('Begins the names of the alerts.')
param name string
@description('Mail addresses that are told.')
param emails string[]
@description('Workspace that the queries run in.')
param workspaceId string
@description('Application Insights component of the app.')
param componentId string
@description('Profiles that have to finish a run every day; empty = any profile will do.')
param nightlyProfiles string[]
@description('The alerts are on.')
param enabled bool
@description('Tags.')
param tags object

resource group 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: '${name}-alerts'
  location: 'global'
  tags: tags
  properties: {
    enabled: true
    groupShortName: 'agsbackup'
    emailReceivers: [
      for (email, index) in emails: {
        name: 'mail-${index + 1}'
        emailAddress: email
        useCommonAlertSchema: true
      }
    ]
  }
}

var watched = string(empty(nightlyProfiles) ? ['any'] : nightlyProfiles)

var rules = [
  {
    name: 'run-failed'
    query: loadTextContent('../queries/run-failed.kql')
    title: 'ArcGIS Backup: a run failed'
    text: 'A run ended as failed: nothing, or not everything that it should, was backed up. Read Results.txt of the run; it says why and what to do.'
    severity: 1
    frequency: 'PT15M'
    window: 'PT1H'
    range: null
  }
  {
    name: 'run-partial'
    query: loadTextContent('../queries/run-partial.kql')
    title: 'ArcGIS Backup: a run is partial'
    text: 'A run finished, but some items failed or were saved with a loss. Read Results.txt of the run.'
    severity: 2
    frequency: 'PT15M'
    window: 'PT1H'
    range: null
  }
  {
    name: 'run-missing'
    query: loadTextContent('../queries/run-missing.kql')
    title: 'ArcGIS Backup: no backup for 26 hours'
    text: 'No run made a restore point in the last 26 hours. Look whether the function app runs and whether a run is stuck.'
    severity: 1
    frequency: 'PT1H'
    window: 'P1D'
    // The query looks back 26 hours, which is no window that a rule may have.
    range: 'P2D'
  }
]

resource alerts 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [
  for rule in rules: {
    name: '${name}-${rule.name}'
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      displayName: rule.title
      description: rule.text
      enabled: enabled
      severity: rule.severity
      scopes: [workspaceId]
      evaluationFrequency: rule.frequency
      windowSize: rule.window
      overrideQueryTimeRange: rule.range
      autoMitigate: true
      checkWorkspaceAlertsStorageConfigured: false
      skipQueryValidation: true
      criteria: {
        allOf: [
          {
            query: replace(
              replace(rule.query, '/subscriptions/component', componentId),
              'dynamic(["any"])',
              'dynamic(${watched})'
            )
            timeAggregation: 'Count'
            operator: 'GreaterThan'
            threshold: 0
            dimensions: [{ name: 'profile', operator: 'Include', values: ['*'] }]
            failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 }
          }
        ]
      }
      actions: { actionGroups: [group.id] }
    }
  }
]

@description('Resource id of the action group.')
output actionGroupId string = group.id
