import { defineDecoder } from '../define.ts'
import { DNS_FIELDS } from '../dns/fields.ts'
import { readDnsMessage } from '../dns/message.ts'

export default defineDecoder({
  id: 'dns',
  title: 'DNS',
  spec: 'https://www.rfc-editor.org/rfc/rfc1035',
  doc: 'Questions and records of the common types, over UDP and TCP; zone transfers and updates too. Of EDNS the size is read; signatures and other types are named only.',
  on: [
    { table: 'udpPort', keys: [53] },
    { table: 'tcpPort', keys: [53] },
  ],
  fields: DNS_FIELDS,
  stream: {
    length: (data, from, to) => (to - from < 2 ? 0 : 2 + ((data[from]! << 8) | data[from + 1]!)),
  },
  message(m, _, out) {
    if (m.transport !== 'tcp') return readDnsMessage(m, m.from, out, false)
    if (m.from + 2 > m.to) return out.malformed()
    out.fact('dns.length', m.view.getUint16(m.from), m.from, 2)
    readDnsMessage(m, m.from + 2, out, false)
  },
  examples: [
    {
      name: 'a question and its answer',
      messages: {
        transport: 'udp',
        port: 53,
        sent: [
          { by: 0, hex: '1a2b 0100 0001 0000 0000 0000 03777777 076578616d706c65 03636f6d 00 0001 0001' },
          {
            by: 1,
            hex: `1a2b 8180 0001 0002 0000 0000 03777777 076578616d706c65 03636f6d 00 0001 0001
              c00c 0005 0001 0000003c 0005 02736d c010
              c02d 0001 0001 0000003c 0004 c0000207`,
          },
        ],
      },
      expect: {
        stack: 'dns',
        line: 'Standard query response 0x1a2b A www.example.com CNAME sm.example.com A 192.0.2.7',
        facts: {
          'dns.id': [0x1a2b, 0x1a2b],
          'dns.qry.name': ['www.example.com', 'www.example.com'],
          'dns.cname': 'sm.example.com',
          'dns.a': '192.0.2.7',
        },
      },
    },
    {
      name: 'no such name, over TCP',
      messages: {
        transport: 'tcp',
        port: 53,
        sent: [
          { by: 0, hex: '001a 0001 0100 0001 0000 0000 0000 03777777 0474657374 00 001c 0001' },
          { by: 1, hex: '001a 0001 8183 0001 0000 0000 0000 03777777 0474657374 00 001c 0001' },
        ],
      },
      expect: {
        stack: 'dns',
        line: 'Standard query response 0x0001 No such name AAAA www.test',
        facts: { 'dns.flags.rcode': 3, 'dns.qry.type': [28, 28] },
      },
    },
  ],
})
