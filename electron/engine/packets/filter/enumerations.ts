/** Names of values, for fields where people use them: `ip.proto == "TCP"`. Offered by completion, too. */

const IP_PROTOCOLS: Values = [
  [1, 'ICMP'], [2, 'IGMP'], [4, 'IPIP'], [6, 'TCP'], [17, 'UDP'], [41, 'IPv6'], [47, 'GRE'], [50, 'Encap Security Payload'], [51, 'Authentication Header'],
  [58, 'ICMPv6'], [89, 'OSPF IGP'], [103, 'PIM'], [112, 'VRRP'], [132, 'SCTP'],
] // prettier-ignore
const ETHER_TYPES: Values = [
  [0x0800, 'IPv4'], [0x0806, 'ARP'], [0x8100, '802.1Q Virtual LAN'], [0x86dd, 'IPv6'], [0x8847, 'MPLS label switched packet'],
  [0x8863, 'PPPoE Discovery'], [0x8864, 'PPPoE Session'], [0x88a8, '802.1ad Provider Bridge (Q-in-Q)'], [0x88cc, '802.1 Link Layer Discovery Protocol (LLDP)'],
] // prettier-ignore
const BOOLEAN: Values = [
  [1, 'True'],
  [0, 'False'],
]

type Values = readonly (readonly [value: number, name: string])[]

const BY_FIELD: Readonly<Record<string, Values>> = {
  'ip.proto': IP_PROTOCOLS,
  'ipv6.nxt': IP_PROTOCOLS,
  'eth.type': ETHER_TYPES,
  'vlan.etype': ETHER_TYPES,
  'arp.opcode': [[1, 'request'], [2, 'reply']],
  'tcp.port': [[22, ''], [25, ''], [53, ''], [80, ''], [88, ''], [389, ''], [443, ''], [445, ''], [3389, '']],
  'udp.port': [[53, ''], [67, ''], [123, ''], [137, ''], [161, ''], [443, ''], [514, ''], [1900, ''], [5353, '']],
  'icmp.type': [[0, ''], [3, ''], [5, ''], [8, ''], [11, '']],
  'icmpv6.type': [[1, ''], [2, ''], [3, ''], [128, ''], [129, ''], [133, ''], [134, ''], [135, ''], [136, '']],
  'dns.flags.rcode': [[0, 'No error'], [2, 'Server failure'], [3, 'No such name'], [5, 'Refused']],
} // prettier-ignore

/** Numbers of a field that have a name or are often asked for; an empty name is only offered, never compared. */
export const valuesOf = (field: string, type: string): Values =>
  Object.hasOwn(BY_FIELD, field) ? BY_FIELD[field]! : type === 'bool' ? BOOLEAN : []

/** The number that a name stands for; null where it is not known. */
export function namedValue(field: string, name: string): number | null {
  const known = (Object.hasOwn(BY_FIELD, field) ? BY_FIELD[field]! : []).find(([, one]) => one === name && one !== '')
  return known?.[0] ?? null
}
/** `True`, `TRUE`, `Set`: as Wireshark takes them. */
export function namedBool(name: string): number | null {
  if (name === 'True' || name === 'TRUE' || name === 'Set') return 1
  return name === 'False' || name === 'FALSE' || name === 'Not set' ? 0 : null
}
