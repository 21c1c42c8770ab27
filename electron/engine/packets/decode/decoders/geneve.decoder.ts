import { defineDecoder } from '../define.ts'
import { TABLE } from '../dispatch.ts'
import { bits, flag, u16, u24 } from '../fields.ts'

export default defineDecoder({
  id: 'geneve',
  title: 'Geneve',
  spec: 'https://www.rfc-editor.org/rfc/rfc8926',
  doc: 'Tunnels of data centres: network id and what is inside; options are passed over.',
  on: [{ table: 'udpPort', keys: [6081] }],
  fields: [
    bits('geneve.version', 'Version', 0, 1, 0xc0),
    flag('geneve.flags.oam', 'Control', 1, 0x80),
    flag('geneve.flags.critical', 'Critical options', 1, 0x40),
    u16('geneve.proto_type', 'Protocol', 2),
    u24('geneve.vni', 'Network', 4),
  ],
  header(p) {
    if (!p.has(8)) return
    const { data, at, view } = p
    const length = 8 + (data[at]! & 63) * 4
    const protocol = view.getUint16(at + 2)
    if (!p.has(length)) return
    p.at += length
    if (p.at < p.end) p.goTo(TABLE.etherType, protocol)
  },
  line: (p, at, end) => (at + 7 > end ? 'Geneve' : `VNI ${(p.data[at + 4]! << 16) | (p.data[at + 5]! << 8) | p.data[at + 6]!}`),
  examples: [
    {
      name: 'a frame, behind an option',
      packet: {
        link: 228,
        hex: '4500003a 00010000 40110000 c0000201 c0000202 c350 17c1 0026 0000 01 00 6558 000007 00 00010100 020000000001 020000000002 88b5 01020304',
      },
      expect: { stack: 'ip:udp:geneve:eth:ethertype:data', facts: { 'geneve.vni': 7, 'geneve.proto_type': 0x6558 } },
    },
  ],
})
