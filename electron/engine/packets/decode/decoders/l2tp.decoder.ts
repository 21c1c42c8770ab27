import { defineDecoder } from '../define.ts'
import { TABLE } from '../dispatch.ts'
import { bits } from '../fields.ts'

export default defineDecoder({
  id: 'l2tp',
  title: 'L2TP',
  spec: 'https://www.rfc-editor.org/rfc/rfc2661',
  doc: 'Version 2: PPP in UDP. Control messages are named only; version 3 too.',
  on: [{ table: 'udpPort', keys: [1701] }],
  fields: [bits('l2tp.type', 'Control message', 0, 2, 0x8000), bits('l2tp.version', 'Version', 1, 1, 0x0f)],
  header(p) {
    if (!p.has(6)) return
    const flags = p.view.getUint16(p.at)
    if ((flags & 15) !== 2 || flags & 0x8000) {
      p.at = p.end
      return
    }
    let length = 6
    if (flags & 0x4000) length += 2
    if (flags & 0x0800) length += 4
    if (flags & 0x0200) {
      if (!p.has(length + 2)) return
      length += 2 + p.view.getUint16(p.at + length)
    }
    if (!p.has(length)) return
    p.at += length
    if (p.at < p.end) p.goTo(TABLE.link, 9)
  },
  line: (p, at, end) => (at < end && p.data[at]! & 0x80 ? 'Control Message' : 'Data Message'),
  examples: [
    {
      name: 'IPv4 in PPP',
      packet: {
        link: 228,
        hex: '4500003e 00010000 40110000 c0000201 c0000202 06a5 06a5 002a 0000 0002 0001 0002 ff03 0021 45000018 00010000 40fd0000 c6336401 c6336402 01020304',
      },
      expect: { stack: 'ip:udp:l2tp:ppp:ip:data', facts: { 'l2tp.type': 0, 'l2tp.version': 2 } },
    },
  ],
})
