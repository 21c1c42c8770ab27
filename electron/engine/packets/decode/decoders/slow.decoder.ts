import { defineDecoder } from '../define.ts'
import { TABLE } from '../dispatch.ts'
import { u8 } from '../fields.ts'
import { OTHER } from '../other.ts'

export default defineDecoder({
  id: 'slow',
  title: 'Slow Protocols',
  spec: 'https://standards.ieee.org/ieee/802.3/10422/',
  doc: 'Protocols of Ethernet that send a few frames a second; the subtype says which.',
  on: [{ table: 'etherType', keys: [0x8809] }],
  fields: [u8('slow.subtype', 'Subtype', 0)],
  header(p) {
    if (!p.has(1)) return
    const kind = p.data[p.at]!
    if (kind === 1) p.goTo(TABLE.other, OTHER.lacp)
    else if (kind === 10) p.goTo(TABLE.other, OTHER.ossp)
    else p.at = p.end
  },
  line: () => 'Slow Protocols',
  examples: [
    {
      name: 'a subtype that is not known',
      packet: { link: 1, hex: '0180c2000002 020000000002 8809 07' },
      expect: { stack: 'eth:ethertype:slow', facts: { 'slow.subtype': 7 } },
    },
  ],
})
