import { say } from '../../../../shared/model/sentence.ts'
import type { EventRow } from '../../event/row.ts'
import { JsonFields } from '../normalise/json-fields.ts'
import { SyslogRecords } from '../normalise/syslog-record.ts'
import { Clock } from '../normalise/time.ts'
import { TypeNames } from '../normalise/type-names.ts'
import { TimePattern } from '../normalise/time-pattern.ts'
import { defineParser } from './define.ts'

const aliases: Readonly<Record<string, string>> = {
  vendor: 'device.vendor',
  product: 'device.product',
  productVersion: 'device.version',
  sev: 'severity',
  msg: 'message',
  action: 'action',
  src: 'src.ip',
  srcPort: 'src.port',
  srcMAC: 'src.mac',
  srcBytes: 'src.bytes',
  srcPackets: 'src.packets',
  dst: 'dst.ip',
  dstPort: 'dst.port',
  dstMAC: 'dst.mac',
  dstBytes: 'dst.bytes',
  dstPackets: 'dst.packets',
  proto: 'net.transport',
  usrName: 'user.name',
  accountName: 'target.user',
  domain: 'user.domain',
  identHostName: 'host.name',
  devName: 'host.name',
  resource: 'dst.host',
  url: 'http.url',
}
const MAX_KEYS = 512

function beginning(text: string): number {
  const at = text.indexOf('LEEF:')
  return at >= 0 &&
    at < 512 &&
    (at === 0 || ' >:\ufeff'.includes(text[at - 1]!)) &&
    /^LEEF: ?[12](?:\.\d)?\|/.test(text.slice(at, at + 12))
    ? at
    : -1
}

/** `^`, `x09`, `0x09` → the character; tab where there is none. */
function delimiterOf(text: string): string | null {
  if (text === '') return '\t'
  const hex = /^(?:0?x|\\x)([0-9a-f]{1,4})$/i.exec(text)
  if (hex !== null) return String.fromCharCode(Number.parseInt(hex[1]!, 16))
  if (text === '\\t') return '\t'
  return [...text].length === 1 ? text : null
}

export default defineParser({
  id: 'leef',
  title: 'LEEF 1.0 and 2.0 (Log Event Extended Format)',
  spec: 'https://www.ibm.com/docs/en/dsm?topic=leef-overview',
  doc: "Alone or behind a syslog header. Attributes are separated by tabs, or in version 2 by the character the header names, as itself or in hexadecimal. Type is the event id. The time is `devTime`, read by `devTimeFormat` where it is stated, else the syslog header's, else that of receipt.",
  priority: 690,
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
    const patterns = new Map<string, TimePattern>()
    const patternOf = (text: string): TimePattern => {
      let pattern = patterns.get(text)
      if (pattern === undefined) {
        pattern = new TimePattern(text)
        if (patterns.size < 64) patterns.set(text, pattern)
      }
      return pattern
    }
    const put = (key: string, value: string, row: EventRow): void => {
      const node = names.child(names.root, key)
      if (node !== undefined) names.put(node, value, row)
    }
    return {
      parse(text: string, row: EventRow) {
        const start = beginning(text)
        if (start < 0) return text.trim() === '' ? 'header' : { rejected: say('no_header', { format: 'LEEF' }) }
        const behind = start > 0 && syslog.begin(text.slice(0, start), row)
        const version2 = text.charCodeAt(start + 5) === 50 || text.startsWith(' 2', start + 5)
        const head: string[] = []
        let at = start
        while (head.length < (version2 ? 6 : 5)) {
          const end = text.indexOf('|', at)
          if (end < 0) break
          head.push(text.slice(at, end))
          at = end + 1
        }
        if (head.length < 5) return { rejected: say('header_short', { format: 'LEEF', found: head.length, of: 5 }) }
        let delimiter: string | null = '\t'
        if (version2) {
          delimiter = head.length === 6 ? delimiterOf(head[5]!) : null
          if (delimiter === null) {
            // Version 2 with version 1's header: no delimiter is stated, attributes come at once.
            at = text.indexOf('|', start) + 1
            for (let i = 0; i < 4; i++) at = text.indexOf('|', at) + 1
            delimiter = '\t'
          }
        }
        ;['', 'vendor', 'product', 'productVersion', 'eventID'].forEach((name, i) => {
          if (name !== '' && head[i] !== '') put(name, head[i]!, row)
        })
        put('leefVersion', head[0]!.slice(5).trim(), row)
        let devTime = ''
        let format = ''
        let count = 0
        for (const attribute of text.slice(at).split(delimiter, MAX_KEYS)) {
          const equals = attribute.indexOf('=')
          if (equals <= 0) continue
          const key = attribute.slice(0, equals).trim()
          const value = attribute.slice(equals + 1).trim()
          if (key === 'devTime') devTime = value
          else if (key === 'devTimeFormat') format = value
          else if (key !== '') put(key, value, row)
          count++
        }
        const rest = text.slice(at).trim()
        if (count === 0 && rest !== '') put('msg', rest, row)
        clock.begin(row)
        if (devTime !== '' && ((format !== '' && patternOf(format).read(devTime, clock)) || clock.whole(devTime))) clock.give(row)
        else {
          if (devTime !== '') put('devTime', devTime, row)
          if (!behind) clock.giveReceived(row)
        }
        row.type = types.of(head[4]!.trim(), 'leef')
        return 'event'
      },
    }
  },
  examples: [
    {
      name: 'version 1 with tabs and a time format',
      input: [
        'LEEF:1.0|Acme|Wall|4.0|deny|src=192.0.2.5\tdst=192.0.2.9\tsrcPort=4000\tdstPort=22\tproto=TCP\tusrName=al ice\tsev=5\tdevTime=02/01/2026 03-04-05.250\tdevTimeFormat=dd/MM/yyyy HH-mm-ss.SSS',
        'LEEF:1.0|Acme|Wall',
      ].join('\n'),
      expect: [
        {
          time: '2026-01-02T03:04:05.250Z',
          timeNote: 'assumed_zone',
          type: 'deny',
          fields: {
            'device.vendor': 'Acme',
            'device.product': 'Wall',
            'device.version': '4.0',
            eventID: 'deny',
            'src.ip': '192.0.2.5',
            'dst.ip': '192.0.2.9',
            'src.port': 4000,
            'dst.port': 22,
            'net.transport': 'tcp',
            'user.name': 'al ice',
            severity: '5',
          },
        },
        { rejected: '2 of 5' },
      ],
    },
    {
      name: 'version 2 with delimiters of its own, behind syslog',
      input: [
        '<13>1 2026-01-02T03:04:05Z gate leefd - - - LEEF:2.0|Acme|Wall|4.0|permit|^|src=192.0.2.5^dst=192.0.2.9^note=a=b',
        'LEEF:2.0|Acme|Wall|4.0|permit|x7c|src=192.0.2.6|dst=192.0.2.9|devTime=1767323045000',
        'LEEF:2.0|Acme|Wall|4.0|permit||src=192.0.2.7\tdst=192.0.2.9\tdevTime=Jan 02 2026 03:04:05',
        'LEEF:2.0|Acme|Wall|4.0|permit|src=192.0.2.8\tdst=192.0.2.9',
      ].join('\n'),
      expect: [
        {
          time: '2026-01-02T03:04:05.000Z',
          type: 'permit',
          fields: { 'host.name': 'gate', 'src.ip': '192.0.2.5', 'dst.ip': '192.0.2.9', note: 'a=b' },
        },
        { time: '2026-01-02T03:04:05.000Z', type: 'permit', fields: { 'src.ip': '192.0.2.6', 'dst.ip': '192.0.2.9' } },
        { time: '2026-01-02T03:04:05.000Z', timeNote: 'assumed_zone', type: 'permit', fields: { 'src.ip': '192.0.2.7' } },
        {
          time: '2026-01-02T03:04:05.000Z',
          timeNote: 'received',
          type: 'permit',
          fields: { 'src.ip': '192.0.2.8', 'dst.ip': '192.0.2.9' },
        },
      ],
    },
  ],
})
