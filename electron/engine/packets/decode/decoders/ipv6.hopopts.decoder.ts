import { defineDecoder } from '../define.ts'
import { skipExtension } from '../extension.ts'
import { u8 } from '../fields.ts'

export default defineDecoder({
  id: 'ipv6.hopopts',
  title: 'IPv6',
  spec: 'https://www.rfc-editor.org/rfc/rfc8200',
  doc: 'Options for every router on the way: length only.',
  on: [{ table: 'ip', keys: [0] }],
  fields: [u8('ipv6.hopopts.nxt', 'Next header', 0), u8('ipv6.hopopts.len', 'Length, units of 8 bytes', 1)],
  header(p) {
    skipExtension(p)
  },
  line: () => 'IPv6 Hop-by-Hop Option',
  examples: [
    {
      name: 'before a protocol that is not known',
      packet: {
        link: 229,
        hex: '60000000 000c 00 40 20010db8000000000000000000000001 20010db8000000000000000000000002 fd00 010400000000 01020304',
      },
      expect: { stack: 'ipv6:ipv6.hopopts:data', facts: { 'ipv6.hopopts.nxt': 253 } },
    },
  ],
})
