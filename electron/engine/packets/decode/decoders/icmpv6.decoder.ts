import { defineDecoder, type DecoderField } from '../define.ts'
import { TABLE } from '../dispatch.ts'
import { hopLimit } from '../hop-limit.ts'
import { flag, ipv6Address, u16, u32, u8, where } from '../fields.ts'
import { ether, ipv6Bytes } from '../text.ts'
import type { Packet } from '../packet.ts'

const WORDS: Readonly<Record<number, string>> = {
  1: 'Destination Unreachable',
  2: 'Packet Too Big',
  3: 'Time Exceeded',
  4: 'Parameter Problem',
  128: 'Echo (ping) request',
  129: 'Echo (ping) reply',
  130: 'Multicast Listener Query',
  131: 'Multicast Listener Report',
  132: 'Multicast Listener Done',
  133: 'Router Solicitation',
  134: 'Router Advertisement',
  135: 'Neighbor Solicitation',
  136: 'Neighbor Advertisement',
  137: 'Redirect',
  138: 'Router Renumbering',
  139: 'Node Information Query',
  140: 'Node Information Reply',
  141: 'Inverse Neighbor Discovery Solicitation',
  142: 'Inverse Neighbor Discovery Advertisement',
  143: 'Multicast Listener Report Message v2',
  144: 'Home Agent Address Discovery Request',
  145: 'Home Agent Address Discovery Reply',
  146: 'Mobile Prefix Solicitation',
  147: 'Mobile Prefix Advertisement',
  151: 'Multicast Router Advertisement',
  152: 'Multicast Router Solicitation',
  153: 'Multicast Router Termination',
  155: 'RPL Control',
}
const UNREACHABLE = [
  'no route to destination', 'Administratively prohibited', 'Beyond scope of source address', 'Address unreachable', 'Port unreachable',
  'Source address failed ingress/egress policy', 'Reject route to destination', 'Error in Source Routing Header',
] as const // prettier-ignore
const EXCEEDED = ['hop limit exceeded in transit', 'fragment reassembly time exceeded'] as const
const PROBLEM = [
  'erroneous header field encountered',
  'unrecognized Next Header type encountered',
  'unrecognized IPv6 option encountered',
] as const

const kindIs =
  (...kinds: number[]) =>
  (p: Packet, at: number, end: number): boolean =>
    at < end && kinds.includes(p.data[at]!)
const echo = kindIs(128, 129)

/** Place of the link-layer address in the options of neighbour discovery: 1 of the source, 2 of the target; -1 where there is none. */
function linkAddress(p: Packet, at: number, end: number, option: number): number {
  const kind = p.data[at]
  const first = kind === 133 ? 8 : kind === 134 ? 16 : kind === 135 || kind === 136 ? 24 : kind === 137 ? 40 : -1
  if (first < 0) return -1
  for (let i = at + first; i + 8 <= end;) {
    const length = p.data[i + 1]! * 8
    if (length === 0) return -1
    if (p.data[i] === option && length === 8) return i + 2
    i += length
  }
  return -1
}
const target: DecoderField[] = [
  where(kindIs(135), ipv6Address('icmpv6.nd.ns.target_address', 'Address that is looked for', 8)),
  where(kindIs(136), ipv6Address('icmpv6.nd.na.target_address', 'Address that answers', 8)),
]

export default defineDecoder({
  id: 'icmpv6',
  title: 'ICMPv6',
  spec: 'https://www.rfc-editor.org/rfc/rfc4443',
  doc: 'Echo, errors, neighbour discovery and multicast by kind and code. The packet that an error quotes is read as layers of its own; it is no packet of that flow.',
  on: [{ table: 'ip', keys: [58] }],
  fields: [
    u8('icmpv6.type', 'Kind', 0),
    u8('icmpv6.code', 'Code', 1),
    u16('icmpv6.checksum', 'Checksum', 2),
    where(echo, u16('icmpv6.echo.identifier', 'Identifier', 4)),
    where(echo, u16('icmpv6.echo.sequence_number', 'Number', 6)),
    where(kindIs(2), u32('icmpv6.mtu', 'Largest packet', 4)),
    ...target,
    where(kindIs(136), flag('icmpv6.nd.na.flag.r', 'Router', 4, 0x80)),
    where(kindIs(136), flag('icmpv6.nd.na.flag.s', 'Solicited', 4, 0x40)),
    where(kindIs(136), flag('icmpv6.nd.na.flag.o', 'Override', 4, 0x20)),
    where(kindIs(134), u8('icmpv6.nd.ra.cur_hop_limit', 'Hop limit', 4)),
    where(kindIs(134), u16('icmpv6.nd.ra.router_lifetime', 'Lifetime of the router, seconds', 6)),
    {
      name: 'icmpv6.opt.linkaddr',
      type: 'bytes',
      doc: 'Link-layer address',
      read(p, at, end) {
        const places = at < end ? [1, 2].map((option) => linkAddress(p, at, end, option)).filter((place) => place >= 0) : []
        return places.length > 0 ? places.map((place) => p.data.subarray(place, place + 6)) : undefined
      },
    },
  ],
  header(p) {
    if (!p.has(4)) return
    const kind = p.data[p.at]!
    if (kind >= 1 && kind <= 4) {
      if (!p.has(8)) return
      p.at += 8
      p.quote()
      if (p.at < p.end) p.goTo(TABLE.etherType, 0x86dd)
    } else if (kind === 128 || kind === 129) {
      if (!p.has(8)) return
      p.at += 8
      if (p.at < p.end) p.next = p.dispatch.data
    } else p.at = p.end
  },
  line(p, at, end) {
    if (at + 2 > end) return 'ICMPv6'
    const kind = p.data[at]!
    const code = p.data[at + 1]!
    const word = WORDS[kind]
    if (word === undefined) return `Type ${kind}, code ${code}`
    const codes = kind === 1 ? UNREACHABLE : kind === 3 ? EXCEEDED : kind === 4 ? PROBLEM : null
    if (codes !== null) return `${word} (${codes[code] ?? `code ${code}`})`
    if (at + 8 <= end && echo(p, at, end)) {
      const id = p.view
        .getUint16(at + 4)
        .toString(16)
        .padStart(4, '0')
      const limit = hopLimit(p)
      return `${word} id=0x${id}, seq=${p.view.getUint16(at + 6)}${limit < 0 ? '' : `, hop limit=${limit}`}`
    }
    const from = linkAddress(p, at, end, kind === 136 ? 2 : 1)
    const station = from < 0 ? '' : ether(p.data, from)
    if (kind === 135 && at + 24 <= end)
      return `${word} for ${ipv6Bytes(p.data, at + 8)}${station === '' ? '' : ` from ${station}`}`
    if (kind === 136 && at + 24 <= end) {
      const flags = p.data[at + 4]!
      const words = [flags & 0x80 ? 'rtr' : '', flags & 0x40 ? 'sol' : '', flags & 0x20 ? 'ovr' : ''].filter(Boolean).join(', ')
      return `${word} ${ipv6Bytes(p.data, at + 8)}${words === '' ? '' : ` (${words})`}${station === '' ? '' : ` is at ${station}`}`
    }
    return (kind === 133 || kind === 134) && station !== '' ? `${word} from ${station}` : word
  },
  examples: [
    {
      name: 'a neighbour that is looked for',
      packet: {
        link: 229,
        hex: '60000000 0020 3a ff 20010db8000000000000000000000001 ff0200000000000000000001ff000002 87 00 0000 00000000 20010db8000000000000000000000002 0101 020000000001',
      },
      expect: {
        stack: 'ipv6:icmpv6',
        line: 'Neighbor Solicitation for 2001:db8::2 from 02:00:00:00:00:01',
        facts: { 'icmpv6.type': 135, 'icmpv6.nd.ns.target_address': '2001:db8::2', 'icmpv6.opt.linkaddr': '020000000001' },
      },
    },
    {
      name: 'a packet that is too big',
      packet: {
        link: 229,
        hex: '60000000 0038 3a 40 20010db8000000000000000000000002 20010db8000000000000000000000001 02 00 0000 00000500 60000000 0008 11 40 20010db8000000000000000000000001 20010db8000000000000000000000003 c350 0035 0008 0000',
      },
      expect: {
        stack: 'ipv6:icmpv6:ipv6:udp',
        line: 'Packet Too Big',
        facts: { 'icmpv6.mtu': 1280, 'ipv6.dst': ['2001:db8::1', '2001:db8::3'] },
      },
    },
  ],
})
