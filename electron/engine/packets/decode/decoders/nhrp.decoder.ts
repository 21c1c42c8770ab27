import { defineDecoder } from '../define.ts'
import { TABLE } from '../dispatch.ts'
import { u8 } from '../fields.ts'
import { OTHER } from '../other.ts'

const WORDS = [
  '', 'NHRP Resolution Request', 'NHRP Resolution Reply', 'NHRP Registration Request', 'NHRP Registration Reply', 'NHRP Purge Request',
  'NHRP Purge Reply', 'NHRP Error Indication', 'NHRP Traffic Indication',
] as const // prettier-ignore
/** The fixed part, and the part of indications before their addresses. */
const FIXED = 20
const INDICATION = 8

export default defineDecoder({
  id: 'nhrp',
  title: 'NHRP',
  spec: 'https://www.rfc-editor.org/rfc/rfc2332',
  doc: 'Where the other end of a tunnel is: kind of message. The packet that an indication quotes is read as layers of its own.',
  on: [
    { table: 'other', keys: [OTHER.nhrp] },
    { table: 'ip', keys: [54] },
  ],
  fields: [u8('nhrp.hdr.op.type', 'Kind of message', 17)],
  header(p) {
    if (!p.has(FIXED)) return
    const { data, at, view } = p
    const kind = data[at + 17]!
    if (kind !== 7 && kind !== 8) {
      p.at = p.end
      return
    }
    if (!p.has(FIXED + INDICATION)) return
    const addresses = (data[at + 18]! & 63) + (data[at + 19]! & 63) + data[at + 20]! + data[at + 21]!
    if (!p.has(FIXED + INDICATION + addresses)) return
    p.at += FIXED + INDICATION + addresses
    p.quote()
    if (p.at < p.end) p.goTo(TABLE.etherType, view.getUint16(at + 2))
  },
  line: (p, at, end) => (at + 17 < end ? WORDS[p.data[at + 17]!] : undefined) || 'NHRP',
  examples: [
    {
      name: 'a request',
      packet: {
        link: 228,
        hex: '45000034 00010000 402f0000 c0000201 c0000202 0000 2001 0001 0800 0000000000 ff 001c 0000 0000 01 03 04 00 00000000',
      },
      expect: { stack: 'ip:gre:nhrp', line: 'NHRP Registration Request' },
    },
    {
      name: 'an indication that quotes a packet',
      packet: {
        link: 228,
        hex: '45000058 00010000 402f0000 c0000201 c0000202 0000 2001 0001 0800 0000000000 ff 0040 0000 0000 01 08 04 00 04 04 0000 0000 0000 c0000201 c6336401 c6336402 45000018 00010000 40fd0000 c6336402 c6336403 01020304',
      },
      expect: { stack: 'ip:gre:nhrp:ip:data', line: 'NHRP Traffic Indication' },
    },
  ],
})
