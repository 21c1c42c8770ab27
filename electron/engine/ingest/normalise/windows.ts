/** Names of Windows events, common to all the shapes they are shipped in. */

/** Names inside EventData (and on the top level of flat shapes). */
export const eventDataAliases: Readonly<Record<string, string>> = {
  Image: 'process.path',
  NewProcessName: 'process.path',
  ProcessName: 'process.path',
  SourceImage: 'process.path',
  Application: 'process.path',
  ProcessId: 'process.pid',
  ProcessID: 'process.pid',
  NewProcessId: 'process.pid',
  SourceProcessId: 'process.pid',
  CommandLine: 'process.command',
  ProcessCommandLine: 'process.command',
  ParentImage: 'process.parent.path',
  ParentProcessName: 'process.parent.path',
  ParentCommandLine: 'process.parent.command',
  ParentProcessId: 'process.parent.pid',
  SubjectUserName: 'user.name',
  SubjectDomainName: 'user.domain',
  SubjectUserSid: 'user.id',
  TargetUserName: 'target.user',
  SourceIp: 'src.ip',
  SourceAddress: 'src.ip',
  IpAddress: 'src.ip',
  ClientAddress: 'src.ip',
  SourcePort: 'src.port',
  IpPort: 'src.port',
  SourceHostname: 'src.host',
  WorkstationName: 'src.host',
  DestinationIp: 'dst.ip',
  DestAddress: 'dst.ip',
  DestinationPort: 'dst.port',
  DestPort: 'dst.port',
  DestinationHostname: 'dst.host',
  Protocol: 'net.transport',
  QueryName: 'dns.query',
  TargetFilename: 'file.path',
  ImageLoaded: 'file.path',
  TargetObject: 'registry.path',
  Details: 'registry.data',
  ServiceName: 'service.name',
}

/** In 4688 `ProcessId` is the parent: the new process has a name of its own. */
export const creationAliases: Readonly<Record<string, string>> = { ...eventDataAliases, ProcessId: 'process.parent.pid' }

/** Names of the System part, as the shapes write them. */
export const systemAliases: Readonly<Record<string, string>> = {
  EventID: 'win.event_id',
  EventId: 'win.event_id',
  event_id: 'win.event_id',
  Channel: 'win.channel',
  channel: 'win.channel',
  LogName: 'win.channel',
  Provider_Name: 'win.provider',
  ProviderName: 'win.provider',
  provider_name: 'win.provider',
  EventRecordID: 'win.record_id',
  RecordNumber: 'win.record_id',
  RecordId: 'win.record_id',
  record_id: 'win.record_id',
  Computer: 'host.name',
  ComputerName: 'host.name',
  computer_name: 'host.name',
  Hostname: 'host.name',
  MachineName: 'host.name',
  Message: 'message',
  message: 'message',
}

const AUDIT_SUCCESS = 0x20n << 48n
const AUDIT_FAILURE = 0x10n << 48n

/** `success` or `failure` as the Keywords of an audit event say, in hexadecimal, decimal or words; undefined where they say neither. */
export function auditOutcome(keywords: unknown): 'success' | 'failure' | undefined {
  if (Array.isArray(keywords)) {
    for (const word of keywords.slice(0, 16)) {
      const outcome = auditOutcome(word)
      if (outcome !== undefined) return outcome
    }
    return undefined
  }
  if (typeof keywords === 'number')
    keywords = Number.isSafeInteger(keywords)
      ? String(keywords)
      : BigInt(keywords === Math.trunc(keywords) && Math.abs(keywords) < 2 ** 64 ? keywords : 0).toString()
  if (typeof keywords !== 'string' || keywords.length > 64) return undefined
  if (/^audit[ _]?success$/i.test(keywords)) return 'success'
  if (/^audit[ _]?failure$/i.test(keywords)) return 'failure'
  if (!/^(?:0x[0-9a-f]{1,16}|-?\d{1,20})$/i.test(keywords)) return undefined
  const bits = BigInt.asUintN(64, BigInt(keywords))
  return (bits & AUDIT_FAILURE) !== 0n ? 'failure' : (bits & AUDIT_SUCCESS) !== 0n ? 'success' : undefined
}
