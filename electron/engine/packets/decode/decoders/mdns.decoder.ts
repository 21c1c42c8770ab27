import { defineDecoder } from '../define.ts'
import { readDnsMessage } from '../dns/message.ts'

export default defineDecoder({
  id: 'mdns',
  title: 'MDNS',
  spec: 'https://www.rfc-editor.org/rfc/rfc6762',
  doc: 'Multicast DNS: messages of DNS whose class has a flag in it. The fields are those of DNS.',
  on: [{ table: 'udpPort', keys: [5353] }],
  fields: [],
  message: (m, _, out) => readDnsMessage(m, m.from, out, true),
  examples: [
    {
      name: 'a question for a printer',
      messages: {
        transport: 'udp',
        port: 5353,
        sent: [{ by: 0, hex: '0000 0000 0001 0000 0000 0000 045f697070 045f746370 056c6f63616c 00 000c 8001' }],
      },
      expect: {
        stack: 'mdns',
        line: 'Standard query 0x0000 PTR _ipp._tcp.local, "QU" question',
        facts: { 'dns.qry.name': '_ipp._tcp.local', 'dns.qry.class': 1, 'dns.qry.qu': true },
      },
    },
  ],
})
