import { say } from '../../../../shared/model/sentence.ts'
import type { EventRow } from '../../event/row.ts'
import { firstObjects, jsonObject, share } from '../normalise/json-record.ts'
import { Clock } from '../normalise/time.ts'
import { TypeNames } from '../normalise/type-names.ts'
import { logName, zeekAliases, zeekAliasesOf } from '../normalise/zeek.ts'
import { ZeekReaders } from '../normalise/zeek-readers.ts'
import { defineParser } from './define.ts'

export default defineParser({
  id: 'capture',
  title: 'Packet capture',
  spec: 'https://docs.zeek.org/en/master/script-reference/log-files.html',
  doc: "Events that Watchfloor makes of a pcap or pcapng file when it is imported: flows, DNS, HTTP, TLS and its certificates, files with their hashes, SMB, Kerberos, NTLM, DCE RPC, DHCP, SSH, SMTP, FTP, RDP, SIP, QUIC. One JSON object per line, the raw record of the event, with Zeek's names of logs and fields. `capture` is the file's name, `packet` the number of the packet with which it begins, `uid` the flow.",
  priority: 960,
  framing: 'line',
  stateless: true,
  sniff: (records) =>
    share(
      firstObjects(records),
      (object) =>
        typeof object['capture'] === 'string' && typeof object['packet'] === 'number' && typeof object['_path'] === 'string',
    ) * 0.98,
  aliases: zeekAliases,
  aliasesOfType: zeekAliasesOf,
  create({ fields, zone, received }) {
    const clock = new Clock(zone, received)
    const types = new TypeNames()
    const readers = new ZeekReaders(fields, null)
    return {
      parse(text: string, row: EventRow) {
        const object = jsonObject(text)
        if (typeof object === 'string') return text.trim() === '' ? 'header' : { rejected: say(object) }
        const log = logName(object['_path'])
        if (log === undefined) return { rejected: say('no_zeek_path') }
        readers.of(log).object(object, text, row)
        row.type = types.of(log, 'capture')
        if (!clock.value(object['ts'], row)) clock.giveReceived(row)
        return 'event'
      },
    }
  },
  examples: [
    {
      name: 'a request and its flow',
      input: [
        '{"_path":"http","ts":"2026-01-02T03:04:05.419939123Z","capture":"tap.pcapng","packet":4,"uid":"C0123456789ab-0","id.orig_h":"192.0.2.7","id.orig_p":51000,"id.resp_h":"198.51.100.80","id.resp_p":80,"proto":"tcp","community_id":"1:OrvNtjyHD8Ll+2leVHzc1HQ54xo=","method":"GET","host":"shop.example","uri":"/a?b=c","status_code":404,"resp_mime_types":["text/html"]}',
        '{"_path":"conn","ts":"2026-01-02T03:04:05.400Z","capture":"tap.pcapng","packet":1,"uid":"C0123456789ab-0","id.orig_h":"192.0.2.7","id.orig_p":51000,"id.resp_h":"198.51.100.80","id.resp_p":80,"proto":"tcp","service":"http","duration":0.25,"orig_bytes":310,"resp_bytes":1204,"conn_state":"SF","orig_pkts":5,"resp_pkts":4}',
      ].join('\n'),
      expect: [
        {
          time: '2026-01-02T03:04:05.419939123Z',
          type: 'http',
          fields: {
            capture: 'tap.pcapng',
            packet: 4,
            'flow.id': 'C0123456789ab-0',
            'net.community_id': '1:OrvNtjyHD8Ll+2leVHzc1HQ54xo=',
            'src.ip': '192.0.2.7',
            'dst.port': 80,
            'http.method': 'GET',
            'http.host': 'shop.example',
            'http.url': '/a?b=c',
            'http.status': 404,
            'http.content_type': 'text/html',
          },
        },
        {
          time: '2026-01-02T03:04:05.400Z',
          type: 'conn',
          fields: { 'net.app': 'http', 'flow.duration': 0.25, 'src.bytes': 310, 'dst.packets': 4, 'flow.state': 'SF' },
        },
      ],
    },
    {
      name: 'a packet without a time, and what is no event',
      input:
        '{"_path":"dns","capture":"tap.pcapng","packet":9,"uid":"C0123456789ab-3","id.orig_h":"192.0.2.7","query":"www.example.com"}\n{"capture":"tap.pcapng"',
      received: '2026-01-02T03:04:05Z',
      expect: [
        {
          time: '2026-01-02T03:04:05Z',
          timeNote: 'received',
          type: 'dns',
          fields: { 'dns.query': 'www.example.com', packet: 9 },
        },
        { rejected: 'not valid JSON' },
      ],
    },
  ],
})
