import { defineDecoder } from '../define.ts'
import { TABLE } from '../dispatch.ts'

export default defineDecoder({
  id: 'teredo',
  title: 'Teredo',
  spec: 'https://www.rfc-editor.org/rfc/rfc4380',
  doc: 'IPv6 in UDP, behind an authentication header or one that says where the packet came from.',
  on: [{ table: 'udpPort', keys: [3544] }],
  fields: [],
  header(p) {
    if (!p.has(2)) return
    if (p.view.getUint16(p.at) === 1) {
      if (!p.has(4)) return
      const length = 13 + p.data[p.at + 2]! + p.data[p.at + 3]!
      if (!p.has(length)) return
      p.at += length
    }
    if (p.at + 8 <= p.end && p.view.getUint16(p.at) === 0) p.at += 8
    if (p.at >= p.end || p.data[p.at]! >> 4 !== 6) return p.refuse()
    p.goTo(TABLE.etherType, 0x86dd)
  },
  line: () => 'Teredo IPv6 over UDP tunneling',
  examples: [
    {
      name: 'a bubble behind an origin',
      packet: {
        link: 228,
        hex: '4500004c 00010000 40110000 c0000201 c0000202 0dd8 c350 0038 0000 0000 3caf 3fff fdfe 60000000 0000 3b 40 20010db8000000000000000000000001 20010db8000000000000000000000002',
      },
      expect: { stack: 'ip:udp:teredo:ipv6', line: 'IPv6 no next header', facts: { 'ipv6.src': '2001:db8::1' } },
    },
  ],
})
