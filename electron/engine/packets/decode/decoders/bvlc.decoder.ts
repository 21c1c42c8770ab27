import { defineDecoder } from '../define.ts'
import { TABLE } from '../dispatch.ts'
import { u8 } from '../fields.ts'
import { OTHER } from '../other.ts'

/** Functions that carry a message, and the one that says first who sent it. */
const CARRIES = new Set([0x04, 0x09, 0x0a, 0x0b])
const FORWARDED = 0x04

export default defineDecoder({
  id: 'bvlc',
  title: 'BVLC',
  spec: 'https://bacnet.org/',
  doc: 'BACnet in UDP: function, and the message inside.',
  on: [{ table: 'udpPort', keys: [47_808] }],
  fields: [u8('bvlc.type', 'Type', 0), u8('bvlc.function', 'Function', 1)],
  header(p) {
    if (p.at < p.end && p.data[p.at] !== 0x81 && p.data[p.at] !== 0x82) return p.refuse()
    if (!p.has(4)) return
    const kind = p.data[p.at + 1]!
    p.at += kind === FORWARDED ? 10 : 4
    if (!p.has(0)) return
    if (CARRIES.has(kind) && p.at < p.end) p.goTo(TABLE.other, OTHER.bacnet)
    else p.at = p.end
  },
  line: () => 'BACnet Virtual Link Control',
  examples: [
    {
      name: 'a broadcast',
      packet: { link: 228, hex: '45000024 00010000 40110000 c0000201 c00002ff bac0 bac0 0010 0000 81 0b 0008 0100 1008' },
      expect: { stack: 'ip:udp:bvlc:bacnet:bacapp', facts: { 'bvlc.function': 11 } },
    },
  ],
})
