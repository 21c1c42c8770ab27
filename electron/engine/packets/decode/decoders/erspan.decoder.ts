import { defineDecoder } from '../define.ts'
import { TABLE } from '../dispatch.ts'
import { bits } from '../fields.ts'
import { OTHER } from '../other.ts'

export default defineDecoder({
  id: 'erspan',
  title: 'ERSPAN',
  spec: 'https://datatracker.ietf.org/doc/html/draft-foschiano-erspan',
  doc: 'Mirrored frames: version, VLAN, session, and the frame inside. Type I has no header and is read as a frame.',
  on: [{ table: 'other', keys: [OTHER.erspan] }],
  fields: [
    bits('erspan.version', 'Version', 0, 1, 0xf0),
    bits('erspan.vlan', 'VLAN', 0, 2, 0x0fff),
    bits('erspan.spanid', 'Session', 2, 2, 0x03ff),
  ],
  header(p) {
    if (!p.has(8)) return
    const version = p.data[p.at]! >> 4
    if (version === 1) p.at += 8
    else if (version === 2) {
      if (!p.has(12)) return
      // The last bit says that eight bytes more follow.
      const length = p.data[p.at + 11]! & 1 ? 20 : 12
      if (!p.has(length)) return
      p.at += length
    } else if (version !== 0) {
      p.next = p.dispatch.data
      return
    }
    if (p.at < p.end) p.goTo(TABLE.link, 1)
  },
  line: (p, at, end) => (at + 4 > end ? 'ERSPAN' : `Session ${p.view.getUint16(at + 2) & 0x3ff}`),
  examples: [
    {
      name: 'a frame, type II',
      packet: {
        link: 228,
        hex: '45000036 00010000 402f0000 c0000201 c0000202 0000 88be 1005 0007 00000000 020000000001 020000000002 88b5 01020304',
      },
      expect: { stack: 'ip:gre:erspan:eth:ethertype:data', facts: { 'erspan.vlan': 5, 'erspan.spanid': 7 } },
    },
  ],
})
