/** Rules of each kind of log source meet the events they mean, through the real parsers. */
import { describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { FieldRegistry } from '../../event/field-registry.ts'
import { EventRow } from '../../event/row.ts'
import { parserById } from '../../ingest/parsers/registry.ts'
import { compileRules } from '../compile.ts'
import { readRule } from '../read-rule.ts'
import { splitDocuments } from '../yaml-source.ts'
import { reachable } from './log-source.ts'
import { runExamples } from './run-examples.ts'
import { shippedLogSources } from './table.ts'

type LogSource = Readonly<Record<string, string>>

function matches(logsource: LogSource, detection: unknown, format: string, record: string): boolean {
  const text = stringify({ title: 'Rule', logsource, detection: { selection: detection, condition: 'selection' } })
  const { rule } = readRule(splitDocuments(text)[0]!, 'rule.yml', '.')
  const fields = new FieldRegistry()
  const { matcher } = compileRules([rule!], fields)
  const row = new EventRow()
  row.format = format
  const parser = parserById(format)!.create({ fields, zone: 'UTC', received: Date.UTC(2026, 0, 3) * 1000, fileName: 'x' })
  expect(parser.parse(record, row)).toBe('event')
  return matcher.match(row).length === 1
}

const CLOUDTRAIL = JSON.stringify({
  eventVersion: '1.08',
  eventTime: '2026-01-02T03:04:05Z',
  eventSource: 'iam.amazonaws.com',
  eventName: 'CreateUser',
  userIdentity: { type: 'IAMUser' },
  requestParameters: { userName: 'x' },
})
const CEF =
  'CEF:0|Fortinet|FortiGate|7.0|13|traffic:forward accept|3|src=10.0.0.7 spt=50100 dst=198.51.100.9 dpt=23 act=accept suser=kim'
const PROXY =
  'CEF:0|Zscaler|NSS|1|200|web|3|src=10.0.0.7 dst=198.51.100.9 request=/a/tool.exe?x=1 requestMethod=GET requestClientApplication=curl/8 dhost=dl.example'
const HTTP = JSON.stringify({
  timestamp: '2026-01-02T03:04:05.000000+0000',
  event_type: 'http',
  src_ip: '10.0.0.7',
  dest_ip: '198.51.100.9',
  http: { hostname: 'dl.example', url: '/a/tool.exe?x=1', http_method: 'GET', status: 200, http_user_agent: 'curl/8' },
})
const FLOW = JSON.stringify({
  timestamp: '2026-01-02T03:04:05.000000+0000',
  event_type: 'flow',
  src_ip: '10.0.0.7',
  src_port: 50100,
  dest_ip: '198.51.100.9',
  dest_port: 23,
  proto: 'TCP',
  flow: { bytes_toserver: 900, bytes_toclient: 100, pkts_toserver: 9, pkts_toclient: 8, state: 'closed' },
})
const ZEEK = JSON.stringify({
  _path: 'dns',
  ts: 1767323045.4,
  'id.orig_h': '10.0.0.7',
  'id.resp_h': '10.0.0.1',
  query: 'a.example',
  qtype_name: 'TXT',
  rejected: false,
})
const ACCESS = '203.0.113.9 - kim [02/Jan/2026:03:04:05 +0000] "GET /a/b.php?c=1 HTTP/1.1" 404 54 "https://x.example/" "curl/8.5"'
const SYSMON = (channel: string, id: number, data: object) =>
  JSON.stringify({ EventTime: '2026-01-02T03:04:05Z', Channel: channel, EventID: id, Hostname: 'h', ...data })

describe('log sources', () => {
  it.each<[string, LogSource, unknown, string, string]>([
    [
      'cloud audit records by their shape',
      { product: 'aws', service: 'cloudtrail' },
      { eventSource: 'iam.amazonaws.com', 'userIdentity.type': 'IAMUser' },
      'jsonl',
      CLOUDTRAIL,
    ],
    ['a firewall behind CEF', { category: 'firewall' }, { dst_port: 23, dst_ip: '198.51.100.9', action: 'accept' }, 'cef', CEF],
    ['a vendor', { product: 'fortigate', service: 'event' }, { src_ip: '10.0.0.7' }, 'cef', CEF],
    [
      'a proxy behind CEF',
      { category: 'proxy' },
      { 'c-uri-extension': 'exe', 'cs-method': 'GET', 'c-useragent|startswith': 'curl' },
      'cef',
      PROXY,
    ],
    [
      'a proxy on the wire',
      { category: 'proxy' },
      { 'c-uri|startswith': 'http://dl.example/', 'cs-host': 'dl.example' },
      'eve',
      HTTP,
    ],
    ['the path alone', { category: 'proxy' }, { 'c-uri|startswith': '/a/' }, 'eve', HTTP],
    [
      'the parts of a URL',
      { category: 'webserver' },
      { 'cs-uri-stem|endswith': '/tool.exe', 'c-uri-query': 'x=1', 'sc-status': 200 },
      'eve',
      HTTP,
    ],
    ['flows as firewall records', { category: 'firewall' }, { dst_port: 23, src_ip: '10.0.0.7' }, 'eve', FLOW],
    [
      'ECS names',
      { category: 'network', service: 'connection' },
      { 'destination.port': 23, 'source.bytes|gt': 800 },
      'eve',
      FLOW,
    ],
    ['canonical names', { product: 'suricata' }, { 'dst.port': 23, type: 'flow' }, 'eve', FLOW],
    [
      'names of one Zeek log',
      { product: 'zeek', service: 'dns' },
      { query: 'a.example', qtype_name: 'TXT', 'id.orig_h|cidr': '10.0.0.0/8' },
      'zeek-json',
      ZEEK,
    ],
    ['DNS whoever saw it', { category: 'dns' }, { query: 'a.example', record_type: 'TXT' }, 'zeek-json', ZEEK],
    [
      'what was made of a capture, as Zeek would say it',
      { product: 'zeek', service: 'dns' },
      { query: 'a.example', qtype_name: 'TXT' },
      'capture',
      ZEEK,
    ],
    ['DNS of a capture', { category: 'dns' }, { QueryName: 'a.example' }, 'capture', ZEEK],
    [
      'an access log',
      { category: 'webserver' },
      { 'cs-uri-query|contains': '.php?c=', 'sc-status': 404, 'c-ip': '203.0.113.9', 'cs-username': 'kim' },
      'text',
      ACCESS,
    ],
    [
      'sshd by its program',
      { product: 'linux', service: 'sshd' },
      ['Accepted password'],
      'syslog-3164',
      '<86>Jan  2 03:04:05 h sshd[7]: Accepted password for kim from 10.0.0.7 port 5 ssh2',
    ],
    [
      'sshd among the logins',
      { product: 'linux', service: 'auth' },
      ['Accepted password'],
      'syslog-3164',
      '<86>Jan  2 03:04:05 h sshd[7]: Accepted password for kim from 10.0.0.7 port 5 ssh2',
    ],
    [
      'all of Linux',
      { product: 'linux' },
      ['Accepted password'],
      'syslog-3164',
      '<86>Jan  2 03:04:05 h sshd[7]: Accepted password for kim from 10.0.0.7 port 5 ssh2',
    ],
    [
      'audit records',
      { product: 'linux', service: 'auditd' },
      { type: 'EXECVE', a1: '-c' },
      'auditd',
      'type=EXECVE msg=audit(1767323045.155:1): argc=2 a0="sh" a1="-c"',
    ],
    [
      'Sysmon by event id',
      { product: 'windows', category: 'process_creation' },
      { Image: 'C:\\a.exe' },
      'windows-json',
      SYSMON('Microsoft-Windows-Sysmon/Operational', 1, { Image: 'C:\\a.exe' }),
    ],
    [
      'Sysmon as a service',
      { product: 'windows', service: 'sysmon' },
      { EventID: 1 },
      'windows-json',
      SYSMON('microsoft-windows-sysmon/operational', 1, { Image: 'x' }),
    ],
    [
      'Sysmon on Linux',
      { product: 'linux', category: 'process_creation' },
      { Image: '/bin/sh' },
      'windows-json',
      SYSMON('Linux-Sysmon/Operational', 1, { Image: '/bin/sh' }),
    ],
    [
      'all of Windows',
      { product: 'windows' },
      { Provider_Name: 'P' },
      'windows-json',
      SYSMON('Any/Channel', 9, { Provider_Name: 'P' }),
    ],
    [
      'a process id in hexadecimal',
      { product: 'windows', service: 'security' },
      { NewProcessName: 'C:\\b.exe', ProcessId: '0x1f4' },
      'windows-json',
      SYSMON('Security', 4697, { NewProcessName: 'C:\\b.exe', ProcessId: '0x1f4' }),
    ],
  ])('%s', (_, logsource, detection, format, record) => {
    expect(matches(logsource, detection, format, record)).toBe(true)
  })

  it.each<[string, LogSource, unknown, string, string]>([
    [
      'another channel',
      { product: 'windows', category: 'process_creation' },
      { Image: 'C:\\a.exe' },
      'windows-json',
      SYSMON('Security', 1, { Image: 'C:\\a.exe' }),
    ],
    [
      'another event id',
      { product: 'windows', category: 'process_creation' },
      { Image: 'C:\\a.exe' },
      'windows-json',
      SYSMON('Microsoft-Windows-Sysmon/Operational', 5, { Image: 'C:\\a.exe' }),
    ],
    [
      'another program',
      { product: 'linux', service: 'sudo' },
      ['Accepted password'],
      'syslog-3164',
      '<86>Jan  2 03:04:05 h sshd[7]: Accepted password for kim from 10.0.0.7 port 5 ssh2',
    ],
    ['another type', { category: 'dns' }, { 'dst.port': 23 }, 'eve', FLOW],
    [
      'another product',
      { product: 'macos', category: 'process_creation' },
      { Image: 'C:\\a.exe' },
      'windows-json',
      SYSMON('Microsoft-Windows-Sysmon/Operational', 1, { Image: 'C:\\a.exe' }),
    ],
    ['another shape', { product: 'okta', service: 'okta' }, { eventSource: 'iam.amazonaws.com' }, 'jsonl', CLOUDTRAIL],
  ])('not %s', (_, logsource, detection, format, record) => {
    expect(matches(logsource, detection, format, record)).toBe(false)
  })

  it('tell what no format can give', () => {
    const { sources } = shippedLogSources()
    expect(reachable({ logsource: { product: 'windows', category: 'process_creation' } }, sources)).toBe(true)
    expect(reachable({ logsource: { product: 'beos', category: 'process_creation' } }, sources)).toBe(false)
    expect(reachable({ logsource: { service: 'nothing-known' } }, sources)).toBe(false)
  })
})

describe('shipped log source files', () => {
  it('are read without a problem', () => expect(shippedLogSources().problems).toEqual([]))

  it.each(shippedLogSources().entries)('$id says what it is, and its examples come true', ({ definition }) => {
    expect(definition!.doc.length).toBeGreaterThan(20)
    expect(definition!.spec).toMatch(/^https:/)
    expect(definition!.examples.length).toBeGreaterThan(0)
    expect(runExamples(definition!, shippedLogSources().sources)).toEqual([])
  })
})
