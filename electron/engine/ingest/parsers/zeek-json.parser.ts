import { say } from '../../../../shared/model/sentence.ts'
import type { EventRow } from '../../event/row.ts'
import { stemOf } from '../normalise/file-name.ts'
import { firstObjects, jsonObject, share } from '../normalise/json-record.ts'
import { Clock } from '../normalise/time.ts'
import { TypeNames } from '../normalise/type-names.ts'
import { logName, zeekAliases, zeekAliasesOf } from '../normalise/zeek.ts'
import { ZeekReaders } from '../normalise/zeek-readers.ts'
import { defineParser } from './define.ts'

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
  aliasesOfType: zeekAliasesOf,
  create({ fields, zone, received, fileName }) {
    const clock = new Clock(zone, received)
    const fromName = stemOf(fileName) || 'zeek'
    const types = new TypeNames()
    const readers = new ZeekReaders(fields, 6)
    const named = readers.of(fromName)
    return {
      parse(text: string, row: EventRow) {
        const object = jsonObject(text)
        if (typeof object === 'string') return text.trim() === '' ? 'header' : { rejected: say(object) }
        const log = logName(object['_path'])
        ;(log === undefined ? named : readers.of(log)).object(object, text, row)
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
