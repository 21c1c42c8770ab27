import { printable } from '../bytes-text.ts'
import { defineDecoder, type Facts, type Message } from '../define.ts'
import { ether } from '../text.ts'

const KINDS: readonly string[] = [
  '',
  'Discover',
  'Offer',
  'Request',
  'Decline',
  'ACK',
  'NAK',
  'Release',
  'Inform',
  'Force Renew',
  'Lease query',
  'Lease Unassigned',
  'Lease Unknown',
  'Lease Active',
  'Bulk Lease Query',
  'Lease Query Done',
]
const COOKIE = 0x6382_5363
const FIXED = 236
const MOST_OPTIONS = 512

/** Options that are a field: number, field, and what they hold. */
const OPTIONS: Readonly<Record<number, readonly [field: string, type: 'address' | 'text' | 'number' | 'byte']>> = {
  1: ['dhcp.option.subnet_mask', 'address'],
  3: ['dhcp.option.router', 'address'],
  6: ['dhcp.option.domain_name_server', 'address'],
  12: ['dhcp.option.hostname', 'text'],
  15: ['dhcp.option.domain_name', 'text'],
  50: ['dhcp.option.requested_ip_address', 'address'],
  51: ['dhcp.option.ip_address_lease_time', 'number'],
  53: ['dhcp.option.dhcp', 'byte'],
  54: ['dhcp.option.dhcp_server_id', 'address'],
  60: ['dhcp.option.vendor_class_id', 'text'],
}

function option(m: Message, code: number, at: number, end: number, out: Facts): void {
  const { data, view } = m
  if (code === 55) for (let i = at; i < end; i++) out.fact('dhcp.option.request_list_item', data[i]!, i, 1)
  // The client's id is an address of its hardware, as a rule.
  if (code === 61 && end - at === 7 && data[at] === 1) out.fact('dhcp.hw.mac_addr', data.subarray(at + 1, at + 7), at + 1, 6)
  if (code === 81 && end - at > 3) out.fact('dhcp.fqdn.name', printable(data, at + 3, end), at + 3, end - at - 3)
  const known = OPTIONS[code]
  if (known === undefined) return
  const [field, type] = known
  if (type === 'text') {
    let last = end
    while (last > at && data[last - 1] === 0) last--
    out.fact(field, printable(data, at, last), at, end - at)
  } else if (type === 'byte') {
    if (at < end) out.fact(field, data[at]!, at, 1)
  } else for (let i = at; i + 4 <= end; i += 4) out.fact(field, view.getUint32(i), i, 4)
}

export default defineDecoder({
  id: 'dhcp',
  title: 'DHCP',
  spec: 'https://www.rfc-editor.org/rfc/rfc2131',
  doc: 'BOOTP and DHCP: addresses, hardware address, kind of message, host names, server, lease and what is asked for. Options in the fields of file and server name are not read.',
  on: [{ table: 'udpPort', keys: [67, 68] }],
  fields: [
    { name: 'dhcp.type', type: 'uint', doc: '1 request, 2 reply' },
    { name: 'dhcp.hw.type', type: 'uint', doc: 'Type of hardware' },
    { name: 'dhcp.hops', type: 'uint', doc: 'Hops' },
    { name: 'dhcp.id', type: 'uint', doc: 'Transaction id' },
    { name: 'dhcp.secs', type: 'uint', doc: 'Seconds since the client began' },
    { name: 'dhcp.flags', type: 'uint', doc: 'Flags' },
    { name: 'dhcp.ip.client', type: 'ipv4', doc: 'Address of the client' },
    { name: 'dhcp.ip.your', type: 'ipv4', doc: 'Address that the client is given' },
    { name: 'dhcp.ip.server', type: 'ipv4', doc: 'Next server' },
    { name: 'dhcp.ip.relay', type: 'ipv4', doc: 'Relay' },
    { name: 'dhcp.hw.mac_addr', type: 'ether', doc: 'Hardware address of the client' },
    { name: 'dhcp.server', type: 'text', doc: 'Name of the server' },
    { name: 'dhcp.file', type: 'text', doc: 'File to boot from' },
    { name: 'dhcp.option.type', type: 'uint', doc: 'Numbers of the options' },
    { name: 'dhcp.option.request_list_item', type: 'uint', doc: 'Options that are asked for' },
    { name: 'dhcp.fqdn.name', type: 'text', doc: 'Full name of the client' },
    { name: 'dhcp.option.subnet_mask', type: 'ipv4', doc: 'Subnet mask' },
    { name: 'dhcp.option.router', type: 'ipv4', doc: 'Routers' },
    { name: 'dhcp.option.domain_name_server', type: 'ipv4', doc: 'Name servers' },
    { name: 'dhcp.option.hostname', type: 'text', doc: 'Host name' },
    { name: 'dhcp.option.domain_name', type: 'text', doc: 'Domain' },
    { name: 'dhcp.option.requested_ip_address', type: 'ipv4', doc: 'Address that is asked for' },
    { name: 'dhcp.option.ip_address_lease_time', type: 'uint', doc: 'Lease, seconds' },
    { name: 'dhcp.option.dhcp', type: 'uint', doc: 'Kind of message' },
    { name: 'dhcp.option.dhcp_server_id', type: 'ipv4', doc: 'Server' },
    { name: 'dhcp.option.vendor_class_id', type: 'text', doc: 'Vendor class' },
  ],
  message(m, _, out) {
    const { data, view, from, to } = m
    const cut = m.to - m.from < m.length
    if (from + 34 > to) {
      if (!cut) out.malformed()
      else out.protocol('BOOTP')
      return
    }
    const type = data[from]!
    const hardware = data[from + 1]!
    const id = view.getUint32(from + 4)
    out.fact('dhcp.type', type, from, 1)
    out.fact('dhcp.hw.type', hardware, from + 1, 1)
    out.fact('dhcp.hops', data[from + 3]!, from + 3, 1)
    out.fact('dhcp.id', id, from + 4, 4)
    out.fact('dhcp.secs', view.getUint16(from + 8), from + 8, 2)
    out.fact('dhcp.flags', view.getUint16(from + 10), from + 10, 2)
    for (const [i, field] of (['dhcp.ip.client', 'dhcp.ip.your', 'dhcp.ip.server', 'dhcp.ip.relay'] as const).entries())
      out.fact(field, view.getUint32(from + 12 + 4 * i), from + 12 + 4 * i, 4)
    if (data[from + 2] === 6) out.fact('dhcp.hw.mac_addr', data.subarray(from + 28, from + 34), from + 28, 6)
    for (const [field, offset, most] of [
      ['dhcp.server', 44, 64],
      ['dhcp.file', 108, 128],
    ] as const) {
      let end = from + offset
      while (end < Math.min(to, from + offset + most) && data[end] !== 0) end++
      if (end > from + offset) out.fact(field, printable(data, from + offset, end), from + offset, end - from - offset)
    }
    let kind = 0
    let at = from + FIXED
    const options = at + 4 <= to && view.getUint32(at) === COOKIE
    at += 4
    for (let left = options ? MOST_OPTIONS : 0; left > 0 && at < to; left--) {
      const code = data[at]!
      if (code === 0) {
        at++
        continue
      }
      out.fact('dhcp.option.type', code === 255 ? 0 : code, at, 1)
      if (code === 255) break
      const length = at + 1 < to ? data[at + 1]! : 0
      const end = at + 2 + length
      if (end > to) {
        if (!cut) out.malformed()
        break
      }
      if (code === 53 && length > 0) kind = data[at + 2]!
      option(m, code, at + 2, end, out)
      at = end
    }
    if (kind > 0) {
      out.line(`DHCP ${(KINDS[kind] ?? `Message type ${kind}`).padEnd(8)} - Transaction ID 0x${id.toString(16)}`)
      return
    }
    out.protocol('BOOTP')
    out.line(type === 1 ? `Boot Request from ${ether(data, from + 28)}` : 'Boot Reply')
  },
  examples: [
    {
      name: 'a discovery',
      messages: {
        transport: 'udp',
        port: 67,
        sent: [
          {
            by: 0,
            hex: `01 01 06 00 0000c0de 0001 0000 ${'00000000'.repeat(4)} 020000000001 ${'00'.repeat(10)} ${'00'.repeat(192)}
              63825363 350101 0c0464657334 37020103 ff`,
          },
        ],
      },
      expect: {
        stack: 'dhcp',
        line: 'DHCP Discover - Transaction ID 0xc0de',
        facts: {
          'dhcp.option.dhcp': 1,
          'dhcp.option.hostname': 'des4',
          'dhcp.hw.mac_addr': '02:00:00:00:00:01',
          'dhcp.option.type': [53, 12, 55, 0],
        },
      },
    },
  ],
})
