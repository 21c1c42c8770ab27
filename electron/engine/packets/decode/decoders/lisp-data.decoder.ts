import { defineDecoder } from '../define.ts'
import { TABLE } from '../dispatch.ts'
import { u8 } from '../fields.ts'

export default defineDecoder({
  id: 'lisp-data',
  title: 'LISP',
  spec: 'https://www.rfc-editor.org/rfc/rfc9300',
  doc: 'Packets between locators: the header is passed over, the packet inside is read.',
  on: [{ table: 'udpPort', keys: [4341] }],
  fields: [u8('lisp-data.flags', 'Flags', 0)],
  header(p) {
    if (!p.has(8)) return
    p.at += 8
    if (p.at >= p.end) return
    const version = p.data[p.at]! >> 4
    p.goTo(TABLE.etherType, version === 4 ? 0x0800 : version === 6 ? 0x86dd : -1)
  },
  line: () => 'LISP encapsulated packet',
  examples: [
    {
      name: 'IPv4',
      packet: {
        link: 228,
        hex: '4500003c 00010000 40110000 c0000201 c0000202 c350 10f5 0028 0000 80000000 00000001 45000018 00010000 40fd0000 c6336401 c6336402 01020304',
      },
      expect: { stack: 'ip:udp:lisp-data:ip:data' },
    },
  ],
})
