/** How many bytes Wireshark counts to a protocol where a filter looks at its bytes: `len(ip)` is the header, `len(tcp)` all. */
import type { Packet } from '../decode/packet.ts'

type Length = (p: Packet, at: number, end: number) => number

const extension: Length = (p, at, end) => (at + 2 > end ? end - at : (p.data[at + 1]! + 1) * 8)
const LENGTHS: Readonly<Record<string, Length>> = {
  eth: () => 14,
  vlan: () => 4,
  ieee8021ad: () => 4,
  mpls: () => 4,
  pppoes: () => 6,
  sll: () => 16,
  null: () => 4,
  udp: () => 8,
  vxlan: () => 8,
  ip: (p, at) => (p.data[at]! & 15) * 4,
  ipv6: () => 40,
  'ipv6.fraghdr': () => 8,
  'ipv6.hopopts': extension,
  'ipv6.dstopts': extension,
  'ipv6.routing': extension,
  arp: (p, at, end) => (at + 6 > end ? end - at : 8 + 2 * (p.data[at + 4]! + p.data[at + 5]!)),
}

/** Of the layer at `at`, whose room ends at `end`; never more than the room. */
export function headerLength(protocol: string, p: Packet, at: number, end: number): number {
  const of = Object.hasOwn(LENGTHS, protocol) ? LENGTHS[protocol] : undefined
  return Math.max(0, Math.min(end - at, of === undefined || at >= end ? end - at : of(p, at, end)))
}
