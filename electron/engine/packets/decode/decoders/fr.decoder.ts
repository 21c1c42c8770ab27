import { defineDecoder, type FieldValue } from '../define.ts'
import { TABLE } from '../dispatch.ts'
import type { Packet } from '../packet.ts'

/** Bytes of the address: each but the last has its lowest bit clear. 0 where it does not end within four. */
function addressLength(p: Packet, at: number, end: number): number {
  for (let i = 0; i < 4 && at + i < end; i++) if (p.data[at + i]! & 1) return i + 1
  return 0
}

export default defineDecoder({
  id: 'fr',
  title: 'FR',
  spec: 'https://www.rfc-editor.org/rfc/rfc2427',
  doc: 'Frame relay with multiprotocol headers (NLPID, SNAP), and Cisco’s form with an Ethernet type.',
  on: [{ table: 'link', keys: [107] }],
  fields: [
    {
      name: 'fr.dlci',
      type: 'uint',
      doc: 'Circuit',
      read: (p, at, end): FieldValue | undefined =>
        addressLength(p, at, end) === 2 ? ((p.data[at]! >> 2) << 4) | (p.data[at + 1]! >> 4) : undefined,
    },
  ],
  header(p) {
    const length = addressLength(p, p.at, p.end)
    if (length < 2) {
      p.malformed = true
      return
    }
    if (!p.has(length + 2)) return
    p.at += length
    if (p.data[p.at] !== 0x03) {
      // Cisco's: an Ethernet type at once.
      const type = p.view.getUint16(p.at)
      p.at += 2
      p.goTo(TABLE.etherType, type)
      return
    }
    p.at++
    if (p.data[p.at] === 0 && p.at + 1 < p.end) p.at++
    const protocol = p.data[p.at]!
    p.at++
    if (protocol === 0xcc) p.goTo(TABLE.etherType, 0x0800)
    else if (protocol === 0x8e) p.goTo(TABLE.etherType, 0x86dd)
    else if (protocol === 0xcf) p.goTo(TABLE.link, 9)
    else if (protocol === 0x80 && p.has(5)) {
      const type = p.view.getUint16(p.at + 3)
      const bridged = p.data[p.at + 1] === 0x80
      p.at += 5
      if (bridged) p.goTo(TABLE.link, 1)
      else p.goTo(TABLE.etherType, type)
    } else if (protocol === 0x81 || protocol === 0x82 || protocol === 0x83) {
      p.at--
      p.goTo(TABLE.llc, 0xfe)
    } else p.next = p.dispatch.data
  },
  line: () => 'Frame Relay',
  examples: [
    {
      name: 'IPv4',
      packet: { link: 107, hex: '1841 03 cc 45000018 00010000 40fd0000 c0000201 c0000202 01020304' },
      expect: { stack: 'fr:ip:data', facts: { 'fr.dlci': 100 } },
    },
  ],
})
