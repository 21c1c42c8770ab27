import { defineDecoder } from '../define.ts'
import { TABLE } from '../dispatch.ts'

const MAGIC = 0x4d4743

export default defineDecoder({
  id: 'juniper',
  title: 'Juniper',
  spec: 'https://www.tcpdump.org/linktypes.html',
  doc: 'What Juniper’s routers put before an Ethernet frame. Of their other link types the name only.',
  on: [{ table: 'link', keys: [178] }],
  fields: [],
  header(p) {
    if (!p.has(4)) return
    if (p.view.getUint32(p.at) >>> 8 !== MAGIC) {
      p.malformed = true
      return
    }
    const flags = p.data[p.at + 3]!
    p.at += 4
    if (flags & 0x80) {
      if (!p.has(2)) return
      p.at += 2 + p.view.getUint16(p.at)
    }
    // Without the frame's own header there is nothing that says what follows.
    if (flags & 2) p.next = p.dispatch.data
    else p.goTo(TABLE.link, 1)
  },
  line: () => 'Juniper',
  examples: [
    {
      name: 'a frame behind extensions',
      packet: { link: 178, hex: '4d4743 80 0002 0102 020000000001 020000000002 88b5 01020304' },
      expect: { stack: 'juniper:eth:ethertype:data' },
    },
  ],
})
