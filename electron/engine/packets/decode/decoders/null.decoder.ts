import { defineDecoder, type FieldValue } from '../define.ts'
import { TABLE } from '../dispatch.ts'
import type { Packet } from '../packet.ts'

/** The address family is in the byte order of the machine that captured: a small number in one of the two. */
function family(p: Packet, at: number): number {
  const value = p.view.getUint32(at)
  return value & 0xffff0000 ? p.view.getUint32(at, true) : value
}

export default defineDecoder({
  id: 'null',
  title: 'Null/Loopback',
  spec: 'https://www.tcpdump.org/linktypes/LINKTYPE_NULL.html',
  doc: 'The loopback of BSD and macOS: an address family, in either byte order.',
  on: [{ table: 'link', keys: [0, 108] }],
  fields: [
    {
      name: 'null.family',
      type: 'uint',
      doc: 'Address family',
      place: [0, 4],
      read: (p, at, end): FieldValue | undefined => (at + 4 <= end ? family(p, at) : undefined),
    },
  ],
  header(p) {
    if (!p.has(4)) return
    // PPP's address and control stand here in some captures.
    if (p.data[p.at] === 0xff && p.data[p.at + 1] === 0x03) {
      p.goTo(TABLE.link, 9)
      return
    }
    const of = family(p, p.at)
    p.at += 4
    if (of > 1500 && of < 65_536) p.goTo(TABLE.etherType, of)
    else p.goTo(TABLE.bsdFamily, of)
  },
  line: () => 'Null/Loopback',
  examples: [
    {
      name: 'IPv4, little-endian',
      packet: { link: 0, hex: '02000000 45000018 00010000 40fd0000 c0000201 c0000202 01020304' },
      expect: { stack: 'null:ip:data', facts: { 'null.family': 2 } },
    },
    {
      name: 'IPv4, big-endian',
      packet: { link: 108, hex: '00000002 45000018 00010000 40fd0000 c0000201 c0000202 01020304' },
      expect: { stack: 'null:ip:data', facts: { 'null.family': 2 } },
    },
  ],
})
