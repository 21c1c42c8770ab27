import { defineDecoder, type DecoderField } from '../define.ts'
import { TABLE } from '../dispatch.ts'
import { readUint } from '../fields.ts'
import { OTHER } from '../other.ts'
import type { Packet } from '../packet.ts'

/** Version 2 has the same facts at other places. */
const two = (p: Packet): boolean => p.linkType === 276
const field = (name: string, doc: string, one: readonly [number, 1 | 2], other: readonly [number, 1 | 2]): DecoderField => {
  const [first, second] = [readUint(...one), readUint(...other)]
  return { name, type: 'uint', doc, read: (p, at, end) => (two(p) ? second : first)(p, at, end) }
}
const SENT = ['Unicast to us', 'Broadcast', 'Multicast', 'Unicast to another host', 'Sent by us'] as const
const RADIOTAP = 803
const NO_ETHER_TYPE = new Set([1, 4])

export default defineDecoder({
  id: 'sll',
  title: 'SLL',
  spec: 'https://www.tcpdump.org/linktypes/LINKTYPE_LINUX_SLL2.html',
  doc: 'Linux “cooked” captures, both versions: of any interface, without its own link header.',
  on: [{ table: 'link', keys: [113, 276] }],
  fields: [
    field('sll.pkttype', 'Whose packet', [0, 2], [10, 1]),
    field('sll.hatype', 'Kind of interface (ARPHRD)', [2, 2], [8, 2]),
    field('sll.halen', 'Length of the address', [4, 2], [11, 1]),
    field('sll.etype', 'Type', [14, 2], [0, 2]),
    {
      name: 'sll.src.eth',
      type: 'ether',
      doc: 'Sender',
      read(p, at, end) {
        const from = at + (two(p) ? 12 : 6)
        const length = two(p) ? p.data[at + 11] : p.data[at + 5]
        return length === 6 && from + 6 <= end ? p.data.subarray(from, from + 6) : undefined
      },
    },
    {
      name: 'sll.ifindex',
      type: 'uint',
      doc: 'Number of the interface',
      read: (p, at, end) => (two(p) ? readUint(4, 4)(p, at, end) : undefined),
    },
  ],
  header(p) {
    const second = p.linkType === 276
    if (!p.has(second ? 20 : 16)) return
    const { view, at } = p
    const type = view.getUint16(second ? at : at + 14)
    const kind = view.getUint16(second ? at + 8 : at + 2)
    p.at += second ? 20 : 16
    if (kind === RADIOTAP) p.goTo(TABLE.link, 127)
    else if (kind === 801) p.goTo(TABLE.other, OTHER.wlan)
    else if (type === 4) {
      p.next = p.dispatch.llc
      if (p.next < 0) p.next = p.dispatch.data
    } else if (NO_ETHER_TYPE.has(type) || type < 0x600) p.next = p.dispatch.data
    else p.goToEtherType(type)
  },
  line: (p, at, end) => SENT[(two(p) ? readUint(10, 1) : readUint(0, 2))(p, at, end) ?? -1] ?? 'SLL',
  examples: [
    {
      name: 'IPv4, version 1',
      packet: { link: 113, hex: '0004 0001 0006 0200000000020000 0800 45000018 00010000 40fd0000 c0000201 c0000202 01020304' },
      expect: { stack: 'sll:ethertype:ip:data', facts: { 'sll.pkttype': 4, 'sll.src.eth': '02:00:00:00:00:02' } },
    },
    {
      name: 'IPv4, version 2',
      packet: {
        link: 276,
        hex: '0800 0000 00000003 0001 04 06 0200000000020000 45000018 00010000 40fd0000 c0000201 c0000202 01020304',
      },
      expect: { stack: 'sll:ethertype:ip:data', facts: { 'sll.pkttype': 4, 'sll.ifindex': 3, 'sll.etype': 0x800 } },
    },
  ],
})
