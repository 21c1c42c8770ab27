/** Names that logs without a format of their own commonly use: for JSON lines and CSV. ECS names count too. */
import { CANONICAL_FIELDS } from '../../../../shared/model/fields.ts'

const ambiguous = new Set(['event.id', 'rule.id', 'process.name'])

export const commonAliases: Readonly<Record<string, string>> = {
  ...Object.fromEntries(CANONICAL_FIELDS.filter(({ name, ecs }) => ecs !== null && ecs !== name && !ambiguous.has(ecs)).map(({ name, ecs }) => [ecs!, name])),
  'process.name': 'process.name',
  msg: 'message',
  '@message': 'message',
  level: 'log.level',
  loglevel: 'log.level',
  hostname: 'host.name',
  host: 'host.name',
  Computer: 'host.name',
  computer: 'host.name',
  program: 'log.program',
  src: 'src.ip',
  src_ip: 'src.ip',
  srcip: 'src.ip',
  source_ip: 'src.ip',
  sourceIPAddress: 'src.ip',
  client_ip: 'src.ip',
  clientip: 'src.ip',
  client: 'src.ip',
  remote_addr: 'src.ip',
  remote_ip: 'src.ip',
  ip: 'src.ip',
  src_port: 'src.port',
  srcport: 'src.port',
  source_port: 'src.port',
  sport: 'src.port',
  dst: 'dst.ip',
  dst_ip: 'dst.ip',
  dstip: 'dst.ip',
  dest_ip: 'dst.ip',
  destination_ip: 'dst.ip',
  server_ip: 'dst.ip',
  dst_port: 'dst.port',
  dstport: 'dst.port',
  dest_port: 'dst.port',
  destination_port: 'dst.port',
  dport: 'dst.port',
  proto: 'net.transport',
  protocol: 'net.transport',
  transport: 'net.transport',
  community_id: 'net.community_id',
  user: 'user.name',
  username: 'user.name',
  user_name: 'user.name',
  pid: 'process.pid',
  command: 'process.command',
  command_line: 'process.command',
  request_method: 'http.method',
  method: 'http.method',
  url: 'http.url',
  uri: 'http.url',
  request_uri: 'http.url',
  status_code: 'http.status',
  user_agent: 'http.user_agent',
  http_user_agent: 'http.user_agent',
  referrer: 'http.referrer',
  referer: 'http.referrer',
  md5: 'file.md5',
  sha1: 'file.sha1',
  sha256: 'file.sha256',
}

/** Where the time of an event is commonly found, the best first. Lower case. */
export const TIME_NAMES: readonly string[] = [
  '@timestamp', 'timestamp', 'time', 'ts', 'datetime', 'date_time', 'eventtime', 'event_time', 'event_timestamp', 'timegenerated', 'timecreated', '_time', '@t',
  'utctime', 'time_local', 'time_iso8601', 'asctime', 'createddatetime', 'created_at', 'createdat', 'creationtime', 'logged_at', 'log_time', 'logtime',
  '_timestamp', '__realtime_timestamp', 'published', 'received_at', 'start_time', 'starttime', 'first_seen', 'date', 't',
]
const rank = new Map(TIME_NAMES.map((name, i) => [name, i]))
/** Position in {@link TIME_NAMES}; Infinity for other names. */
export const timeRank = (name: string): number => (name.length > 32 ? Number.POSITIVE_INFINITY : (rank.get(name.toLowerCase()) ?? Number.POSITIVE_INFINITY))

/** Where the type of an event is commonly found, the best first. */
export const TYPE_NAMES: readonly string[] = ['event_type', 'eventType', 'event_name', 'eventName', 'type', 'kind', 'logger', 'program', 'SYSLOG_IDENTIFIER']
