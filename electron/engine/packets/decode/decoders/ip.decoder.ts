import { defineDecoder, type FieldValue } from '../define.ts'
import { TABLE } from '../dispatch.ts'
import { ipv4 } from '../text.ts'
import type { Packet } from '../packet.ts'

const flag = (bit: number) => (p: Packet, at: number) => (p.data[at + 6]! & bit) !== 0
const address = (offset: number) => (p: Packet, at: number) => p.view.getUint32(at + offset)

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
    { name: 'ip.version', type: 'uint', doc: 'Version', place: [0, 1], read: (p, at) => p.data[at]! >> 4 },
    { name: 'ip.hdr_len', type: 'uint', doc: 'Header length', place: [0, 1], read: (p, at) => (p.data[at]! & 15) * 4 },
    { name: 'ip.dsfield', type: 'uint', doc: 'Differentiated services', place: [1, 1], read: (p, at) => p.data[at + 1]! },
    { name: 'ip.dsfield.dscp', type: 'uint', doc: 'Code point', place: [1, 1], read: (p, at) => p.data[at + 1]! >> 2 },
    { name: 'ip.dsfield.ecn', type: 'uint', doc: 'Congestion notification', place: [1, 1], read: (p, at) => p.data[at + 1]! & 3 },
    { name: 'ip.len', type: 'uint', doc: 'Total length', place: [2, 2], read: (p, at) => p.view.getUint16(at + 2) },
    { name: 'ip.id', type: 'uint', doc: 'Identification', place: [4, 2], read: (p, at) => p.view.getUint16(at + 4) },
    { name: 'ip.flags', type: 'uint', doc: 'Flags', place: [6, 1], read: (p, at) => p.data[at + 6]! >> 5 },
    { name: 'ip.flags.rb', type: 'bool', doc: 'Reserved bit', place: [6, 1], read: flag(0x80) },
    { name: 'ip.flags.df', type: 'bool', doc: "Don't fragment", place: [6, 1], read: flag(0x40) },
    { name: 'ip.flags.mf', type: 'bool', doc: 'More fragments', place: [6, 1], read: flag(0x20) },
    {
      name: 'ip.frag_offset',
      type: 'uint',
      doc: 'Fragment offset, bytes',
      place: [6, 2],
      read: (p, at) => (p.view.getUint16(at + 6) & 0x1fff) * 8,
    },
    { name: 'ip.ttl', type: 'uint', doc: 'Time to live', place: [8, 1], read: (p, at) => p.data[at + 8]! },
    { name: 'ip.proto', type: 'uint', doc: 'Protocol', place: [9, 1], read: (p, at) => p.data[at + 9]! },
    { name: 'ip.checksum', type: 'uint', doc: 'Header checksum', place: [10, 2], read: (p, at) => p.view.getUint16(at + 10) },
    { name: 'ip.src', type: 'ipv4', doc: 'Source address', place: [12, 4], read: address(12) },
    { name: 'ip.dst', type: 'ipv4', doc: 'Destination address', place: [16, 4], read: address(16) },
    {
      name: 'ip.addr',
      type: 'ipv4',
      doc: 'Source or destination address',
      read: (p, at): FieldValue[] => [p.view.getUint32(at + 12), p.view.getUint32(at + 16)],
    },
  ],
  header(p) {
    if (!p.has(20)) return
    const at = p.at
    const first = p.data[at]!
    const header = (first & 15) * 4
    if (first >> 4 !== 4 || header < 20) {
      p.malformed = true
      return
    }
    const view = p.view
    const total = view.getUint16(at + 2)
    const protocol = p.data[at + 9]!
    p.networks++
    if (!p.quoted) {
      p.family = 4
      p.from[0] = p.from[1] = p.from[2] = p.to[0] = p.to[1] = p.to[2] = 0
      p.from[3] = view.getUint32(at + 12)
      p.to[3] = view.getUint32(at + 16)
      p.transport = protocol
    }
    if (total >= header) p.room(total)
    else if (total !== 0) p.malformed = true
    if (!p.has(header)) return
    p.at += header
    const fragment = view.getUint16(at + 6)
    if ((fragment & 0x3fff) !== 0) {
      p.fragmentId = view.getUint16(at + 4)
      p.fragmentOffset = (fragment & 0x1fff) * 8
      p.fragmentMore = (fragment & 0x2000) !== 0
      const whole = p.quoted ? null : p.reassemble(protocol)
      if (whole !== null) p.switchTo(whole)
      // The first piece of what an ICMP error quotes is read as far as it goes.
      else if (!p.quoted || p.fragmentOffset > 0) {
        p.next = p.dispatch.data
        return
      }
    }
    p.goTo(TABLE.ip, protocol)
  },
  line: (p, at) =>
    p.fragmentId >= 0
      ? `Fragmented IP protocol (proto=${p.data[at + 9]!}, off=${p.fragmentOffset}, ID=${p.fragmentId.toString(16).padStart(4, '0')})`
      : `${ipv4(p.view.getUint32(at + 12))} → ${ipv4(p.view.getUint32(at + 16))}, protocol ${p.data[at + 9]!}`,
  examples: [
    {
      name: 'an unknown protocol inside IPv4',
      packet: { link: 228, hex: '45000018 00010000 40fd0000 c0000201 c0000202 01020304' },
      expect: { stack: 'ip:data' },
    },
  ],
})
