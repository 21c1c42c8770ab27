import { defineDecoder } from '../define.ts'
import { TABLE } from '../dispatch.ts'
import { either, etherAddress, u16, where } from '../fields.ts'
import { hex } from '../text.ts'
import type { Packet } from '../packet.ts'

const destination = etherAddress('eth.dst', 'Destination', 0)
const source = etherAddress('eth.src', 'Source', 6)
const isType = (p: Packet, at: number, end: number): boolean => at + 14 <= end && p.data[at + 12]! >= 6

/** Lengths between this and the first type mean nothing. */
const LONGEST = 1500
const IPX = 0x8137

export default defineDecoder({
  id: 'eth',
  title: 'Ethernet',
  spec: 'https://standards.ieee.org/ieee/802.3/10422/',
  doc: 'Ethernet II frames and 802.3 frames with a length. What follows the stated length is a trailer and is not read.',
  on: [
    { table: 'link', keys: [1] },
    { table: 'etherType', keys: [0x6558] },
    { table: 'ip', keys: [143] },
  ],
  fields: [
    destination,
    source,
    either('eth.addr', 'Source or destination', destination, source),
    where(isType, u16('eth.type', 'Type', 12)),
    where((p, at, end) => !isType(p, at, end), u16('eth.len', 'Length', 12)),
  ],
  header(p) {
    if (!p.has(14)) return
    const type = (p.data[p.at + 12]! << 8) | p.data[p.at + 13]!
    p.at += 14
    if (type >= 0x600) {
      p.key = type
      p.next = p.dispatch.etherType
    } else if (type > LONGEST) {
      if (p.at < p.end) p.next = p.dispatch.data
    } else if (p.end - p.at > 2 && p.data[p.at] === 0xff && p.data[p.at + 1] === 0xff) {
      // NetWare's first form: no LLC, and a checksum that is not used.
      p.room(type)
      p.goTo(TABLE.etherType, IPX)
    } else p.goToEtherType(type)
  },
  line: (p, at, end) => (isType(p, at, end) ? 'Ethernet II' : 'Ethernet'),
  column: (p, at) => (isType(p, at, p.data.length) ? `0x${hex(p.data, at + 12, at + 14)}` : 'Ethernet'),
  examples: [
    {
      name: 'a frame of a type that is not known',
      packet: { link: 1, hex: '020000000001 020000000002 88b5 01020304' },
      expect: { stack: 'eth:ethertype:data', facts: { 'eth.src': '02:00:00:00:00:02', 'eth.type': 0x88b5 } },
    },
  ],
})
