import { defineDecoder } from '../define.ts'
import { TABLE } from '../dispatch.ts'
import { bits, u24, u8 } from '../fields.ts'

const INSIDE: readonly number[] = [-1, 0x0800, 0x86dd, 0x6558, 0x894f, 0x8847]

export default defineDecoder({
  id: 'nsh',
  title: 'NSH',
  spec: 'https://www.rfc-editor.org/rfc/rfc8300',
  doc: 'A chain of services that a packet goes through: path, place on it, and the packet inside.',
  on: [{ table: 'etherType', keys: [0x894f] }],
  fields: [
    bits('nsh.length', 'Length, units of 4 bytes', 0, 2, 0x3f),
    u8('nsh.nextproto', 'Next protocol', 3),
    u24('nsh.spi', 'Path', 4),
    u8('nsh.si', 'Place on the path', 7),
  ],
  header(p) {
    if (!p.has(8)) return
    const length = (p.data[p.at + 1]! & 0x3f) * 4
    const next = p.data[p.at + 3]!
    if (length < 8) {
      p.malformed = true
      return
    }
    if (!p.has(length)) return
    p.at += length
    if (p.at < p.end) p.goTo(TABLE.etherType, INSIDE[next] ?? -1)
  },
  line: (p, at, end) => (at + 2 > end ? 'NSH' : `NSH MD-type ${p.data[at + 2]! & 15}`),
  examples: [
    {
      name: 'IPv4',
      packet: {
        link: 1,
        hex: '020000000001 020000000002 894f 0f c2 02 01 000007 ff 45000018 00010000 40fd0000 c0000201 c0000202 01020304',
      },
      expect: { stack: 'eth:ethertype:nsh:ip:data', facts: { 'nsh.spi': 7, 'nsh.si': 255 } },
    },
  ],
})
