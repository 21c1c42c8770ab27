import { defineDecoder, type FieldValue } from '../define.ts'
import { TABLE } from '../dispatch.ts'
import { OTHER } from '../other.ts'
import type { Packet } from '../packet.ts'

/** A part of every entry of the stack, outermost first. */
const ofEach =
  (mask: number, shift: number) =>
  (p: Packet, at: number, end: number): FieldValue[] => {
    const values: number[] = []
    for (let i = at; i + 4 <= end; i += 4) {
      values.push((p.view.getUint32(i) & mask) >>> shift)
      if (p.data[i + 2]! & 1) break
    }
    return values
  }

export default defineDecoder({
  id: 'mpls',
  title: 'MPLS',
  spec: 'https://www.rfc-editor.org/rfc/rfc3032',
  doc: 'The whole stack of labels. What is inside is known by its first four bits: IPv4, IPv6, a pseudowire’s control word, otherwise Ethernet.',
  on: [
    { table: 'etherType', keys: [0x8847, 0x8848] },
    { table: 'ppp', keys: [0x0281, 0x0283] },
    { table: 'udpPort', keys: [6635] },
    { table: 'ip', keys: [137] },
  ],
  fields: [
    { name: 'mpls.label', type: 'uint', doc: 'Label', place: [0, 3], read: ofEach(0xfffff000, 12) },
    { name: 'mpls.exp', type: 'uint', doc: 'Traffic class', place: [2, 1], read: ofEach(0xe00, 9) },
    { name: 'mpls.bottom', type: 'uint', doc: 'Bottom of the stack', place: [2, 1], read: ofEach(0x100, 8) },
    { name: 'mpls.ttl', type: 'uint', doc: 'Time to live', place: [3, 1], read: ofEach(0xff, 0) },
  ],
  header(p) {
    let bottom = false
    let label = 0
    while (!bottom) {
      if (!p.has(4)) return
      const entry = p.view.getUint32(p.at)
      label = entry >>> 12
      bottom = (entry & 0x100) !== 0
      p.at += 4
    }
    if (!p.has(1)) return
    const first = p.data[p.at]! >> 4
    if (label === 13 || first === 1) p.goTo(TABLE.other, OTHER.pwAssociated)
    else if (first === 4) p.goTo(TABLE.etherType, 0x0800)
    else if (first === 6) p.goTo(TABLE.etherType, 0x86dd)
    else p.goTo(TABLE.other, OTHER.pwEthernet)
  },
  line: () => 'MPLS Label Switched Packet',
  examples: [
    {
      name: 'two labels around IPv4',
      packet: {
        link: 1,
        hex: '020000000001 020000000002 8847 00064040 000c8140 45000018 00010000 40fd0000 c0000201 c0000202 01020304',
      },
      expect: { stack: 'eth:ethertype:mpls:ip:data', facts: { 'mpls.label': [100, 200], 'mpls.ttl': [64, 64] } },
    },
  ],
})
