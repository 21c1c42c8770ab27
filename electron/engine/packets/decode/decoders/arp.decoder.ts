import { defineDecoder, type DecoderField } from '../define.ts'
import { readUint, u16, u8 } from '../fields.ts'
import { ether, hex, ipv4 } from '../text.ts'
import type { Packet } from '../packet.ts'

const WORDS: Readonly<Record<number, string>> = {
  3: 'RARP request',
  4: 'RARP reply',
  8: 'Inverse ARP request',
  9: 'Inverse ARP reply',
}

/** Where an address stands: lengths of addresses are the packet's own. -1 where it is of another length. */
function place(p: Packet, at: number, end: number, target: boolean, protocol: boolean): number {
  if (at + 8 > end) return -1
  const [hardware, network] = [p.data[at + 4]!, p.data[at + 5]!]
  if (protocol ? network !== 4 || p.view.getUint16(at + 2) !== 0x0800 : hardware !== 6) return -1
  const from = at + 8 + (target ? hardware + network : 0) + (protocol ? hardware : 0)
  return from + (protocol ? 4 : 6) > end ? -1 : from
}
const network = (name: string, doc: string, target: boolean): DecoderField => ({
  name,
  type: 'ipv4',
  doc,
  place: [target ? 24 : 14, 4],
  read(p, at, end) {
    const from = place(p, at, end, target, true)
    return from < 0 ? undefined : p.view.getUint32(from)
  },
})
const hardware = (name: string, doc: string, target: boolean): DecoderField => ({
  name,
  type: 'ether',
  doc,
  place: [target ? 18 : 8, 6],
  read(p, at, end) {
    const from = place(p, at, end, target, false)
    return from < 0 ? undefined : p.data.subarray(from, from + 6)
  },
})

/** The sender's hardware address: of Ethernet's form, or the bytes it has. */
const station = (p: Packet, at: number): string =>
  p.data[at + 4] === 6 ? ether(p.data, at + 8) : hex(p.data, at + 8, at + 8 + p.data[at + 4]!)

export default defineDecoder({
  id: 'arp',
  title: 'ARP',
  spec: 'https://www.rfc-editor.org/rfc/rfc826',
  doc: 'Requests and replies for addresses, RARP and inverse ARP too.',
  on: [{ table: 'etherType', keys: [0x0806, 0x8035] }],
  fields: [
    u16('arp.hw.type', 'Kind of hardware', 0),
    u16('arp.proto.type', 'Kind of protocol', 2),
    u8('arp.hw.size', 'Length of hardware addresses', 4),
    u8('arp.proto.size', 'Length of protocol addresses', 5),
    u16('arp.opcode', 'Operation', 6),
    hardware('arp.src.hw_mac', 'Sender’s hardware address', false),
    network('arp.src.proto_ipv4', 'Sender’s address', false),
    hardware('arp.dst.hw_mac', 'Target’s hardware address', true),
    network('arp.dst.proto_ipv4', 'Target’s address', true),
    {
      name: 'arp.isgratuitous',
      type: 'bool',
      doc: 'Sender and target are the same',
      read(p, at, end) {
        const [sender, target] = [place(p, at, end, false, true), place(p, at, end, true, true)]
        // As in Wireshark: it is there where it is true.
        return sender >= 0 && target >= 0 && p.view.getUint32(sender) === p.view.getUint32(target) ? true : undefined
      },
    },
  ],
  header(p) {
    if (!p.has(8)) return
    const { data, at } = p
    const length = 8 + 2 * (data[at + 4]! + data[at + 5]!)
    if (p.has(length)) p.at += length
  },
  line(p, at, end) {
    const operation = readUint(6, 2)(p, at, end)
    const [sender, target] = [place(p, at, end, false, true), place(p, at, end, true, true)]
    if (operation === undefined || sender < 0 || target < 0)
      return operation === undefined ? 'ARP' : (WORDS[operation] ?? `ARP operation ${operation}`)
    const from = ipv4(p.view.getUint32(sender))
    const to = ipv4(p.view.getUint32(target))
    const same = from === to
    if (operation === 1) {
      if (!same) return from === '0.0.0.0' ? `Who has ${to}? (ARP Probe)` : `Who has ${to}? Tell ${from}`
      const asks = place(p, at, end, true, false)
      const nobody = asks >= 0 && p.data.subarray(asks, asks + 6).every((byte) => byte === 0)
      return nobody ? `ARP Announcement for ${to}` : `Gratuitous ARP for ${to} (Request)`
    }
    if (operation === 2) return same ? `Gratuitous ARP for ${from} (Reply)` : `${from} is at ${station(p, at)}`
    return WORDS[operation] ?? `ARP operation ${operation}`
  },
  examples: [
    {
      name: 'a request',
      packet: {
        link: 1,
        hex: 'ffffffffffff 020000000002 0806 0001 0800 06 04 0001 020000000002 c0000202 000000000000 c0000201',
      },
      expect: {
        stack: 'eth:ethertype:arp',
        line: 'Who has 192.0.2.1? Tell 192.0.2.2',
        facts: { 'arp.opcode': 1, 'arp.src.proto_ipv4': '192.0.2.2', 'arp.dst.proto_ipv4': '192.0.2.1' },
      },
    },
    {
      name: 'a reply',
      packet: {
        link: 1,
        hex: '020000000002 020000000001 0806 0001 0800 06 04 0002 020000000001 c0000201 020000000002 c0000202',
      },
      expect: { stack: 'eth:ethertype:arp', line: '192.0.2.1 is at 02:00:00:00:00:01' },
    },
  ],
})
