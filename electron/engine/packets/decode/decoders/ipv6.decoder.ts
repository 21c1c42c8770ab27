import { defineDecoder } from '../define.ts'
import { TABLE } from '../dispatch.ts'
import { bits, either, ipv6Address, u16, u8 } from '../fields.ts'

const source = ipv6Address('ipv6.src', 'Source address', 8)
const destination = ipv6Address('ipv6.dst', 'Destination address', 24)
const NO_NEXT = 59

export default defineDecoder({
  id: 'ipv6',
  title: 'IPv6',
  spec: 'https://www.rfc-editor.org/rfc/rfc8200',
  doc: 'The fixed header; extension headers are layers of their own. A payload length of 0 (jumbograms) is taken for all that is there.',
  on: [
    { table: 'etherType', keys: [0x86dd] },
    { table: 'ip', keys: [41] },
    { table: 'bsdFamily', keys: [10, 24, 28, 30] },
    { table: 'ppp', keys: [0x0057] },
    { table: 'link', keys: [229] },
  ],
  fields: [
    bits('ipv6.version', 'Version', 0, 1, 0xf0),
    bits('ipv6.tclass', 'Traffic class', 0, 2, 0x0ff0),
    bits('ipv6.flow', 'Flow label', 0, 4, 0xfffff),
    u16('ipv6.plen', 'Payload length', 4),
    u8('ipv6.nxt', 'Next header', 6),
    u8('ipv6.hlim', 'Hop limit', 7),
    source,
    destination,
    either('ipv6.addr', 'Source or destination address', source, destination),
  ],
  header(p) {
    if (!p.has(40)) return
    const { at, view } = p
    if (p.data[at]! >> 4 !== 6) {
      p.malformed = true
      return
    }
    const length = view.getUint16(at + 4)
    const next = p.data[at + 6]!
    if (!p.quoted) {
      if (p.networks > 0) p.nested()
      p.family = 6
      for (let i = 0; i < 4; i++) {
        p.from[i] = view.getUint32(at + 8 + 4 * i)
        p.to[i] = view.getUint32(at + 24 + 4 * i)
      }
      p.transport = next
    }
    p.networks++
    if (length > 0) p.room(40 + length)
    p.at += 40
    p.goTo(TABLE.ip, next)
  },
  line(p, at, end) {
    if (at + 40 > end) return 'IPv6'
    const next = p.data[at + 6]!
    if (next === NO_NEXT) return 'IPv6 no next header'
    return `IPv6 next header ${next}`
  },
  examples: [
    {
      name: 'an unknown protocol inside IPv6',
      packet: {
        link: 229,
        hex: '60012345 0004 fd 40 20010db8000000000000000000000001 20010db8000000000000000000000002 01020304',
      },
      expect: {
        stack: 'ipv6:data',
        facts: { 'ipv6.src': '2001:db8::1', 'ipv6.flow': 0x12345, 'ipv6.hlim': 64, 'ipv6.nxt': 253 },
      },
    },
    {
      name: 'in IPv4',
      packet: {
        link: 228,
        hex: '45000040 00010000 40290000 c0000201 c0000202 60000000 0004 fd 40 20010db8000000000000000000000001 20010db8000000000000000000000002 01020304',
      },
      expect: { stack: 'ip:ipv6:data', facts: { 'ipv6.dst': '2001:db8::2' } },
    },
  ],
})
