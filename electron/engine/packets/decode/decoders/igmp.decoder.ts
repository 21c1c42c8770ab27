import { namedDecoder } from '../named.ts'
import { u16, u8, where } from '../fields.ts'
import { ipv4 } from '../text.ts'
import type { Packet } from '../packet.ts'

const QUERY = 0x11
const REPORT_3 = 0x22
const MOST_RECORDS = 128
const VERSIONS: Readonly<Record<number, string>> = {
  0x12: 'IGMPv1',
  0x13: 'DVMRP',
  0x14: 'PIMv1',
  0x16: 'IGMPv2',
  0x17: 'IGMPv2',
  0x22: 'IGMPv3',
}
/** Include, exclude, change to either, allow, block; what it means depends on whether sources are named. */
const NO_SOURCES = ['', 'Leave group', 'Join group', 'Leave group', 'Join group', 'Allow', 'Block'] as const
const SOURCES = ['', 'Join group', 'Leave group', 'Join group', 'Leave group', 'Join group', 'Leave group'] as const

/** Places of the group records of a version 3 report. */
function records(p: Packet, at: number, end: number): number[] {
  const places: number[] = []
  if (at + 8 > end) return places
  const count = Math.min(MOST_RECORDS, p.view.getUint16(at + 6))
  for (let i = at + 8; places.length < count && i + 8 <= end;) {
    places.push(i)
    i += 8 + 4 * p.data[i + 1]! + 4 * p.view.getUint16(i + 2)
  }
  return places
}
function record(p: Packet, at: number): string {
  const kind = p.data[at]!
  const group = ipv4(p.view.getUint32(at + 4))
  const sources = p.view.getUint16(at + 2)
  if (sources > 0) return `${SOURCES[kind] ?? 'Record of'} ${group}`
  return `${NO_SOURCES[kind] ?? 'Record of'} ${group}${kind === 2 || kind === 4 ? ' for any sources' : ''}`
}

export default namedDecoder({
  id: 'igmp',
  title: 'IGMP',
  spec: 'https://www.rfc-editor.org/rfc/rfc3376',
  doc: 'Who listens to which multicast group: kind of a message, its group, and the groups of a report of version 3; their sources are not read.',
  on: [{ table: 'ip', keys: [2] }],
  fields: [
    u8('igmp.type', 'Kind', 0),
    where((p, at, end) => at < end && p.data[at] !== REPORT_3, u8('igmp.max_resp', 'Longest wait', 1)),
    u16('igmp.checksum', 'Checksum', 2),
    {
      name: 'igmp.maddr',
      type: 'ipv4',
      doc: 'Group',
      read(p, at, end) {
        if (at + 8 > end) return undefined
        return p.data[at] === REPORT_3
          ? records(p, at, end).map((place) => p.view.getUint32(place + 4))
          : p.view.getUint32(at + 4)
      },
    },
  ],
  column(p, at) {
    if (p.data[at] !== QUERY) return VERSIONS[p.data[at]!] ?? 'IGMP'
    const room = p.layerEnd[p.layers - 1]! - at
    return room >= 12 ? 'IGMPv3' : p.data[at + 1] === 0 ? 'IGMPv1' : 'IGMPv2'
  },
  line(p, at, end) {
    if (at + 8 > end) return 'IGMP'
    const kind = p.data[at]!
    const group = ipv4(p.view.getUint32(at + 4))
    switch (kind) {
      case QUERY:
        return `Membership Query, ${group === '0.0.0.0' ? 'general' : `specific for group ${group}`}`
      case 0x12:
      case 0x16:
        return `Membership Report group ${group}`
      case 0x17:
        return `Leave Group ${group}`
      case REPORT_3:
        return ['Membership Report', ...records(p, at, end).map((place) => record(p, place))].join(' / ')
      default:
        return `Type 0x${kind.toString(16).padStart(2, '0')}`
    }
  },
  examples: [
    {
      name: 'a report',
      packet: { link: 228, hex: '4500001c 00010000 01020000 c0000201 ef010203 1600 0000 ef010203' },
      expect: {
        stack: 'ip:igmp',
        line: 'Membership Report group 239.1.2.3',
        facts: { 'igmp.type': 0x16, 'igmp.maddr': '239.1.2.3' },
      },
    },
    {
      name: 'a report of version 3',
      packet: {
        link: 228,
        hex: '4500002c 00010000 01020000 c0000201 e0000016 2200 0000 0000 0002 04 00 0000 ef010203 03 00 0000 ef010204',
      },
      expect: {
        stack: 'ip:igmp',
        line: 'Membership Report / Join group 239.1.2.3 for any sources / Leave group 239.1.2.4',
        facts: { 'igmp.maddr': ['239.1.2.3', '239.1.2.4'] },
      },
    },
  ],
})
