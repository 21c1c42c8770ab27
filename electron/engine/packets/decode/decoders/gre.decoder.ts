import { defineDecoder } from '../define.ts'
import { TABLE } from '../dispatch.ts'
import { bits, flag, u16, u32, where } from '../fields.ts'
import { OTHER } from '../other.ts'
import type { Packet } from '../packet.ts'

const CHECKSUM = 0x8000
const ROUTING = 0x4000
const KEY = 0x2000
const SEQUENCE = 0x1000
const ACKNOWLEDGED = 0x80
const PPP = 0x880b
/** Numbers that mean something here and nothing on Ethernet; CDP stands under its own. */
const GRE_ONLY: Readonly<Record<number, number>> = {
  0x88be: OTHER.erspan,
  0x22eb: OTHER.erspan,
  0x2001: OTHER.nhrp,
  0x2000: 0x2000,
}
const MOST_ROUTES = 64

const version = (p: Packet, at: number, end: number): number => (at + 2 <= end ? p.data[at + 1]! & 7 : -1)
const keyed = (p: Packet, at: number, end: number): boolean => at + 2 <= end && (p.data[at]! & 0x20) !== 0
const summed = (p: Packet, at: number): boolean => (p.data[at]! & 0xc0) !== 0
const plainKey = u32('gre.key', 'Key', 4)
const laterKey = u32('gre.key', 'Key', 8)

export default defineDecoder({
  id: 'gre',
  title: 'GRE',
  spec: 'https://www.rfc-editor.org/rfc/rfc2784',
  doc: 'Tunnels with checksum, key and number (RFC 2890), and the form that PPTP uses (RFC 2637).',
  on: [{ table: 'ip', keys: [47] }],
  fields: [
    bits('gre.flags_and_version', 'Flags and version', 0, 2, 0xffff),
    flag('gre.flags.checksum', 'Checksum', 0, 0x80),
    flag('gre.flags.key', 'Key', 0, 0x20),
    flag('gre.flags.sequence_number', 'Number', 0, 0x10),
    bits('gre.flags.version', 'Version', 1, 1, 7),
    u16('gre.proto', 'Protocol', 2),
    {
      name: 'gre.key',
      type: 'uint',
      doc: 'Key',
      read: (p, at, end) =>
        keyed(p, at, end) && version(p, at, end) === 0 ? (summed(p, at) ? laterKey : plainKey).read?.(p, at, end) : undefined,
    },
    where((p, at, end) => version(p, at, end) === 1, u16('gre.key.payload_length', 'Length of the payload', 4)),
    where((p, at, end) => version(p, at, end) === 1, u16('gre.key.call_id', 'Call', 6)),
  ],
  header(p) {
    if (!p.has(4)) return
    const { view, at } = p
    const flags = view.getUint16(at)
    const protocol = view.getUint16(at + 2)
    const point = (flags & 7) === 1
    let length = 4
    if (flags & (CHECKSUM | ROUTING) && !point) length += 4
    if (flags & KEY) length += 4
    if (flags & SEQUENCE) length += 4
    if (point && flags & ACKNOWLEDGED) length += 4
    if (!p.has(length)) return
    p.at += length
    if (flags & ROUTING && !point)
      for (let i = 0; i < MOST_ROUTES; i++) {
        // The list ends with an entry without length.
        if (!p.has(4)) return
        const entry = p.data[p.at + 3]!
        p.at += 4 + entry
        if (entry === 0) break
      }
    if (point && length >= 8) p.room(view.getUint16(at + 4))
    if (p.at >= p.end) return
    const own = GRE_ONLY[protocol]
    if (protocol === PPP) p.goTo(TABLE.link, 9)
    else if (own !== undefined) p.goTo(TABLE.other, own)
    else p.goTo(TABLE.etherType, protocol)
  },
  line(p, at, end) {
    if (at + 4 > end) return 'GRE'
    const protocol = p.view.getUint16(at + 2)
    if (protocol === 0) return 'Encapsulated Possible GRE keepalive packet'
    return `Encapsulated protocol 0x${protocol.toString(16).padStart(4, '0')}`
  },
  examples: [
    {
      name: 'IPv4, with a key',
      packet: {
        link: 228,
        hex: '45000034 00010000 402f0000 c0000201 c0000202 2000 0800 00000007 45000018 00010000 40fd0000 c6336401 c6336402 01020304',
      },
      expect: { stack: 'ip:gre:ip:data', facts: { 'gre.proto': 0x800, 'gre.key': 7 } },
    },
    {
      name: 'PPP in PPTP’s form',
      packet: {
        link: 228,
        hex: '45000040 00010000 402f0000 c0000201 c0000202 3001 880b 001c 0005 00000001 ff03 0021 45000018 00010000 40fd0000 c6336401 c6336402 01020304',
      },
      expect: { stack: 'ip:gre:ppp:ip:data', facts: { 'gre.key.call_id': 5, 'gre.key.payload_length': 28 } },
    },
  ],
})
