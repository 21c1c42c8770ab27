import { defineDecoder } from '../define.ts'
import { TABLE } from '../dispatch.ts'
import { flag, u16, u24 } from '../fields.ts'

/** The extended form (port 4790) says what is inside. */
const INSIDE: readonly number[] = [-1, 0x0800, 0x86dd, 0x6558, 0x894f]

export default defineDecoder({
  id: 'vxlan',
  title: 'VXLAN',
  spec: 'https://www.rfc-editor.org/rfc/rfc7348',
  doc: 'Ethernet in UDP: network id and the frame inside. The generic extension (VXLAN-GPE) is read on its own port; 8472 is the port that Linux takes.',
  on: [{ table: 'udpPort', keys: [4789, 4790, 8472] }],
  fields: [u16('vxlan.flags', 'Flags', 0), flag('vxlan.flag_i', 'The network id is there', 0, 8), u24('vxlan.vni', 'Network', 4)],
  header(p) {
    if (!p.has(8)) return
    const generic = (p.data[p.at]! & 4) !== 0 && (p.sourcePort === 4790 || p.destinationPort === 4790)
    const inside = p.data[p.at + 3]!
    p.at += 8
    if (p.at >= p.end) return
    if (generic) p.goTo(TABLE.etherType, INSIDE[inside] ?? -1)
    else p.goTo(TABLE.link, 1)
  },
  line: (p, at, end) => (at + 7 > end ? 'VXLAN' : `VNI ${(p.data[at + 4]! << 16) | (p.data[at + 5]! << 8) | p.data[at + 6]!}`),
  examples: [
    {
      name: 'a frame',
      packet: {
        link: 228,
        hex: '45000036 00010000 40110000 c0000201 c0000202 c350 12b5 0022 0000 08000000 00000700 020000000001 020000000002 88b5 01020304',
      },
      expect: { stack: 'ip:udp:vxlan:eth:ethertype:data', facts: { 'vxlan.vni': 7 } },
    },
  ],
})
