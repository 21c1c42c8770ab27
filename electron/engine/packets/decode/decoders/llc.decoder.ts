import { defineDecoder } from '../define.ts'
import { TABLE } from '../dispatch.ts'
import { bits, flag, u16, u24, u8, where } from '../fields.ts'
import type { Packet } from '../packet.ts'

const SNAP = 0xaa
const isSnap = (p: Packet, at: number, end: number): boolean =>
  at + 8 <= end && p.data[at] === SNAP && p.data[at + 1] === SNAP && p.data[at + 2] === 3
const UNNUMBERED: Readonly<Record<number, string>> = {
  0x03: 'UI',
  0x0f: 'DM',
  0x43: 'DISC',
  0x63: 'UA',
  0x6f: 'SABME',
  0x87: 'FRMR',
  0xaf: 'XID',
  0xe3: 'TEST',
}
const PLACES: Readonly<Record<number, string>> = {
  0x00: 'NULL LSAP',
  0x04: 'SNA Path Control',
  0x06: 'TCP/IP',
  0x42: 'Spanning Tree BPDU',
  0xaa: 'SNAP',
  0xe0: 'NetWare',
  0xf0: 'NetBIOS',
  0xfe: 'ISO Network Layer',
}
const CISCO = 0x00000c
const BRIDGED = 0x0080c2
/** Of these the number is an Ethernet type. */
const CARRIES_TYPES = new Set([0, 0xf8])
const organization = (p: Packet, at: number): number => (p.data[at + 3]! << 16) | (p.data[at + 4]! << 8) | p.data[at + 5]!

export default defineDecoder({
  id: 'llc',
  title: 'LLC',
  spec: 'https://standards.ieee.org/ieee/802.2/1048/',
  doc: 'IEEE 802.2 headers with SNAP behind them. What follows is known by the destination’s access point or by SNAP’s number.',
  on: [],
  fields: [
    u8('llc.dsap', 'Destination access point', 0),
    u8('llc.ssap', 'Source access point', 1),
    flag('llc.ssap.cr', 'Response', 1, 1),
    bits('llc.control.ftype', 'Kind of frame', 2, 1, 3),
    where(isSnap, u24('llc.oui', 'Organization', 3)),
    where((p, at, end) => isSnap(p, at, end) && CARRIES_TYPES.has(organization(p, at)), u16('llc.type', 'Type', 6)),
    where((p, at, end) => isSnap(p, at, end) && organization(p, at) === CISCO, u16('llc.cisco_pid', 'Cisco’s protocol', 6)),
  ],
  header(p) {
    if (!p.has(3)) return
    const { data, at, view } = p
    if (isSnap(p, at, p.end)) {
      const owner = organization(p, at)
      const type = view.getUint16(at + 6)
      p.at += 8
      if (CARRIES_TYPES.has(owner)) p.goTo(TABLE.etherType, type)
      else if (owner === CISCO) p.goTo(TABLE.other, type < 0x8000 ? type : -1)
      else if (owner === BRIDGED && (type === 1 || type === 7)) {
        // Padded to an even place.
        if (type === 7) p.at = Math.min(p.end, p.at + 2)
        p.goTo(TABLE.link, 1)
      } else p.next = p.dispatch.data
      return
    }
    const access = data[at]!
    const control = data[at + 2]!
    const numbered = (control & 3) !== 3
    if (numbered && !p.has(4)) return
    p.at += numbered ? 4 : 3
    // Only frames that carry information have something inside; XID and TEST are LLC's own.
    if (!numbered && (control & 0xef) !== 3) p.at = p.end
    else p.goTo(TABLE.llc, access)
  },
  line(p, at, end) {
    if (at + 3 > end) return 'LLC'
    const control = p.data[at + 2]!
    const kind = (control & 1) === 0 ? 'I' : (control & 3) === 1 ? 'S' : 'U'
    const func = kind === 'U' ? `, func=${UNNUMBERED[control & 0xef] ?? 'Unknown'}` : ''
    const place = (value: number): string => PLACES[value & 0xfe] ?? `0x${(value & 0xfe).toString(16).padStart(2, '0')}`
    const final = kind === 'U' && control & 0x10 ? (p.data[at + 1]! & 1 ? ' F' : ' P') : ''
    return `${kind}${final}${func}; DSAP ${place(p.data[at]!)} ${p.data[at]! & 1 ? 'Group' : 'Individual'}, SSAP ${place(p.data[at + 1]!)} ${p.data[at + 1]! & 1 ? 'Response' : 'Command'}`
  },
  examples: [
    {
      name: 'SNAP around IPv4',
      packet: {
        link: 1,
        hex: '020000000001 020000000002 0020 aaaa03 000000 0800 45000018 00010000 40fd0000 c0000201 c0000202 01020304',
      },
      expect: { stack: 'eth:llc:ip:data', facts: { 'llc.dsap': 0xaa, 'llc.type': 0x800 } },
    },
    {
      name: 'a test frame',
      packet: { link: 1, hex: '020000000001 020000000002 0003 0400f3 00' },
      expect: { stack: 'eth:llc', line: 'U P, func=TEST; DSAP SNA Path Control Individual, SSAP NULL LSAP Command' },
    },
  ],
})
