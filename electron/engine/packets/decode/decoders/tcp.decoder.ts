import { defineDecoder, type FieldValue } from '../define.ts'
import { bits, either, flag, u16, u32 } from '../fields.ts'
import type { Packet } from '../packet.ts'

const FLAGS = ['FIN', 'SYN', 'RST', 'PSH', 'ACK', 'URG', 'ECE', 'CWR', 'AE'] as const
/** Order of Wireshark's text. */
const ORDER = [0, 1, 2, 3, 4, 5, 6, 7, 8] as const
const NAMES = ['fin', 'syn', 'reset', 'push', 'ack', 'urg', 'ece', 'cwr', 'ae'] as const

const source = u16('tcp.srcport', 'Source port', 0)
const destination = u16('tcp.dstport', 'Destination port', 2)
/** 0 where it was not captured. */
const headerLength = (p: Packet, at: number, end: number): number => (at + 12 < end ? (p.data[at + 12]! >> 4) * 4 : 0)

/** Place of an option's value, or -1; options end at the header's end. */
function option(p: Packet, at: number, end: number, kind: number): number {
  const stop = Math.min(end, at + headerLength(p, at, end))
  for (let i = at + 20; i < stop;) {
    const code = p.data[i]!
    if (code === 0) return -1
    if (code === 1) {
      i++
      continue
    }
    const length = i + 1 < stop ? p.data[i + 1]! : 0
    if (length < 2 || i + length > stop) return -1
    if (code === kind) return i + 2
    i += length
  }
  return -1
}
const optionValue =
  (kind: number, bytes: 1 | 2 | 4, offset = 0) =>
  (p: Packet, at: number, end: number): FieldValue | undefined => {
    const place = option(p, at, end, kind)
    if (place < 0 || place + offset + bytes > end) return undefined
    return bytes === 1
      ? p.view.getUint8(place + offset)
      : bytes === 2
        ? p.view.getUint16(place + offset)
        : p.view.getUint32(place + offset)
  }

export default defineDecoder({
  id: 'tcp',
  title: 'TCP',
  spec: 'https://www.rfc-editor.org/rfc/rfc9293',
  doc: 'Segments with their options. Sequence analysis (retransmission, loss, windows) and streams are kept with the flow.',
  on: [{ table: 'ip', keys: [6] }],
  fields: [
    source,
    destination,
    either('tcp.port', 'Source or destination port', source, destination),
    u32('tcp.seq_raw', 'Sequence number as sent', 4),
    u32('tcp.ack_raw', 'Acknowledgment number as sent', 8),
    {
      name: 'tcp.hdr_len',
      type: 'uint',
      doc: 'Header length',
      place: [12, 1],
      read: (p, at, end) => (at + 12 < end ? headerLength(p, at, end) : undefined),
    },
    bits('tcp.flags', 'Flags', 12, 2, 0xfff),
    ...NAMES.map((name, bit) => flag(`tcp.flags.${name}`, FLAGS[bit]!, bit < 8 ? 13 : 12, bit < 8 ? 1 << bit : 1)),
    u16('tcp.window_size_value', 'Window as sent', 14),
    u16('tcp.checksum', 'Checksum', 16),
    u16('tcp.urgent_pointer', 'Urgent pointer', 18),
    { name: 'tcp.options.mss_val', type: 'uint', doc: 'Maximum segment size', read: optionValue(2, 2) },
    { name: 'tcp.options.wscale.shift', type: 'uint', doc: 'Window scale', read: optionValue(3, 1) },
    { name: 'tcp.options.timestamp.tsval', type: 'uint', doc: 'Timestamp value', read: optionValue(8, 4) },
    { name: 'tcp.options.timestamp.tsecr', type: 'uint', doc: 'Timestamp echo reply', read: optionValue(8, 4, 4) },
  ],
  header(p) {
    if (!p.has(20)) {
      // An ICMP error quotes at least the ports.
      if (!p.quoted && p.at + 4 <= p.end) {
        p.transport = 6
        p.sourcePort = p.view.getUint16(p.at)
        p.destinationPort = p.view.getUint16(p.at + 2)
      }
      return
    }
    const { view, at } = p
    const header = (p.data[at + 12]! >> 4) * 4
    if (p.quoted) return
    p.transport = 6
    p.sourcePort = view.getUint16(at)
    p.destinationPort = view.getUint16(at + 2)
    p.seq = view.getUint32(at + 4)
    p.ack = view.getUint32(at + 8)
    p.flags = view.getUint16(at + 12) & 0xfff
    p.window = view.getUint16(at + 14)
    if (header < 20) {
      p.malformed = true
      return
    }
    if (!p.has(header)) return
    p.at += header
    p.payload()
  },
  line(p, at, end, { seq, ack, windowShift, signs }) {
    if (at + 4 > end) return 'TCP'
    if (at + 20 > end) return `${p.view.getUint16(at)} → ${p.view.getUint16(at + 2)}`
    const flags = p.view.getUint16(at + 12) & 0xfff
    const names = ORDER.filter((bit) => flags & (1 << bit)).map((bit) => FLAGS[bit]!)
    const window = p.view.getUint16(at + 14)
    const shown = windowShift > 0 && !(flags & 2) ? window * 2 ** windowShift : window
    const header = headerLength(p, at, end)
    let text = signs.map((sign) => `[${sign}] `).join('')
    text += `${p.view.getUint16(at)} → ${p.view.getUint16(at + 2)} [${names.length > 0 ? names.join(', ') : '<None>'}] Seq=${seq}`
    if (flags & 16) text += ` Ack=${ack}`
    text += ` Win=${shown} Len=${header < 20 ? 0 : Math.max(0, p.payloadStated)}`
    const values: readonly [string, FieldValue | undefined][] = [
      [' MSS=', optionValue(2, 2)(p, at, end)],
      [' WS=', scale(optionValue(3, 1)(p, at, end))],
    ]
    for (const [name, value] of values) if (value !== undefined) text += `${name}${String(value)}`
    if (option(p, at, end, 4) >= 0) text += ' SACK_PERM'
    const stamp = optionValue(8, 4)(p, at, end)
    if (stamp !== undefined) text += ` TSval=${String(stamp)} TSecr=${String(optionValue(8, 4, 4)(p, at, end) ?? 0)}`
    return text
  },
  examples: [
    {
      name: 'a SYN with options',
      packet: {
        link: 228,
        hex: '4500002c 00010000 40060000 c0000201 c0000202 c350 0050 00000064 00000000 6002 fc00 0000 0000 020405b4',
      },
      expect: {
        stack: 'ip:tcp',
        line: '50000 → 80 [SYN] Seq=0 Win=64512 Len=0 MSS=1460',
        facts: { 'tcp.flags': 2, 'tcp.options.mss_val': 1460 },
      },
    },
  ],
})
const scale = (shift: FieldValue | undefined): number | undefined =>
  typeof shift === 'number' ? 2 ** Math.min(14, shift) : undefined
