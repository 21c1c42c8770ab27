import { defineDecoder, type FieldValue } from '../define.ts'
import { TABLE } from '../dispatch.ts'
import { hopLimit } from '../hop-limit.ts'
import { ipv4Address, u16, u8, where } from '../fields.ts'
import type { Packet } from '../packet.ts'

const WORDS: Readonly<Record<number, string>> = {
  0: 'Echo (ping) reply',
  3: 'Destination unreachable',
  4: 'Source quench',
  5: 'Redirect',
  8: 'Echo (ping) request',
  9: 'Router advertisement',
  10: 'Router solicitation',
  11: 'Time-to-live exceeded',
  12: 'Parameter problem',
  13: 'Timestamp request',
  14: 'Timestamp reply',
  15: 'Information request',
  16: 'Information reply',
  17: 'Address mask request',
  18: 'Address mask reply',
}
const UNREACHABLE = [
  'Network unreachable', 'Host unreachable', 'Protocol unreachable', 'Port unreachable', 'Fragmentation needed', 'Source route failed',
  'Destination network unknown', 'Destination host unknown', 'Source host isolated', 'Network administratively prohibited',
  'Host administratively prohibited', 'Network unreachable for TOS', 'Host unreachable for TOS', 'Communication administratively filtered',
  'Host precedence violation', 'Precedence cutoff in effect',
] as const // prettier-ignore
const REDIRECT = ['for network', 'for host', 'for TOS and network', 'for TOS and host'] as const
const EXCEEDED = ['Time to live exceeded in transit', 'Fragment reassembly time exceeded'] as const

const ECHO = new Set([0, 8])
/** Kinds that have an identifier and a number. */
const NUMBERED = new Set([0, 8, 13, 14, 15, 16, 17, 18])
const ERRORS = new Set([3, 4, 5, 11, 12])
const ofKind =
  (kinds: ReadonlySet<number>) =>
  (p: Packet, at: number, end: number): boolean =>
    at < end && kinds.has(p.data[at]!)
const littleEndian =
  (offset: number) =>
  (p: Packet, at: number, end: number): FieldValue | undefined =>
    ofKind(NUMBERED)(p, at, end) && at + offset + 2 <= end ? p.view.getUint16(at + offset, true) : undefined

export default defineDecoder({
  id: 'icmp',
  title: 'ICMP',
  spec: 'https://www.rfc-editor.org/rfc/rfc792',
  doc: 'Echo, errors and the rest by kind and code. The packet that an error quotes is read as layers of its own; it is no packet of that flow.',
  on: [{ table: 'ip', keys: [1] }],
  fields: [
    u8('icmp.type', 'Kind', 0),
    u8('icmp.code', 'Code', 1),
    u16('icmp.checksum', 'Checksum', 2),
    where(ofKind(NUMBERED), u16('icmp.ident', 'Identifier', 4)),
    { name: 'icmp.ident_le', type: 'uint', doc: 'Identifier, little-endian', place: [4, 2], read: littleEndian(4) },
    where(ofKind(NUMBERED), u16('icmp.seq', 'Number', 6)),
    { name: 'icmp.seq_le', type: 'uint', doc: 'Number, little-endian', place: [6, 2], read: littleEndian(6) },
    where(
      (p, at, end) => at + 1 < end && p.data[at] === 3 && p.data[at + 1] === 4,
      u16('icmp.mtu', 'Largest packet of the next link', 6),
    ),
    where(ofKind(new Set([5])), ipv4Address('icmp.redir_gw', 'Gateway to use', 4)),
  ],
  header(p) {
    if (!p.has(8)) return
    const kind = p.data[p.at]!
    p.at += 8
    if (ERRORS.has(kind)) {
      p.quote()
      if (p.at < p.end) p.goTo(TABLE.etherType, 0x0800)
    } else if (ECHO.has(kind)) {
      if (p.at < p.end) p.next = p.dispatch.data
    } else p.at = p.end
  },
  line(p, at, end) {
    if (at + 2 > end) return 'ICMP'
    const kind = p.data[at]!
    const code = p.data[at + 1]!
    const word = WORDS[kind]
    if (word === undefined) return `Type ${kind}, code ${code}`
    if (kind === 3) return `${word} (${UNREACHABLE[code] ?? `code ${code}`})`
    if (kind === 5) return `${word} (${REDIRECT[code] === undefined ? `code ${code}` : `Redirect ${REDIRECT[code]}`})`
    if (kind === 11) return `${word} (${EXCEEDED[code] ?? `code ${code}`})`
    if (!NUMBERED.has(kind) || at + 8 > end) return word
    const hex = p.view
      .getUint16(at + 4)
      .toString(16)
      .padStart(4, '0')
    const number = `${word.padEnd(20)} id=0x${hex}, seq=${p.view.getUint16(at + 6)}/${p.view.getUint16(at + 6, true)}`
    const limit = hopLimit(p)
    return `${number}${limit < 0 ? '' : `, ttl=${limit}`}`
  },
  examples: [
    {
      name: 'a ping',
      packet: { link: 228, hex: '45000020 00010000 40010000 c0000201 c0000202 0800 0000 0007 0001 61626364' },
      expect: {
        stack: 'ip:icmp:data',
        line: 'Echo (ping) request  id=0x0007, seq=1/256, ttl=64',
        facts: { 'icmp.type': 8, 'icmp.ident': 7, 'icmp.seq': 1, 'icmp.seq_le': 256 },
      },
    },
    {
      name: 'a port that is closed',
      packet: {
        link: 228,
        hex: '45000038 00010000 40010000 c0000202 c0000201 0303 0000 00000000 4500001c 00010000 40110000 c0000201 c0000202 c350 0035 0008 0000',
      },
      expect: {
        stack: 'ip:icmp:ip:udp',
        line: 'Destination unreachable (Port unreachable)',
        facts: { 'icmp.code': 3, 'ip.src': ['192.0.2.2', '192.0.2.1'], 'udp.dstport': 53 },
      },
    },
  ],
})
