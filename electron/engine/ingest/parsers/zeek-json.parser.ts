import type { EventRow } from '../../event/row.ts'
import { stemOf } from '../normalise/file-name.ts'
import { JsonFields } from '../normalise/json-fields.ts'
import { firstObjects, jsonObject, share } from '../normalise/json-record.ts'
import { Clock } from '../normalise/time.ts'
import { TypeNames } from '../normalise/type-names.ts'
import { logName, zeekAliases, zeekAliasesOf, zeekTimesOf } from '../normalise/zeek.ts'
import { defineParser } from './define.ts'

/** Logs with field trees of their own; further names share one without aliases of a log. */
const MAX_LOGS = 128

export default defineParser({
  id: 'zeek-json',
  title: 'Zeek JSON',
  spec: 'https://docs.zeek.org/en/master/log-formats.html#zeek-json-format-logs',
  doc: "One JSON object per line. The log's name comes from `_path`, else from the file's name (`conn.log`). Names that mean different things in different logs (`host`, `service`, `from`) get a canonical name only in the log where they have that meaning. Fractions are rounded to six decimals, times become ISO text, and a list of one empty text is an empty list, so that both of Zeek's forms give the same events.",
  priority: 900,
  framing: 'line',
  stateless: true,
  sniff: (records, fileName) => {
    const objects = firstObjects(records)
    const timed = share(objects, (object) => typeof object['ts'] === 'number' || typeof object['ts'] === 'string')
    if (share(objects, (object) => 'event_type' in object) > 0.5) return 0
    const named = share(objects, (object) => typeof object['_path'] === 'string')
    const flows = share(
      objects,
      (object) => typeof object['uid'] === 'string' || 'id.orig_h' in object || 'id_orig_h' in object || 'fuid' in object,
    )
    const known = Object.keys(zeekAliasesOf(stemOf(fileName))).length > Object.keys(zeekAliasesOf('')).length ? 0.75 : 0
    return timed * Math.max(named * 0.97, flows * 0.9, known)
  },
  aliases: zeekAliases,
  create({ fields, zone, received, fileName }) {
    const clock = new Clock(zone, received)
    const fromName = stemOf(fileName) || 'zeek'
    const types = new TypeNames()
    const logs = new Map<string, JsonFields>()
    const make = (log: string): JsonFields =>
      new JsonFields(fields, { aliases: zeekAliasesOf(log), times: zeekTimesOf(log), decimals: 6, oneEmptyIsNone: true })
    const others = make('')
    const named = make(fromName)
    const readerOf = (log: string): JsonFields => {
      let reader = logs.get(log)
      if (reader === undefined) {
        if (logs.size >= MAX_LOGS) return others
        reader = make(log)
        logs.set(log, reader)
      }
      return reader
    }
    return {
      parse(text: string, row: EventRow) {
        const object = jsonObject(text)
        if (typeof object === 'string') return text.trim() === '' ? 'header' : { rejected: object }
        const log = logName(object['_path'])
        ;(log === undefined ? named : readerOf(log)).object(object, text, row)
        row.type = log === undefined ? fromName : types.of(log, 'zeek')
        if (!clock.value(object['ts'], row)) clock.giveReceived(row)
        return 'event'
      },
    }
  },
  examples: [
    {
      name: 'a connection and a web request',
      input: [
        '{"_path":"conn","ts":1767323045.419939,"uid":"CaBcDe1fGhIjKlMn","id.orig_h":"10.1.2.3","id.orig_p":51000,"id.resp_h":"192.0.2.80","id.resp_p":80,"proto":"tcp","service":"http","duration":0.25000011920928955,"orig_bytes":310,"resp_bytes":1204,"conn_state":"SF","tunnel_parents":[]}',
        '{"_path":"http","ts":"2026-01-02T03:04:05.419939Z","uid":"CaBcDe1fGhIjKlMn","id.orig_h":"10.1.2.3","id.orig_p":51000,"id.resp_h":"192.0.2.80","id.resp_p":80,"method":"GET","host":"shop.example","uri":"/a?b=c","status_code":404,"resp_mime_types":["text/html"]}',
      ].join('\n'),
      expect: [
        {
          time: '2026-01-02T03:04:05.419939Z',
          type: 'conn',
          fields: {
            'flow.id': 'CaBcDe1fGhIjKlMn',
            'src.ip': '10.1.2.3',
            'src.port': 51000,
            'dst.ip': '192.0.2.80',
            'dst.port': 80,
            'net.transport': 'tcp',
            'net.app': 'http',
            'flow.duration': 0.25,
            'src.bytes': 310,
            'dst.bytes': 1204,
            'flow.state': 'SF',
            tunnel_parents: [],
          },
        },
        {
          time: '2026-01-02T03:04:05.419939Z',
          type: 'http',
          fields: {
            'http.method': 'GET',
            'http.host': 'shop.example',
            'http.url': '/a?b=c',
            'http.status': 404,
            'http.content_type': 'text/html',
          },
        },
      ],
    },
    {
      name: "the log's name from the file",
      fileName: 'known_hosts.2026-01-02.log',
      input: '{"ts":1767323045.5,"host":"FE80:0:0:0:0:0:0:1"}\n{"ts":',
      expect: [
        { time: '2026-01-02T03:04:05.500Z', type: 'known_hosts', fields: { 'host.ip': 'fe80::1' } },
        { rejected: 'not valid JSON' },
      ],
      sniffed: false,
    },
  ],
})
