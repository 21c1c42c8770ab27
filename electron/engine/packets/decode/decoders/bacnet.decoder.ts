import { defineDecoder } from '../define.ts'
import { TABLE } from '../dispatch.ts'
import { u8 } from '../fields.ts'
import { OTHER } from '../other.ts'

const NETWORK_MESSAGE = 0x80
const DESTINATION = 0x20
const SOURCE = 0x08

export default defineDecoder({
  id: 'bacnet',
  title: 'BACnet',
  spec: 'https://bacnet.org/',
  doc: 'Building control: the network layer. Addresses are passed over; the application layer inside is named.',
  on: [
    { table: 'llc', keys: [0x82] },
    { table: 'other', keys: [OTHER.bacnet] },
  ],
  fields: [u8('bacnet.version', 'Version', 0), u8('bacnet.control', 'Control', 1)],
  header(p) {
    if (!p.has(2)) return
    const control = p.data[p.at + 1]!
    p.at += 2
    // Addresses: network, length, address.
    for (const bit of [DESTINATION, SOURCE]) {
      if ((control & bit) === 0) continue
      if (!p.has(3)) return
      p.at += 3 + p.data[p.at + 2]!
    }
    if (control & DESTINATION) p.at++
    if (!p.has(0)) return
    if (control & NETWORK_MESSAGE) p.at = p.end
    else p.goTo(TABLE.other, OTHER.bacapp)
  },
  line: () => 'BACnet',
  examples: [
    {
      name: 'a request without answer',
      packet: { link: 1, hex: '020000000001 020000000002 0007 828203 0100 1008' },
      expect: { stack: 'eth:llc:bacnet:bacapp', facts: { 'bacnet.version': 1 } },
    },
  ],
})
