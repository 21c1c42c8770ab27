import { defineDecoder } from '../define.ts'
import { TABLE } from '../dispatch.ts'
import { u8 } from '../fields.ts'

const INSIDE: Readonly<Record<number, number>> = { 0xd4: 0x0800, 0xf0: 0x0800, 0xd5: 0x0806, 0xf1: 0x0806, 0xc4: 0x86dd }
/** RFC 1051, which has no number of the fragment. */
const OLD = new Set([0xf0, 0xf1])

export default defineDecoder({
  id: 'arcnet',
  title: 'ARCNET',
  spec: 'https://www.rfc-editor.org/rfc/rfc1201',
  doc: 'ARCNET as Linux captures it. Packets in several fragments are read where the first has all.',
  on: [{ table: 'link', keys: [129] }],
  fields: [u8('arcnet.src', 'Source', 0), u8('arcnet.dst', 'Destination', 1), u8('arcnet.protID', 'Protocol', 4)],
  header(p) {
    if (!p.has(5)) return
    const protocol = p.data[p.at + 4]!
    p.at += 5
    if (!OLD.has(protocol)) {
      if (!p.has(3)) return
      const split = p.data[p.at]!
      p.at += split === 0xff ? 7 : 3
      if (!p.has(0)) return
    }
    p.goTo(TABLE.etherType, INSIDE[protocol] ?? -1)
  },
  line: () => 'ARCNET',
  examples: [
    {
      name: 'IPv4, the old form',
      packet: { link: 129, hex: '01 02 0000 f0 45000018 00010000 40fd0000 c0000201 c0000202 01020304' },
      expect: { stack: 'arcnet:ip:data', facts: { 'arcnet.src': 1 } },
    },
  ],
})
