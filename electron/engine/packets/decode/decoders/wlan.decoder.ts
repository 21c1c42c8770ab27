import { defineDecoder, type DecoderField, type FieldValue } from '../define.ts'
import { bits, etherAddress, flag, where } from '../fields.ts'
import { latin1 } from '../text.ts'
import { OTHER } from '../other.ts'
import type { Packet } from '../packet.ts'

const MANAGEMENT = [
  'Association Request', 'Association Response', 'Reassociation Request', 'Reassociation Response', 'Probe Request', 'Probe Response',
  'Timing Advertisement', 'Reserved', 'Beacon frame', 'ATIM', 'Disassociate', 'Authentication', 'Deauthentication', 'Action', 'Action No Ack', 'Reserved',
] as const // prettier-ignore
const CONTROL: Readonly<Record<number, string>> = {
  8: '802.11 Block Ack Req',
  9: '802.11 Block Ack',
  10: 'Power-Save poll',
  11: 'Request-to-send',
  12: 'Clear-to-send',
  13: 'Acknowledgement',
  14: 'CF-End (Control-frame)',
}
/** Order, protected, more data, power, retry, more fragments, from and to the distribution system. */
const FLAGS = 'opmPRMFT'
const kind = (p: Packet, at: number): number => (p.data[at]! >> 2) & 3
const subtype = (p: Packet, at: number): number => p.data[at]! >> 4
/** Bits: 1 to the distribution system, 2 from it. */
const way = (p: Packet, at: number): number => p.data[at + 1]! & 3

/** Where an address of this role stands in a data or management frame; -1 where there is none. */
function place(p: Packet, at: number, role: 'sa' | 'da' | 'bssid'): number {
  if (kind(p, at) === 0) return role === 'da' ? 4 : role === 'sa' ? 10 : 16
  if (kind(p, at) !== 2) return -1
  const at4 = way(p, at)
  if (role === 'da') return at4 & 1 ? 16 : 4
  if (role === 'sa') return at4 === 3 ? 24 : at4 === 2 ? 16 : 10
  return at4 === 3 ? -1 : at4 === 2 ? 10 : at4 === 1 ? 4 : 16
}
const address = (name: string, doc: string, role: 'sa' | 'da' | 'bssid'): DecoderField => ({
  name,
  type: 'ether',
  doc,
  read(p, at, end): FieldValue | undefined {
    const offset = at + 2 <= end ? place(p, at, role) : -1
    return offset < 0 || at + offset + 6 > end ? undefined : p.data.subarray(at + offset, at + offset + 6)
  },
})

/** Bytes before the elements of a management frame, by subtype. */
const FIXED: Readonly<Record<number, number>> = { 0: 4, 2: 10, 4: 0, 5: 12, 8: 12 }
/** The network's name, which is the first element of frames that have one. */
function networkName(p: Packet, at: number, end: number): { readonly from: number; readonly to: number } | null {
  const fixed = kind(p, at) === 0 && (p.data[at + 1]! & 0x40) === 0 ? FIXED[subtype(p, at)] : undefined
  if (fixed === undefined) return null
  const from = at + 24 + fixed
  if (from + 2 > end || p.data[from] !== 0) return null
  const to = from + 2 + p.data[from + 1]!
  return to > end ? null : { from: from + 2, to }
}

export default defineDecoder({
  id: 'wlan',
  title: '802.11',
  spec: 'https://standards.ieee.org/ieee/802.11/7028/',
  doc: 'Wireless frames: kind, addresses, and what unprotected data frames carry. Protected ones are bytes; management frames are named.',
  on: [
    { table: 'link', keys: [105] },
    { table: 'other', keys: [OTHER.wlan] },
  ],
  fields: [
    bits('wlan.fc.type', 'Kind', 0, 1, 0x0c),
    bits('wlan.fc.subtype', 'Subtype', 0, 1, 0xf0),
    {
      name: 'wlan.fc.type_subtype',
      type: 'uint',
      doc: 'Kind and subtype',
      place: [0, 1],
      read: (p, at, end) => (at < end ? (kind(p, at) << 4) | subtype(p, at) : undefined),
    },
    flag('wlan.fc.tods', 'To the distribution system', 1, 1),
    flag('wlan.fc.fromds', 'From the distribution system', 1, 2),
    flag('wlan.fc.retry', 'Retry', 1, 8),
    flag('wlan.fc.protected', 'Protected', 1, 0x40),
    etherAddress('wlan.ra', 'Receiver', 4),
    where((p, at) => kind(p, at) !== 1, etherAddress('wlan.ta', 'Transmitter', 10)),
    address('wlan.da', 'Destination', 'da'),
    address('wlan.sa', 'Source', 'sa'),
    address('wlan.bssid', 'Network', 'bssid'),
    {
      name: 'wlan.ssid',
      type: 'bytes',
      doc: 'Name of the network',
      read(p, at, end) {
        const found = at + 2 <= end ? networkName(p, at, end) : null
        return found === null ? undefined : p.data.subarray(found.from, found.to)
      },
    },
  ],
  header(p) {
    if (!p.has(2)) return
    const { data, at } = p
    if (kind(p, at) !== 2) {
      // Management frames may be protected too.
      const hidden = kind(p, at) === 0 && (data[at + 1]! & 0x40) !== 0 && p.end - at > 24
      p.at = hidden ? at + 24 : p.end
      if (hidden) p.next = p.dispatch.data
      return
    }
    const quality = (subtype(p, at) & 8) !== 0
    let length = way(p, at) === 3 ? 30 : 24
    const aggregated = quality && p.has(length + 2) && (data[at + length]! & 0x80) !== 0
    // An HT control field is there where the order bit is set.
    if (quality) length += data[at + 1]! & 0x80 ? 6 : 2
    if (!p.has(length)) return
    p.at += length
    // Null frames carry nothing.
    if (subtype(p, at) & 4 || p.at >= p.end) return
    p.next = data[at + 1]! & 0x40 || aggregated ? p.dispatch.data : p.dispatch.llc
  },
  line(p, at, end) {
    if (at + 2 > end) return '802.11'
    const flags = Array.from(FLAGS, (letter, i) => (p.data[at + 1]! & (0x80 >> i) ? letter : '.')).join('')
    if (kind(p, at) === 1) return `${CONTROL[subtype(p, at)] ?? 'Control'}, Flags=${flags}`
    const sequence = at + 24 > end ? 0 : p.view.getUint16(at + 22, true)
    const empty = subtype(p, at) & 4 ? 'Null function (No data)' : 'Data'
    const word = kind(p, at) === 0 ? MANAGEMENT[subtype(p, at)]! : subtype(p, at) & 8 ? `QoS ${empty}` : empty
    const network = networkName(p, at, end)
    let name = ''
    if (network !== null)
      name = `, SSID=${network.from < network.to ? `"${latin1(p.data, network.from, network.to)}"` : 'Wildcard (Broadcast)'}`
    return `${word}, SN=${sequence >> 4}, FN=${sequence & 15}, Flags=${flags}${name}`
  },
  examples: [
    {
      name: 'a data frame to the distribution system',
      packet: {
        link: 105,
        hex: '0801 0000 020000000001 020000000002 020000000003 0000 aaaa03 000000 0800 45000018 00010000 40fd0000 c0000201 c0000202 01020304',
      },
      expect: { stack: 'wlan:llc:ip:data', facts: { 'wlan.bssid': '02:00:00:00:00:01', 'wlan.da': '02:00:00:00:00:03' } },
    },
    {
      name: 'a beacon',
      packet: {
        link: 105,
        hex: '8000 0000 ffffffffffff 020000000001 020000000001 1000 0000000000000000 6400 0104 00 03 6c6162',
      },
      expect: { stack: 'wlan', line: 'Beacon frame, SN=1, FN=0, Flags=........, SSID="lab"', facts: { 'wlan.ssid': '6c6162' } },
    },
    {
      name: 'an acknowledgment',
      packet: { link: 105, hex: 'd400 0000 020000000001' },
      expect: { stack: 'wlan', line: 'Acknowledgement, Flags=........', facts: { 'wlan.fc.type_subtype': 0x1d } },
    },
  ],
})
