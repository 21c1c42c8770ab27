import { defineDecoder } from '../define.ts'
import { TABLE } from '../dispatch.ts'

export default defineDecoder({
  id: 'raw',
  title: 'Raw IP',
  spec: 'https://www.tcpdump.org/linktypes.html',
  doc: 'No link header: IPv4 or IPv6 by the first four bits.',
  on: [{ table: 'link', keys: [12, 14, 101] }],
  fields: [],
  header(p) {
    if (!p.has(1)) return
    const version = p.data[p.at]! >> 4
    if (version === 4) p.goTo(TABLE.etherType, 0x0800)
    else if (version === 6) p.goTo(TABLE.etherType, 0x86dd)
    else p.next = p.dispatch.data
  },
  line: () => 'Raw packet data',
  examples: [
    {
      name: 'IPv4',
      packet: { link: 101, hex: '45000018 00010000 40fd0000 c0000201 c0000202 01020304' },
      expect: { stack: 'raw:ip:data' },
    },
    { name: 'neither', packet: { link: 101, hex: '15000018' }, expect: { stack: 'raw:data' } },
  ],
})
