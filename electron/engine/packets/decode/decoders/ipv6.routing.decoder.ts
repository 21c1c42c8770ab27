import { defineDecoder } from '../define.ts'
import { skipExtension } from '../extension.ts'
import { u8 } from '../fields.ts'

export default defineDecoder({
  id: 'ipv6.routing',
  title: 'IPv6',
  spec: 'https://www.rfc-editor.org/rfc/rfc8200',
  doc: 'Addresses to go through: kind and how many are left.',
  on: [{ table: 'ip', keys: [43] }],
  fields: [
    u8('ipv6.routing.nxt', 'Next header', 0),
    u8('ipv6.routing.len', 'Length, units of 8 bytes', 1),
    u8('ipv6.routing.type', 'Kind', 2),
    u8('ipv6.routing.segleft', 'Addresses left', 3),
  ],
  header(p) {
    skipExtension(p)
  },
  line: () => 'IPv6 Routing',
  examples: [
    {
      name: 'before a protocol that is not known',
      packet: {
        link: 229,
        hex: '60000000 000c 2b 40 20010db8000000000000000000000001 20010db8000000000000000000000002 fd00 010400000000 01020304',
      },
      expect: { stack: 'ipv6:ipv6.routing:data', facts: { 'ipv6.routing.nxt': 253 } },
    },
  ],
})
