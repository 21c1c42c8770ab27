import { defineDecoder } from '../define.ts'
import { TABLE } from '../dispatch.ts'
import { bits, either, flag, ipv4Address, u16, u8, where } from '../fields.ts'
import type { Packet } from '../packet.ts'

const source = ipv4Address('ip.src', 'Source address', 12)
const destination = ipv4Address('ip.dst', 'Destination address', 16)
/** With the space that stands after them. */
const NAMES: Readonly<Record<number, string>> = { 1: 'ICMP ', 6: 'TCP ', 17: 'UDP ', 47: 'GRE ', 50: 'Encap Security Payload ' }
const headerLength = (p: Packet, at: number): number => (p.data[at]! & 15) * 4
/** True where it is IPv4 as it says: otherwise nothing of it means anything. */
function isHeader(p: Packet, at: number, end: number): boolean {
  if (at + 20 > end) return false
  const total = p.view.getUint16(at + 2)
  return p.data[at]! >> 4 === 4 && headerLength(p, at) >= 20 && (total === 0 || total >= headerLength(p, at))
}

export default defineDecoder({
  id: 'ip',
  title: 'IPv4',
  spec: 'https://www.rfc-editor.org/rfc/rfc791',
  doc: 'IPv4 with options. Fragments are put together by the index; a total length of 0 (segmentation left to the network card) is taken for all that is there.',
  on: [
    { table: 'etherType', keys: [0x0800] },
    { table: 'ip', keys: [4] },
    { table: 'bsdFamily', keys: [2] },
    { table: 'ppp', keys: [0x0021] },
    { table: 'llc', keys: [0x06] },
    { table: 'link', keys: [228] },
  ],
  fields: [
    bits('ip.version', 'Version', 0, 1, 0xf0),
    ...[
      {
        name: 'ip.hdr_len',
        type: 'uint' as const,
        doc: 'Header length',
        place: [0, 1] as const,
        read: headerLength,
      },
      u8('ip.dsfield', 'Differentiated services', 1),
      bits('ip.dsfield.dscp', 'Code point', 1, 1, 0xfc),
      bits('ip.dsfield.ecn', 'Congestion notification', 1, 1, 3),
      // Where it was left to the network card: what is there.
      { ...u16('ip.len', 'Total length', 2), read: (p: Packet, at: number, end: number) => p.view.getUint16(at + 2) || end - at },
      u16('ip.id', 'Identification', 4),
      bits('ip.flags', 'Flags', 6, 1, 0xe0),
      flag('ip.flags.rb', 'Reserved bit', 6, 0x80),
      flag('ip.flags.df', "Don't fragment", 6, 0x40),
      flag('ip.flags.mf', 'More fragments', 6, 0x20),
      // As sent: Wireshark's field has units of 8 bytes too.
      bits('ip.frag_offset', 'Fragment offset, units of 8 bytes', 6, 2, 0x1fff),
      u8('ip.ttl', 'Time to live', 8),
      u8('ip.proto', 'Protocol', 9),
      u16('ip.checksum', 'Header checksum', 10),
      source,
      destination,
      either('ip.addr', 'Source or destination address', source, destination),
    ].map((field) => where(isHeader, field)),
  ],
  header(p) {
    if (!p.has(1)) return
    const at = p.at
    const first = p.data[at]!
    if (first >> 4 === 6) {
      // Something said IPv4 and meant IPv6.
      p.goTo(TABLE.etherType, 0x86dd)
      return
    }
    if (!p.has(20)) return
    const header = (first & 15) * 4
    const view = p.view
    const total = view.getUint16(at + 2)
    if (first >> 4 !== 4 || header < 20 || (total < header && total !== 0)) {
      p.malformed = true
      return
    }
    const protocol = p.data[at + 9]!
    if (!p.quoted) {
      if (p.networks > 0) p.nested()
      p.family = 4
      p.from[0] = p.from[1] = p.from[2] = p.to[0] = p.to[1] = p.to[2] = 0
      p.from[3] = view.getUint32(at + 12)
      p.to[3] = view.getUint32(at + 16)
      p.transport = protocol
    }
    p.networks++
    if (total !== 0) p.room(total)
    if (!p.has(header)) return
    p.at += header
    const fragment = view.getUint16(at + 6)
    if ((fragment & 0x3fff) !== 0) {
      const offset = (fragment & 0x1fff) * 8
      if (p.quoted) {
        // The first piece of what an ICMP error quotes is read as far as it goes.
        if (offset > 0) {
          p.next = p.dispatch.data
          return
        }
      } else {
        p.fragmentId = view.getUint16(at + 4)
        p.fragmentOffset = offset
        p.fragmentMore = (fragment & 0x2000) !== 0
        const whole = p.reassemble(protocol)
        if (whole !== null) p.switchTo(whole)
        else if (offset > 0 || p.end >= p.stated) {
          p.next = p.dispatch.data
          return
        }
        // A first fragment that was not captured to its end is never put together: it is read as far as it goes.
      }
    }
    p.goTo(TABLE.ip, protocol)
  },
  line(p, at, end) {
    if (at + 20 > end) return 'IPv4'
    const offset = (p.view.getUint16(at + 6) & 0x1fff) * 8
    return p.view.getUint16(at + 6) & 0x3fff
      ? `Fragmented IP protocol (proto=${NAMES[p.data[at + 9]!] ?? ''}${p.data[at + 9]!}, off=${offset}, ID=${p.view
          .getUint16(at + 4)
          .toString(16)
          .padStart(4, '0')})`
      : `IP protocol ${p.data[at + 9]!}`
  },
  examples: [
    {
      name: 'an unknown protocol inside IPv4',
      packet: { link: 228, hex: '45000018 00010000 40fd0000 c0000201 c0000202 01020304' },
      expect: { stack: 'ip:data', facts: { 'ip.src': '192.0.2.1', 'ip.proto': 253, 'ip.ttl': 64 } },
    },
    {
      name: 'a fragment',
      packet: { link: 228, hex: '4500001c 00012001 40110000 c0000201 c0000202 0102030405060708' },
      expect: {
        stack: 'ip:data',
        line: 'Fragmented IP protocol (proto=UDP 17, off=8, ID=0001)',
        facts: { 'ip.frag_offset': 1, 'ip.flags.mf': true },
      },
    },
    {
      name: 'an IPv4 packet in another',
      packet: {
        link: 228,
        hex: '4500002c 00010000 40040000 c0000201 c0000202 45000018 00010000 40fd0000 c6336401 c6336402 01020304',
      },
      expect: { stack: 'ip:ip:data', facts: { 'ip.src': ['192.0.2.1', '198.51.100.1'] } },
    },
  ],
})
