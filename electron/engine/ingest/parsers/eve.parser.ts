import { say } from '../../../../shared/model/sentence.ts'
import type { EventRow } from '../../event/row.ts'
import { append, JsonFields } from '../normalise/json-fields.ts'
import { firstObjects, jsonObject, majority, share } from '../normalise/json-record.ts'
import { Clock } from '../normalise/time.ts'
import { TypeNames } from '../normalise/type-names.ts'
import { defineParser } from './define.ts'

const aliases: Readonly<Record<string, string>> = {
  timestamp: 'time',
  event_type: 'type',
  src_ip: 'src.ip',
  src_port: 'src.port',
  dest_ip: 'dst.ip',
  dest_port: 'dst.port',
  proto: 'net.transport',
  app_proto: 'net.app',
  flow_id: 'flow.id',
  community_id: 'net.community_id',
  in_iface: 'net.interface',
  vlan: 'net.vlan',
  host: 'host.name',
  direction: 'net.direction',
  'ether.src_mac': 'src.mac',
  'ether.dest_mac': 'dst.mac',
  'alert.action': 'action',
  'alert.gid': 'sig.gid',
  'alert.signature_id': 'sig.id',
  'alert.rev': 'sig.rev',
  'alert.signature': 'sig.name',
  'alert.category': 'sig.category',
  'alert.severity': 'sig.priority',
  'alert.metadata.mitre_tactic_id': 'sig.attack',
  'alert.metadata.mitre_technique_id': 'sig.attack',
  'dns.rrname': 'dns.query',
  'dns.query.rrname': 'dns.query',
  'dns.queries.rrname': 'dns.query',
  'dns.rrtype': 'dns.type',
  'dns.query.rrtype': 'dns.type',
  'dns.queries.rrtype': 'dns.type',
  'dns.rcode': 'dns.rcode',
  'dns.rdata': 'dns.answers',
  'dns.answers.rdata': 'dns.answers',
  'http.hostname': 'http.host',
  'http.url': 'http.url',
  'http.http_method': 'http.method',
  'http.status': 'http.status',
  'http.http_user_agent': 'http.user_agent',
  'http.http_refer': 'http.referrer',
  'http.http_content_type': 'http.content_type',
  'http.length': 'http.length',
  'tls.sni': 'tls.sni',
  'quic.sni': 'tls.sni',
  'tls.version': 'tls.version',
  'tls.subject': 'tls.subject',
  'tls.issuerdn': 'tls.issuer',
  'tls.fingerprint': 'tls.fingerprint',
  'tls.ja3.hash': 'tls.ja3',
  'quic.ja3.hash': 'tls.ja3',
  'tls.ja4': 'tls.ja4',
  'quic.ja4': 'tls.ja4',
  'fileinfo.filename': 'file.name',
  'files.filename': 'file.name',
  'fileinfo.size': 'file.size',
  'files.size': 'file.size',
  'fileinfo.mimetype': 'file.type',
  'fileinfo.md5': 'file.md5',
  'files.md5': 'file.md5',
  'fileinfo.sha1': 'file.sha1',
  'files.sha1': 'file.sha1',
  'fileinfo.sha256': 'file.sha256',
  'files.sha256': 'file.sha256',
  'smb.filename': 'file.path',
  'email.from': 'email.from',
  'email.to': 'email.to',
  'email.subject': 'email.subject',
  'krb5.cname': 'user.name',
  'krb5.sname': 'service.name',
  'flow.state': 'flow.state',
  'flow.age': 'flow.duration',
  'flow.bytes_toserver': 'src.bytes',
  'flow.bytes_toclient': 'dst.bytes',
  'flow.pkts_toserver': 'src.packets',
  'flow.pkts_toclient': 'dst.packets',
  'netflow.bytes': 'src.bytes',
  'netflow.pkts': 'src.packets',
}

/** Only a flow's own record has the client as its source: an alert's source may be the server. */
const otherAliases = Object.fromEntries(Object.entries(aliases).filter(([native]) => !/^flow\.(?:bytes|pkts)_/.test(native)))

const GROUPED = ['CNAME', 'A', 'AAAA', 'MX', 'NS', 'PTR', 'TXT', 'SRV']
const MARKS = ['flow_id', 'src_ip', 'dest_ip', 'pcap_cnt', 'in_iface', 'proto', 'app_proto']

/** `dns.type` is `query` or `answer` here; the canonical field is the type of the resource record. */
const renames = { 'dns.type': 'x.dns.type' }

export default defineParser({
  id: 'eve',
  title: 'Suricata EVE JSON',
  spec: 'https://docs.suricata.io/en/latest/output/eve/eve-json-format.html',
  doc: 'One JSON object per event, one event per line; every event type is kept, known to this version or not. A flow record gives bytes and packets per side; in other records the counters of the flow keep their own names, since an alert may have the server as its source: source and destination are those of the packet, `net.direction` says which way it went, and `flow.src_ip` is the client where the sensor writes it. ATT&CK tactics and techniques in the metadata of a signature become `sig.attack`; `dns.type` (query, answer) is kept as `x.dns.type`.',
  priority: 1000,
  framing: 'line',
  stateless: true,
  sniff: (records) => {
    const objects = firstObjects(records)
    const shaped = share(objects, (object) => typeof object['event_type'] === 'string' && typeof object['timestamp'] === 'string')
    // Other programs use these two names too; without any of the sensor's own, JSON lines are surer.
    const marked = objects.some(
      (object) => MARKS.some((name) => Object.hasOwn(object, name)) || Object.hasOwn(object, String(object['event_type'])),
    )
    return majority(shaped) * (marked ? 0.98 : 0.6)
  },
  aliases,
  create({ fields, zone, received }) {
    const clock = new Clock(zone, received)
    const flow = new JsonFields(fields, { aliases, renames })
    const other = new JsonFields(fields, { aliases: otherAliases, renames })
    const types = new TypeNames()
    const answers = fields.id('dns.answers')
    const grouped = GROUPED.map((record) => fields.id(`dns.grouped.${record}`))
    /** Where the sensor is told to write answers grouped by type only. */
    const gatherAnswers = (row: EventRow): void => {
      for (const field of grouped) {
        const values = row.get(field)
        if (typeof values === 'object') for (const value of values) append(row, answers, value)
      }
    }
    return {
      parse(text: string, row: EventRow) {
        if (text.length < 2) return text.trim() === '' ? 'header' : { rejected: say('not_json') }
        const object = jsonObject(text)
        if (typeof object === 'string') return text.trim() === '' ? 'header' : { rejected: say(object) }
        const type = types.of(object['event_type'], 'unknown')
        ;(type === 'flow' ? flow : other).object(object, text, row)
        if (type === 'dns' && row.get(answers) === undefined) gatherAnswers(row)
        row.type = type
        if (!clock.value(object['timestamp'], row)) clock.giveReceived(row)
        return 'event'
      },
    }
  },
  examples: [
    {
      name: 'an alert with ATT&CK metadata',
      input:
        '{"timestamp":"2026-01-02T03:04:05.412093+0100","flow_id":1203911740081562,"in_iface":"eth1","event_type":"alert","src_ip":"203.0.113.9","src_port":51034,"dest_ip":"2001:0DB8:0000:0000:0000:0000:0000:0010","dest_port":443,"proto":"TCP","community_id":"1:LQU9qZlK+B5F3KDmev6m5PMibrg=","alert":{"action":"allowed","gid":1,"signature_id":9000101,"rev":3,"signature":"WATCHFLOOR webshell upload","category":"Web Application Attack","severity":1,"metadata":{"mitre_tactic_id":["TA0001"],"mitre_technique_id":["T1190"],"signature_severity":["Critical"]}},"app_proto":"http","http":{"hostname":"portal.example","url":"/upload.php","http_user_agent":"curl/8.5","http_method":"POST","status":200,"length":12},"flow":{"pkts_toserver":6,"bytes_toserver":1400}}',
      expect: [
        {
          time: '2026-01-02T02:04:05.412093Z',
          type: 'alert',
          fields: {
            'src.ip': '203.0.113.9',
            'src.port': 51034,
            'dst.ip': '2001:db8::10',
            'dst.port': 443,
            'net.transport': 'tcp',
            'net.app': 'http',
            'net.interface': 'eth1',
            'net.community_id': '1:LQU9qZlK+B5F3KDmev6m5PMibrg=',
            'flow.id': 1203911740081562,
            action: 'allowed',
            'sig.gid': 1,
            'sig.id': 9000101,
            'sig.rev': 3,
            'sig.name': 'WATCHFLOOR webshell upload',
            'sig.category': 'Web Application Attack',
            'sig.priority': 1,
            'sig.attack': ['TA0001', 'T1190'],
            'alert.metadata.signature_severity': ['Critical'],
            'http.host': 'portal.example',
            'http.method': 'POST',
            'http.url': '/upload.php',
            'http.status': 200,
            'flow.bytes_toserver': 1400,
          },
        },
      ],
    },
    {
      name: 'an alert on what the server sent: source and destination are those of the packet',
      input:
        '{"timestamp":"2026-01-02T03:04:06.000000+0000","flow_id":89,"event_type":"alert","src_ip":"192.0.2.80","src_port":80,"dest_ip":"10.1.2.3","dest_port":40000,"proto":"TCP","direction":"to_client","alert":{"action":"allowed","gid":1,"signature_id":9000102,"rev":1,"signature":"WATCHFLOOR program over plain HTTP","category":"","severity":2},"flow":{"pkts_toserver":4,"src_ip":"10.1.2.3","dest_ip":"192.0.2.80","src_port":40000,"dest_port":80}}',
      expect: [
        {
          time: '2026-01-02T03:04:06.000Z',
          type: 'alert',
          fields: {
            'src.ip': '192.0.2.80',
            'dst.ip': '10.1.2.3',
            'net.direction': 'to_client',
            'flow.src_ip': '10.1.2.3',
            'flow.dest_ip': '192.0.2.80',
          },
        },
      ],
    },
    {
      name: 'a flow, and a DNS answer in detailed form',
      input: [
        '{"timestamp":"2026-01-02T03:00:00.000001+0000","flow_id":88,"event_type":"flow","src_ip":"10.1.2.3","src_port":40000,"dest_ip":"10.1.0.53","dest_port":53,"proto":"UDP","app_proto":"dns","vlan":[20,30],"flow":{"pkts_toserver":1,"pkts_toclient":2,"bytes_toserver":70,"bytes_toclient":210,"age":3,"state":"established"}}',
        '{"timestamp":"2026-01-02T03:00:00.5Z","event_type":"dns","src_ip":"10.1.0.53","dest_ip":"10.1.2.3","proto":"UDP","dns":{"version":2,"type":"answer","id":7,"rrname":"www.example","rrtype":"A","rcode":"NOERROR","answers":[{"rrname":"www.example","rrtype":"CNAME","ttl":60,"rdata":"web.example"},{"rrname":"web.example","rrtype":"A","ttl":60,"rdata":"192.0.2.7"}]}}',
      ].join('\n'),
      expect: [
        {
          time: '2026-01-02T03:00:00.000001Z',
          type: 'flow',
          fields: {
            'src.bytes': 70,
            'dst.bytes': 210,
            'src.packets': 1,
            'dst.packets': 2,
            'flow.duration': 3,
            'flow.state': 'established',
            'net.vlan': ['20', '30'],
          },
        },
        {
          time: '2026-01-02T03:00:00.500Z',
          type: 'dns',
          fields: {
            'x.dns.type': 'answer',
            'dns.query': 'www.example',
            'dns.type': 'A',
            'dns.rcode': 'NOERROR',
            'dns.answers': ['web.example', '192.0.2.7'],
            'dns.answers.ttl': ['60', '60'],
          },
        },
      ],
    },
    {
      name: 'DNS of version 3, answers grouped only',
      input:
        '{"timestamp":"2026-01-02T03:00:00.5Z","flow_id":9,"event_type":"dns","src_ip":"10.1.0.53","dest_ip":"10.1.2.3","proto":"UDP","dns":{"version":3,"type":"response","rcode":"NOERROR","queries":[{"rrname":"www.example","rrtype":"A"}],"grouped":{"A":["192.0.2.7","192.0.2.8"],"CNAME":["web.example"]}}}',
      expect: [
        {
          time: '2026-01-02T03:00:00.500Z',
          type: 'dns',
          fields: {
            'dns.query': 'www.example',
            'dns.type': 'A',
            'dns.answers': ['web.example', '192.0.2.7', '192.0.2.8'],
            'dns.grouped.A': ['192.0.2.7', '192.0.2.8'],
          },
        },
      ],
    },
    {
      name: 'an event type nobody knows, hostile names, a 64-bit id, and no time',
      sniffed: false,
      input:
        '{"event_type":"telepathy","flow_id":9223372036854775807,"__proto__":{"x":1},"constructor":"c","id":"i","thought":{"depth":2,"clear":true,"gone":null,"empty":""}}',
      expect: [
        {
          time: '2026-01-02T03:04:05.000Z',
          timeNote: 'received',
          type: 'telepathy',
          fields: {
            'flow.id': '9223372036854775807',
            '__proto__.x': 1,
            constructor: 'c',
            'x.id': 'i',
            'thought.depth': 2,
            'thought.clear': true,
            'thought.empty': '',
          },
        },
      ],
    },
    {
      name: 'lines that are no events',
      sniffed: false,
      input: '{"timestamp":"2026-01-02T03:04:05.4\n[1,2]\n',
      expect: [{ rejected: 'not valid JSON' }, { rejected: 'no object' }, 'header'],
    },
  ],
})
