import { defineDecoder } from '../define.ts'
import { readDnsMessage } from '../dns/message.ts'

export default defineDecoder({
  id: 'llmnr',
  title: 'LLMNR',
  spec: 'https://www.rfc-editor.org/rfc/rfc4795',
  doc: 'Link-local multicast name resolution: messages of DNS. The fields are those of DNS.',
  on: [
    { table: 'udpPort', keys: [5355] },
    { table: 'tcpPort', keys: [5355] },
  ],
  fields: [],
  stream: {
    length: (data, from, to) => (to - from < 2 ? 0 : 2 + ((data[from]! << 8) | data[from + 1]!)),
  },
  message: (m, _, out) => readDnsMessage(m, m.from + (m.transport === 'tcp' ? 2 : 0), out, false),
  examples: [
    {
      name: 'who is wpad',
      messages: {
        transport: 'udp',
        port: 5355,
        sent: [{ by: 0, hex: '7a11 0000 0001 0000 0000 0000 0477706164 00 0001 0001' }],
      },
      expect: { stack: 'llmnr', line: 'Standard query 0x7a11 A wpad', facts: { 'dns.qry.name': 'wpad' } },
    },
  ],
})
