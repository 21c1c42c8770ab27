import { defineDecoder } from '../define.ts'
import { TABLE } from '../dispatch.ts'
import { OTHER } from '../other.ts'

const INSIDE: Readonly<Record<number, number>> = { 0x81: OTHER.clnp, 0x82: OTHER.esis, 0x83: OTHER.isis }

export default defineDecoder({
  id: 'osi',
  title: 'OSI',
  spec: 'https://www.iso.org/standard/28141.html',
  doc: 'OSI’s network layer: its first byte says which protocol.',
  on: [
    { table: 'llc', keys: [0xfe] },
    { table: 'etherType', keys: [0xfefe] },
    { table: 'ppp', keys: [0x0023] },
  ],
  fields: [],
  header(p) {
    if (!p.has(1)) return
    p.goTo(TABLE.other, INSIDE[p.data[p.at]!] ?? -1)
  },
  line: () => 'OSI',
  examples: [
    {
      name: 'a protocol that is not known',
      packet: { link: 1, hex: '020000000001 020000000002 0005 fefe03 7701' },
      expect: { stack: 'eth:llc:osi:data' },
    },
  ],
})
