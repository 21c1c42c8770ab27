import { defineLogSources, TAXONOMY, type LogSource, type LogSourceName } from './define.ts'

const shape = (name: LogSourceName, ...has: readonly string[]): LogSource => ({ names: [name], when: { format: ['jsonl'], has } })

export default defineLogSources({
  id: 'cloud',
  title: 'Cloud services (JSON lines)',
  spec: TAXONOMY,
  doc: 'Audit records that cloud services export as JSON are told by fields that only they have. Rules use the services’ own field names.',
  sources: [
    shape({ product: 'aws', service: 'cloudtrail' }, 'eventSource', 'eventName'),
    shape({ product: 'azure', service: 'activitylogs' }, 'operationName', 'resourceId', 'category'),
    shape({ product: 'azure', service: 'auditlogs' }, 'operationName', 'properties.initiatedBy.user.userPrincipalName'),
    shape({ product: 'azure', service: 'signinlogs' }, 'properties.userPrincipalName', 'properties.appDisplayName'),
    shape({ product: 'okta', service: 'okta' }, 'eventType', 'published', 'displayMessage'),
    shape({ product: 'gcp', service: 'gcp.audit' }, 'protoPayload.methodName', 'protoPayload.serviceName'),
    shape({ product: 'github', service: 'audit' }, 'action', 'actor', '_document_id'),
    shape({ product: 'm365', service: 'audit' }, 'Operation', 'Workload', 'RecordType'),
    shape({ product: 'm365', service: 'exchange' }, 'Operation', 'Workload', 'RecordType'),
    shape({ product: 'kubernetes', category: 'application', service: 'audit' }, 'auditID', 'verb', 'stage'),
    shape({ product: 'opencanary', category: 'application' }, 'logtype', 'node_id'),
    shape({ product: 'bitbucket', service: 'audit' }, 'auditType.category', 'auditType.action'),
  ],
})
