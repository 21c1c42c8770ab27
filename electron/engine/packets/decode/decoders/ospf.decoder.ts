import { namedDecoder } from '../named.ts'
import { ipv4Address, u16, u8 } from '../fields.ts'

export default namedDecoder({
  id: 'ospf',
  title: 'OSPF',
  spec: 'https://www.rfc-editor.org/rfc/rfc2328',
  doc: 'Routing: version and kind of message.',
  on: [{ table: 'ip', keys: [89] }],
  fields: [
    u8('ospf.version', 'Version', 0),
    u8('ospf.msg', 'Kind of message', 1),
    u16('ospf.packet_length', 'Length', 2),
    ipv4Address('ospf.srcrouter', 'Sender', 4),
  ],
  line: (p, at, end) =>
    at + 1 < end
      ? (['', 'Hello Packet', 'DB Description', 'LS Request', 'LS Update', 'LS Acknowledge'][p.data[at + 1]!] ?? 'OSPF')
      : 'OSPF',
  examples: [
    {
      name: 'a message',
      packet: { link: 228, hex: '45000018 00010000 40590000 c0000201 e0000005 0201002c' },
      expect: { stack: 'ip:ospf', line: 'Hello Packet' },
    },
  ],
})
