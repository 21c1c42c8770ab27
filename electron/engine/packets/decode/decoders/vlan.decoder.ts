import { defineDecoder } from '../define.ts'
import { bits, flag, u16, where } from '../fields.ts'
import type { Packet } from '../packet.ts'

const isType = (p: Packet, at: number, end: number): boolean => at + 4 <= end && p.data[at + 2]! >= 6

export default defineDecoder({
  id: 'vlan',
  title: 'VLAN',
  spec: 'https://standards.ieee.org/ieee/802.1Q/10323/',
  doc: 'A VLAN tag: priority, id and what follows. Tags within tags are layers of their own.',
  on: [{ table: 'etherType', keys: [0x8100, 0x9100] }],
  fields: [
    bits('vlan.priority', 'Priority', 0, 2, 0xe000),
    flag('vlan.dei', 'May be dropped', 0, 0x10),
    bits('vlan.id', 'VLAN', 0, 2, 0x0fff),
    where(isType, u16('vlan.etype', 'Type', 2)),
    where((p, at, end) => !isType(p, at, end), u16('vlan.len', 'Length', 2)),
  ],
  header(p) {
    if (!p.has(4)) return
    const { data, at } = p
    p.vlan = ((data[at]! & 15) << 8) | data[at + 1]!
    p.at += 4
    p.goToEtherType((data[at + 2]! << 8) | data[at + 3]!)
  },
  line: (p, at, end) =>
    at + 2 > end ? '802.1Q' : `PRI: ${p.data[at]! >> 5}  DEI: ${(p.data[at]! >> 4) & 1}  ID: ${p.view.getUint16(at) & 0xfff}`,
  examples: [
    {
      name: 'a tag in a tag',
      packet: { link: 1, hex: '020000000001 020000000002 8100 6064 8100 0007 88b5 01020304' },
      expect: {
        stack: 'eth:ethertype:vlan:ethertype:vlan:ethertype:data',
        facts: { 'vlan.id': [100, 7], 'vlan.priority': [3, 0] },
      },
    },
  ],
})
