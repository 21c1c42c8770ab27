import { defineDecoder } from '../define.ts'
import { bits } from '../fields.ts'

export default defineDecoder({
  id: 'ieee8021ad',
  title: '802.1ad',
  spec: 'https://standards.ieee.org/ieee/802.1ad/3084/',
  doc: 'The outer tag of provider bridges (QinQ): priority, id and what follows.',
  on: [{ table: 'etherType', keys: [0x88a8] }],
  fields: [
    bits('ieee8021ad.priority', 'Priority', 0, 2, 0xe000),
    bits('ieee8021ad.dei', 'May be dropped', 0, 2, 0x1000),
    bits('ieee8021ad.id', 'VLAN', 0, 2, 0x0fff),
  ],
  header(p) {
    if (!p.has(4)) return
    const { data, at } = p
    p.vlan = ((data[at]! & 15) << 8) | data[at + 1]!
    p.at += 4
    p.goToEtherType((data[at + 2]! << 8) | data[at + 3]!)
  },
  line: (p, at, end) =>
    at + 2 > end ? '802.1ad' : `PRI: ${p.data[at]! >> 5}  DEI: ${(p.data[at]! >> 4) & 1}  ID: ${p.view.getUint16(at) & 0xfff}`,
  examples: [
    {
      name: 'a provider tag around a customer tag',
      packet: { link: 1, hex: '020000000001 020000000002 88a8 0005 8100 0007 88b5 01020304' },
      expect: { stack: 'eth:ethertype:ieee8021ad:ethertype:vlan:ethertype:data', facts: { 'ieee8021ad.id': 5, 'vlan.id': 7 } },
    },
  ],
})
