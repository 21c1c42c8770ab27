import { defineDecoder } from '../define.ts'
import { skipExtension } from '../extension.ts'
import { u8 } from '../fields.ts'

export default defineDecoder({
  id: 'ipv6.dstopts',
  title: 'IPv6',
  spec: 'https://www.rfc-editor.org/rfc/rfc8200',
  doc: 'Options for the receiver: length only.',
  on: [{ table: 'ip', keys: [60] }],
  fields: [u8('ipv6.dstopts.nxt', 'Next header', 0), u8('ipv6.dstopts.len', 'Length, units of 8 bytes', 1)],
  header(p) {
    skipExtension(p)
  },
  line: () => 'IPv6 Destination Option',
  examples: [
    {
      name: 'before a protocol that is not known',
      packet: {
        link: 229,
        hex: '60000000 000c 3c 40 20010db8000000000000000000000001 20010db8000000000000000000000002 fd00 010400000000 01020304',
      },
      expect: { stack: 'ipv6:ipv6.dstopts:data', facts: { 'ipv6.dstopts.nxt': 253 } },
    },
  ],
})
