import { defineDecoder, type Facts, type Message } from '../define.ts'
import { hex, ipv6Bytes } from '../text.ts'

const KINDS: readonly string[] = [
  '',
  'Solicit',
  'Advertise',
  'Request',
  'Confirm',
  'Renew',
  'Rebind',
  'Reply',
  'Release',
  'Decline',
  'Reconfigure',
  'Information-request',
  'Relay-forw',
  'Relay-reply',
  'Leasequery',
  'Leasequery-reply',
  'Leasequery-done',
  'Leasequery-data',
]
const MOST_OPTIONS = 256
const MOST_DEPTH = 8

/** What the line says of the options. */
interface Shown {
  client: string
  addresses: string
  relayed: string
}

function options(m: Message, from: number, to: number, depth: number, shown: Shown, out: Facts): boolean {
  const { data, view } = m
  let at = from
  for (let i = 0; i < MOST_OPTIONS && at + 4 <= to; i++) {
    const type = view.getUint16(at)
    const length = view.getUint16(at + 2)
    const body = at + 4
    const end = body + length
    out.fact('dhcpv6.option.type', type, at, 2)
    if (end > to) return false
    if (type === 1 || type === 2) {
      out.fact('dhcpv6.duid.bytes', data.subarray(body, end), body, length)
      if (type === 1) shown.client ||= hex(data, body, Math.min(end, body + 128))
    } else if (type === 3 || type === 4 || type === 25) {
      const skipped = type === 4 ? 4 : 12
      if (length >= skipped && depth < MOST_DEPTH && !options(m, body + skipped, end, depth + 1, shown, out)) return false
    } else if (type === 5 && length >= 24) {
      out.fact('dhcpv6.iaaddr.ip', data.subarray(body, body + 16), body, 16)
      shown.addresses += ` IAA: ${ipv6Bytes(data, body)}`
    } else if (type === 9 && depth < MOST_DEPTH) {
      shown.relayed = readMessage(m, body, end, depth + 1, out)
    } else if (type === 39 && length > 2) {
      let name = ''
      for (let i = body + 1; i < end && data[i]! > 0 && i + 1 + data[i]! <= end; i += 1 + data[i]!)
        name += (name === '' ? '' : '.') + String.fromCharCode(...data.subarray(i + 1, i + 1 + data[i]!))
      out.fact('dhcpv6.client_domain', name, body + 1, length - 1)
    }
    at = end
  }
  return true
}

function readMessage(m: Message, from: number, to: number, depth: number, out: Facts): string {
  const { data, view } = m
  if (from >= to) return ''
  const type = data[from]!
  const relay = type === 12 || type === 13
  const name = KINDS[type] ?? `Message Type ${type}`
  out.fact('dhcpv6.msgtype', type, from, 1)
  if (from + (relay ? 34 : 4) > to) return name
  const shown: Shown = { client: '', addresses: '', relayed: '' }
  let line = name
  if (relay) {
    out.fact('dhcpv6.linkaddr', data.subarray(from + 2, from + 18), from + 2, 16)
    out.fact('dhcpv6.peeraddr', data.subarray(from + 18, from + 34), from + 18, 16)
    line += ` L: ${ipv6Bytes(data, from + 2)}`
  } else {
    const id = view.getUint32(from) & 0xffffff
    out.fact('dhcpv6.xid', id, from + 1, 3)
    line += ` XID: 0x${id.toString(16)}`
  }
  if (!options(m, from + (relay ? 34 : 4), to, depth, shown, out) && m.to - m.from >= m.length) out.malformed()
  if (shown.client !== '') line += ` CID: ${shown.client}`
  return line + shown.addresses + (shown.relayed === '' ? '' : ` ${shown.relayed}`)
}

export default defineDecoder({
  id: 'dhcpv6',
  title: 'DHCPv6',
  spec: 'https://www.rfc-editor.org/rfc/rfc8415',
  doc: 'Kind of message, clients and servers by their DUID, addresses that are given, and what relays carry.',
  on: [{ table: 'udpPort', keys: [546, 547] }],
  fields: [
    { name: 'dhcpv6.msgtype', type: 'uint', doc: 'Kind of message' },
    { name: 'dhcpv6.xid', type: 'uint', doc: 'Transaction id' },
    { name: 'dhcpv6.linkaddr', type: 'ipv6', doc: 'Link of a relay' },
    { name: 'dhcpv6.peeraddr', type: 'ipv6', doc: 'Peer of a relay' },
    { name: 'dhcpv6.option.type', type: 'uint', doc: 'Numbers of the options' },
    { name: 'dhcpv6.duid.bytes', type: 'bytes', doc: 'DUID of client or server' },
    { name: 'dhcpv6.iaaddr.ip', type: 'ipv6', doc: 'Address that is given' },
    { name: 'dhcpv6.client_domain', type: 'text', doc: 'Full name of the client' },
  ],
  message(m, _, out) {
    if (m.from >= m.to) return out.malformed()
    out.line(readMessage(m, m.from, m.to, 0, out))
  },
  examples: [
    {
      name: 'a client that looks for servers',
      messages: {
        transport: 'udp',
        port: 547,
        sent: [{ by: 0, hex: '01 0a0b0c 0001 000a 00030001020000000001 0008 0002 0000' }],
      },
      expect: {
        stack: 'dhcpv6',
        line: 'Solicit XID: 0xa0b0c CID: 00030001020000000001',
        facts: { 'dhcpv6.msgtype': 1, 'dhcpv6.option.type': [1, 8] },
      },
    },
  ],
})
