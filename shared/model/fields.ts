/**
 * Canonical fields of an event: name, type, meaning, and the ECS name (ECS 9) it maps to. A parser maps its native names to
 * these; a native field without a canonical name is kept under its own name. `ip`, `port` and `host` search both ends.
 */
export type FieldType = 'ip' | 'port' | 'number' | 'text' | 'keyword' | 'list' | 'time'
export interface FieldDefinition {
  readonly name: string
  readonly type: FieldType
  /** Name in the Elastic Common Schema; also accepted in queries. `null` where ECS has none. */
  readonly ecs: string | null
  readonly doc: string
}
const f = (name: string, type: FieldType, ecs: string | null, doc: string): FieldDefinition => ({ name, type, ecs, doc })

/** Names of the system fields: they are in every event and not in `fields`. */
export const SYSTEM_FIELDS: readonly FieldDefinition[] = [
  f('id', 'keyword', 'event.id', 'Event id: partition day and sequence.'),
  f('time', 'time', '@timestamp', 'When it happened, UTC.'),
  f('received', 'time', 'event.ingested', 'When the record was read, UTC.'),
  f('type', 'keyword', 'event.dataset', "The source's own type name: alert, conn, sshd, 4688."),
  f('format', 'keyword', 'event.module', 'Parser that read the record.'),
  f('source', 'keyword', 'agent.name', 'Source the record came from.'),
]

export const CANONICAL_FIELDS: readonly FieldDefinition[] = [
  f('message', 'text', 'message', 'Text of the record.'),
  f('action', 'keyword', 'event.action', 'What was done: allowed, blocked, logon.'),
  f('outcome', 'keyword', 'event.outcome', 'success or failure.'),
  f('severity', 'keyword', 'event.severity', "The record's own severity, in its own scale."),
  f('host.name', 'keyword', 'host.name', 'Host that wrote the record.'),
  f('host.ip', 'ip', 'host.ip', 'Its address.'),
  f('src.ip', 'ip', 'source.ip', 'Source address.'),
  f('src.port', 'port', 'source.port', 'Source port.'),
  f('src.host', 'keyword', 'source.domain', 'Source host name.'),
  f('src.mac', 'keyword', 'source.mac', 'Source hardware address.'),
  f('src.bytes', 'number', 'source.bytes', 'Bytes sent by the source.'),
  f('src.packets', 'number', 'source.packets', 'Packets sent by the source.'),
  f('dst.ip', 'ip', 'destination.ip', 'Destination address.'),
  f('dst.port', 'port', 'destination.port', 'Destination port.'),
  f('dst.host', 'keyword', 'destination.domain', 'Destination host name.'),
  f('dst.mac', 'keyword', 'destination.mac', 'Destination hardware address.'),
  f('dst.bytes', 'number', 'destination.bytes', 'Bytes sent by the destination.'),
  f('dst.packets', 'number', 'destination.packets', 'Packets sent by the destination.'),
  f('net.transport', 'keyword', 'network.transport', 'tcp, udp, icmp …, in lower case.'),
  f('net.app', 'keyword', 'network.protocol', 'Application protocol: http, dns, tls …'),
  f('net.community_id', 'keyword', 'network.community_id', 'Community ID v1 of the flow.'),
  f('net.vlan', 'list', 'network.vlan.id', 'VLAN ids, outer first.'),
  f('net.direction', 'keyword', 'network.direction', 'Direction as the device states it.'),
  f('net.interface', 'keyword', 'observer.ingress.interface.name', 'Interface it was seen on.'),
  f('flow.id', 'keyword', 'event.id', "The sensor's own id of the flow (EVE flow_id, Zeek uid)."),
  f('flow.state', 'keyword', null, 'State of the flow as the sensor states it.'),
  f('flow.duration', 'number', 'event.duration', 'Seconds.'),
  f('user.name', 'keyword', 'user.name', 'User who acts.'),
  f('user.domain', 'keyword', 'user.domain', "The user's domain."),
  f('user.id', 'keyword', 'user.id', 'SID or uid.'),
  f('target.user', 'keyword', 'user.target.name', 'User who is acted on.'),
  f('process.path', 'keyword', 'process.executable', 'Image of the process.'),
  f('process.name', 'keyword', 'process.name', 'Its name without the path.'),
  f('process.pid', 'number', 'process.pid', 'Process id.'),
  f('process.command', 'text', 'process.command_line', 'Command line.'),
  f('process.parent.path', 'keyword', 'process.parent.executable', 'Image of the parent.'),
  f('process.parent.command', 'text', 'process.parent.command_line', 'Command line of the parent.'),
  f('process.parent.pid', 'number', 'process.parent.pid', 'Process id of the parent.'),
  f('file.path', 'keyword', 'file.path', 'File acted on.'),
  f('file.name', 'keyword', 'file.name', 'Its name.'),
  f('file.size', 'number', 'file.size', 'Bytes.'),
  f('file.type', 'keyword', 'file.mime_type', 'Content type.'),
  f('file.md5', 'keyword', 'file.hash.md5', 'MD5, lower case.'),
  f('file.sha1', 'keyword', 'file.hash.sha1', 'SHA-1, lower case.'),
  f('file.sha256', 'keyword', 'file.hash.sha256', 'SHA-256, lower case.'),
  f('registry.path', 'keyword', 'registry.path', 'Registry key and value.'),
  f('registry.data', 'text', 'registry.data.strings', 'Data written.'),
  f('service.name', 'keyword', 'service.name', 'Service acted on.'),
  f('dns.query', 'keyword', 'dns.question.name', 'Name asked for.'),
  f('dns.type', 'keyword', 'dns.question.type', 'Record type: A, AAAA, TXT …'),
  f('dns.answers', 'list', 'dns.answers.data', 'Answers.'),
  f('dns.rcode', 'keyword', 'dns.response_code', 'NOERROR, NXDOMAIN …'),
  f('http.method', 'keyword', 'http.request.method', 'Method.'),
  f('http.host', 'keyword', 'url.domain', 'Host asked for.'),
  f('http.url', 'text', 'url.original', 'Path and query as sent.'),
  f('http.status', 'number', 'http.response.status_code', 'Status of the answer.'),
  f('http.user_agent', 'text', 'user_agent.original', 'User agent.'),
  f('http.referrer', 'text', 'http.request.referrer', 'Referrer.'),
  f('http.content_type', 'keyword', 'http.response.mime_type', 'Content type of the answer.'),
  f('http.length', 'number', 'http.response.body.bytes', 'Bytes of the answer.'),
  f('tls.sni', 'keyword', 'tls.client.server_name', 'Server name asked for.'),
  f('tls.version', 'keyword', 'tls.version', 'Version.'),
  f('tls.ja3', 'keyword', 'tls.client.ja3', 'JA3 of the client.'),
  f('tls.ja4', 'keyword', 'tls.client.ja4', 'JA4 of the client.'),
  f('tls.subject', 'keyword', 'tls.server.subject', 'Subject of the certificate.'),
  f('tls.issuer', 'keyword', 'tls.server.issuer', 'Issuer of the certificate.'),
  f('tls.fingerprint', 'keyword', 'tls.server.hash.sha1', 'Fingerprint of the certificate.'),
  f('email.from', 'keyword', 'email.from.address', 'Sender.'),
  f('email.to', 'list', 'email.to.address', 'Recipients.'),
  f('email.subject', 'text', 'email.subject', 'Subject.'),
  f('log.program', 'keyword', 'process.name', 'Program that wrote a syslog record.'),
  f('log.level', 'keyword', 'log.level', 'Level as the record states it.'),
  f('log.facility', 'keyword', 'log.syslog.facility.name', 'Syslog facility.'),
  f('log.priority', 'number', 'log.syslog.priority', 'Syslog PRI.'),
  f('win.channel', 'keyword', 'winlog.channel', 'Windows event channel.'),
  f('win.event_id', 'number', 'event.code', 'Windows event id.'),
  f('win.record_id', 'number', 'winlog.record_id', 'Windows record number.'),
  f('win.provider', 'keyword', 'winlog.provider_name', 'Windows provider.'),
  f('device.vendor', 'keyword', 'observer.vendor', 'Vendor of the device.'),
  f('device.product', 'keyword', 'observer.product', 'Product.'),
  f('device.version', 'keyword', 'observer.version', 'Version.'),
  f('sig.name', 'keyword', 'rule.name', 'Signature that matched (IDS alerts).'),
  f('sig.id', 'number', 'rule.id', 'Its sid.'),
  f('sig.gid', 'number', null, 'Its generator id.'),
  f('sig.rev', 'number', 'rule.version', 'Its revision.'),
  f('sig.category', 'keyword', 'rule.category', 'Its category.'),
  f('sig.priority', 'number', null, 'Its priority, 1 is the highest.'),
  f('sig.attack', 'list', 'threat.technique.id', 'ATT&CK ids in its metadata.'),
]

/** Names that stand for several fields in a query. */
export const FIELD_GROUPS: Readonly<Record<string, readonly string[]>> = {
  ip: ['src.ip', 'dst.ip', 'host.ip'],
  port: ['src.port', 'dst.port'],
  host: ['host.name', 'src.host', 'dst.host'],
  user: ['user.name', 'target.user'],
  hash: ['file.md5', 'file.sha1', 'file.sha256'],
}
