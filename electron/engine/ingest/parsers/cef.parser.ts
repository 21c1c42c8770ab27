import { say } from '../../../../shared/model/sentence.ts'
import type { EventRow } from '../../event/row.ts'
import { JsonFields } from '../normalise/json-fields.ts'
import { SyslogRecords } from '../normalise/syslog-record.ts'
import { Clock } from '../normalise/time.ts'
import { TypeNames } from '../normalise/type-names.ts'
import { defineParser } from './define.ts'

const aliases: Readonly<Record<string, string>> = {
  deviceVendor: 'device.vendor',
  deviceProduct: 'device.product',
  deviceVersion: 'device.version',
  deviceSeverity: 'severity',
  msg: 'message',
  message: 'message',
  act: 'action',
  deviceAction: 'action',
  outcome: 'outcome',
  eventOutcome: 'outcome',
  src: 'src.ip',
  sourceAddress: 'src.ip',
  spt: 'src.port',
  sourcePort: 'src.port',
  shost: 'src.host',
  sourceHostName: 'src.host',
  smac: 'src.mac',
  sourceMacAddress: 'src.mac',
  in: 'src.bytes',
  bytesIn: 'src.bytes',
  dst: 'dst.ip',
  destinationAddress: 'dst.ip',
  dpt: 'dst.port',
  destinationPort: 'dst.port',
  dhost: 'dst.host',
  destinationHostName: 'dst.host',
  dmac: 'dst.mac',
  destinationMacAddress: 'dst.mac',
  out: 'dst.bytes',
  bytesOut: 'dst.bytes',
  proto: 'net.transport',
  transportProtocol: 'net.transport',
  app: 'net.app',
  applicationProtocol: 'net.app',
  deviceDirection: 'net.direction',
  deviceInboundInterface: 'net.interface',
  suser: 'user.name',
  sourceUserName: 'user.name',
  suid: 'user.id',
  sourceUserId: 'user.id',
  sntdom: 'user.domain',
  sourceNtDomain: 'user.domain',
  duser: 'target.user',
  destinationUserName: 'target.user',
  dvc: 'host.ip',
  deviceAddress: 'host.ip',
  dvchost: 'host.name',
  deviceHostName: 'host.name',
  deviceFacility: 'log.facility',
  sproc: 'process.name',
  sourceProcessName: 'process.name',
  spid: 'process.pid',
  sourceProcessId: 'process.pid',
  fname: 'file.name',
  fileName: 'file.name',
  filePath: 'file.path',
  fsize: 'file.size',
  fileSize: 'file.size',
  fileType: 'file.type',
  request: 'http.url',
  requestUrl: 'http.url',
  requestMethod: 'http.method',
  requestClientApplication: 'http.user_agent',
}

const HEADER = [
  'version',
  'deviceVendor',
  'deviceProduct',
  'deviceVersion',
  'deviceEventClassId',
  'name',
  'deviceSeverity',
] as const
/** Times of the event itself, the best first; milliseconds since 1970 or `MMM dd yyyy HH:mm:ss`. */
const TIMES = ['rt', 'deviceReceiptTime', 'end', 'endTime', 'start', 'startTime', 'art'] as const
const MAX_KEYS = 512

/** Where the CEF record begins: at the start, or after a syslog header; -1 where there is none. */
function beginning(text: string): number {
  const at = text.indexOf('CEF:')
  return at >= 0 &&
    at < 512 &&
    (at === 0 || ' >:\ufeff|'.includes(text[at - 1]!)) &&
    /^CEF: ?\d{1,2}(?:\.\d{1,2})?\|/.test(text.slice(at, at + 12))
    ? at
    : -1
}

/** Seven fields between pipes, with `\|` and `\\`; the offset of the extension, or -1 where there are fewer. */
function header(text: string, at: number, into: string[]): number {
  let start = at
  let escaped = false
  for (let i = at; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code === 92) {
      escaped = true
      i++
    } else if (code === 124) {
      const value = text.slice(start, i)
      into.push(escaped ? value.replace(/\\([\\|])/g, '$1') : value)
      if (into.length === 7) return i + 1
      start = i + 1
      escaped = false
    }
  }
  if (into.length === 6) {
    // No pipe after the severity: no extension.
    into.push(text.slice(start))
    return text.length
  }
  return -1
}

const isBlank = (code: number): boolean => code === 32 || code === 9

/** `key=value key=value`: a value ends where a blank and the next key with its `=` begin. False where no key is found. */
function extension(text: string, at: number, found: (key: string, value: string) => void): boolean {
  let key = ''
  let valueStart = -1
  let wordStart = at
  let count = 0
  const emit = (end: number): void => {
    if (valueStart >= 0 && count++ < MAX_KEYS) found(key, unescape(text.slice(valueStart, end).trim()))
  }
  for (let i = at; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code === 92) i++
    else if (isBlank(code)) wordStart = i + 1
    else if (code === 61) {
      if (wordStart >= 0 && i > wordStart && i - wordStart <= 256 && /^[\w.,@[\]-]+$/.test(text.slice(wordStart, i))) {
        emit(wordStart)
        key = text.slice(wordStart, i)
        valueStart = i + 1
      }
      // What follows up to the next blank belongs to this value: `request=/a?b=c`.
      wordStart = -1
    }
  }
  emit(text.length)
  return valueStart >= 0
}

const unescape = (text: string): string =>
  text.includes('\\')
    ? text.replace(/\\([\\=|nr])/g, (_all, code: string) => (code === 'n' ? '\n' : code === 'r' ? '\r' : code))
    : text

export default defineParser({
  id: 'cef',
  title: 'CEF (Common Event Format)',
  spec: 'https://www.microfocus.com/documentation/arcsight/arcsight-smartconnectors-8.4/pdfdoc/cef-implementation-standard/cef-implementation-standard.pdf',
  doc: "Alone or behind a syslog header. Type is the device event class id. A value ends where a blank and the next key begin, so it may hold blanks and equal signs. A custom field with a label (`cs1`, `cs1Label`) is also kept under its label, blanks as `_`. The time is `rt`, else `end`, `start`, the syslog header's, else that of receipt; the message is `msg`, else the name.",
  priority: 700,
  framing: 'line',
  stateless: true,
  sniff: (records) => {
    const some = records.filter((record) => record.trim() !== '').slice(0, 32)
    return some.length === 0 ? 0 : (some.filter((record) => beginning(record) >= 0).length / some.length) * 0.99
  },
  aliases,
  create({ fields, zone, received }) {
    const syslog = new SyslogRecords(fields, zone, received)
    const clock = new Clock(zone, received)
    const names = new JsonFields(fields, { aliases })
    const types = new TypeNames()
    const message = fields.id('message')
    const put = (key: string, value: string, row: EventRow): void => {
      const node = names.child(names.root, key)
      if (node !== undefined) names.put(node, value, row)
    }
    return {
      parse(text: string, row: EventRow) {
        const start = beginning(text)
        if (start < 0) return text.trim() === '' ? 'header' : { rejected: say('no_header', { format: 'CEF' }) }
        const head: string[] = []
        const at = header(text, start, head)
        if (at < 0) return { rejected: say('header_short', { format: 'CEF', found: head.length, of: 7 }) }
        const behind = start > 0 && syslog.begin(text.slice(0, start), row)
        head[0] = head[0]!.slice(4).trim()
        HEADER.forEach((name, i) => {
          if (i > 0 && head[i] !== '') put(name, head[i]!, row)
        })
        put('cefVersion', head[0], row)
        const values = new Map<string, string>()
        const keyed = extension(text, at, (key, value) => {
          values.set(key, value)
          if (!(TIMES as readonly string[]).includes(key)) put(key, value, row)
        })
        for (const [key, label] of values) {
          if (!key.endsWith('Label') || label === '') continue
          const value = values.get(key.slice(0, -5))
          if (value !== undefined) put(label.slice(0, 64).replace(/\s+/g, '_'), value, row)
        }
        if (row.get(message) === undefined) {
          const rest = text.slice(at).trim()
          row.set(message, !keyed && rest !== '' ? rest : head[5]!)
        }
        clock.begin(row)
        const time = TIMES.find((name) => values.has(name) && clock.whole(values.get(name)!))
        if (time !== undefined) clock.give(row)
        else if (!behind) clock.giveReceived(row)
        for (const name of TIMES) if (name !== time && values.has(name)) put(name, values.get(name)!, row)
        row.type = types.of(head[4]!.trim(), 'cef')
        return 'event'
      },
    }
  },
  examples: [
    {
      name: 'escapes, blanks and equal signs in values, a labelled field',
      input: [
        'CEF:0|Acme|Gate\\|Keeper|2.1|100|worm stopped|10|src=192.0.2.5 spt=1232 dst=2001:db8::5 proto=TCP act=blocked msg=two  words and a\\=b and x = y\\nnext request=http://h.example/?a=b&c=d rt=1767323045123 cs1Label=Rule Name cs1=block all suser=alice',
        'CEF:0|Acme|GateKeeper|2.1|login:7|login|Low|outcome=Success end=Jan 02 2026 03:04:05.5 UTC duser=bob empty= filePath=C:\\\\x\\\\y.exe',
        'CEF:0|Acme|GateKeeper|2.1|no extension|broken',
      ].join('\n'),
      expect: [
        {
          time: '2026-01-02T03:04:05.123Z',
          type: '100',
          fields: {
            'device.vendor': 'Acme',
            'device.product': 'Gate|Keeper',
            'device.version': '2.1',
            deviceEventClassId: '100',
            name: 'worm stopped',
            severity: '10',
            'src.ip': '192.0.2.5',
            'src.port': 1232,
            'dst.ip': '2001:db8::5',
            'net.transport': 'tcp',
            action: 'blocked',
            message: 'two  words and a=b and x = y\nnext',
            'http.url': 'http://h.example/?a=b&c=d',
            cs1: 'block all',
            Rule_Name: 'block all',
            'user.name': 'alice',
          },
        },
        {
          time: '2026-01-02T03:04:05.500Z',
          type: 'login:7',
          fields: {
            outcome: 'Success',
            'target.user': 'bob',
            empty: '',
            'file.path': 'C:\\x\\y.exe',
            message: 'login',
            severity: 'Low',
          },
        },
        { rejected: '5 of 7' },
      ],
    },
    {
      name: 'behind a syslog header, without a time of its own',
      zone: 'Europe/Berlin',
      input:
        '<134>Jan  2 04:04:05 fw1 CEF:0|Acme|Wall|1|deny|denied|5|src=10.0.0.9 dst=10.0.0.1 dpt=445\n<134>Jan  2 04:04:05 fw1 other: text\nCEF:0|Acme|Wall|1|deny|denied|5| free words only',
      expect: [
        {
          time: '2026-01-02T03:04:05.000Z',
          timeNote: 'assumed_year',
          type: 'deny',
          fields: { 'host.name': 'fw1', 'log.priority': 134, 'src.ip': '10.0.0.9', 'dst.port': 445, message: 'denied' },
        },
        { rejected: 'no CEF header' },
        { time: '2026-01-02T03:04:05.000Z', timeNote: 'received', type: 'deny', fields: { message: 'free words only' } },
      ],
    },
  ],
})
